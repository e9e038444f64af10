"""What every page and the API work with, and the way off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from urllib.parse import urlsplit

from intake.client_view import hours_words
from intake.pages import Page, Pages, Site

if TYPE_CHECKING:
    from gateway.settings import WebSettings
    from intake.desk import Desk
    from intake.ports import Store
    from intake.regulation import Regulation
    from intake.regulations import Regulations
    from intake.settings import DeskSettings
    from intake.signing import Signer

T = TypeVar("T")
P = ParamSpec("P")
THREADS = 4
MAX_FILES = 20


@dataclass(frozen=True, slots=True)
class Backstage:
    """The desk as the web door sees it. ``wake`` tells the worker that something was kept; for ``patience`` seconds a
    client waits for his ticket, then he is told that the request is kept. Without ``office`` no votes are taken."""

    store: Store
    signer: Signer
    regulations: Regulations
    desk: DeskSettings
    web: WebSettings
    pages: Pages
    clock: Callable[[], datetime]
    wake: Callable[[], None]
    office: Desk | None = None
    patience: float = 5.0
    threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(THREADS, "otklik-web"))

    async def off_loop(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run what blocks on a thread of the web door."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, partial(work, *args, **kwargs))

    @property
    def base(self) -> str:
        """What every path begins with where the desk is not at the root of its host."""
        return urlsplit(self.web.public_url or "").path.rstrip("/")

    @property
    def https(self) -> bool:
        """Whether people reach the desk by https."""
        return (self.web.public_url or "").startswith("https:")

    def regulation(self) -> Regulation:
        """The version in force now. May read the database."""
        return self.regulations.at(self.clock())

    def site(self) -> Site:
        """What all pages say of the desk."""
        hours = hours_words(self.regulation(), self.clock())
        return Site(self.desk.name, self.desk.address, hours, self.base)

    def render(self, page: Page) -> str:
        """A page's HTML."""
        return self.pages.render(page, self.site())

    def ticket_path(self, key: str) -> str:
        """Where the licensee's page of a ticket is, from the root of the host."""
        return f"{self.base}/t/{key.lower()}.{self.signer.token('ticket-page', key)}"
