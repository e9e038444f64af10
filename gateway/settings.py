"""otklik.toml as frozen, typed settings; each field says what it is for."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Port = Annotated[int, Field(ge=0, le=65535)]


class Section(BaseModel):
    """A table of the file: unknown keys are errors, values never change."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SmtpSettings(Section):
    """``[smtp]``: the listener. ``max_size`` in octets; ``trusted_networks`` may deliver more at once."""

    host: str = "127.0.0.1"
    port: Port = 2525
    tls_cert: str | None = None
    tls_key: str | None = None
    max_size: int = 25 * 1024 * 1024
    max_connections: int = 200
    trusted_networks: tuple[str, ...] = ()
    authserv_id: str | None = None


class RelaySettings(Section):
    """``[relay]``: where letters leave. ``password`` is read from ``password_file`` and never printed."""

    host: str
    port: Port = 587
    username: str | None = None
    password: str | None = Field(default=None, repr=False)
    security: Literal["starttls", "tls", "none"] = "starttls"
    envelope_from: str | None = None
    ca_file: str | None = None
