"""The sections [web] and [web.api] of otklik.toml."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from gateway.settings_sections import Secret, Section
from gateway.settings_values import Line, LinkBase, Network, Port, Size, Whole

PRODUCTS = (
    "Витрина",
    "Заказы",
    "Платежи",
    "Каталог",
    "Кабинет поставщика",
    "Рассылки",
    "Интеграции",
    "Отчёты",
    "Промо",
)


class ApiSettings(Section):
    """The JSON API; without keys nobody can use it."""

    keys_file: str | None = Field(default=None, description="a file with one name:key a line")
    keys: Secret = None

    @model_validator(mode="after")
    def _readable_keys(self) -> ApiSettings:
        for place, line in enumerate((self.keys or "").splitlines(), 1):
            name, colon, key = line.strip().partition(":")
            if line.strip() and not line.lstrip().startswith("#") and not (colon and name.strip() and key.strip()):
                raise ValueError(f"line {place} of the keys is no name:key; write one a line")
        return self

    @property
    def by_name(self) -> dict[str, str]:
        """The keys by the name of who uses them."""
        lines = (line.strip().partition(":") for line in (self.keys or "").splitlines())
        return {name.strip(): key.strip() for name, colon, key in lines if colon and not name.startswith("#")}


class WebSettings(Section):
    """The web form, the licensee's pages and the API."""

    host: Line = Field(default="127.0.0.1", description="the address to listen on")
    port: Port = Field(default=8080, description="0 takes any free one")
    public_url: LinkBase | None = Field(
        default=None, description="how the pages are reached from outside; stands in letters; default http://host:port"
    )
    trusted_proxies: tuple[Network, ...] = Field(
        default=(), description="reverse proxies whose X-Forwarded-For and -Proto are believed"
    )
    max_size: Size = Field(default=25 * 1024**2, description="of one request, its files together")
    posts: Annotated[Whole, Field(ge=1, le=10**6)] = Field(
        default=30, description="forms from one client, and half of that to one address, in ten minutes"
    )
    products: tuple[Line, ...] = Field(default=PRODUCTS, description="what the form proposes; anything can be typed")
    api: ApiSettings = Field(default=ApiSettings(), description="")

    @property
    def links(self) -> str | None:
        """What links in letters begin with; None where nobody can know yet (port 0)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or (f"http://{host}:{self.port}" if self.port else None)
