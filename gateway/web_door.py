"""The web door: uvicorn in the gateway's own loop, started and drained with the other doors."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from gateway.settings import WebSettings
    from gateway.web.backstage import Backstage
    from gateway.web.health import Signs

BACKLOG = 512
CONNECTIONS = 500
PER_ADDRESS = 100
FIRST_REQUEST = 20.0
"""Seconds from connecting to the end of a request's headers."""
KEEP_ALIVE = 10


class Guests:
    """Connections by address, so that one client can't take all of them."""

    def __init__(self, most: int = CONNECTIONS, per_address: int = PER_ADDRESS) -> None:
        self._most = most
        self._per_address = per_address
        self._by_address: Counter[str] = Counter()

    def admit(self, address: str, trusted: bool) -> bool:
        """Let one in. Proxies of ours hold the connections of many people."""
        if self._by_address.total() >= self._most or (not trusted and self._by_address[address] >= self._per_address):
            return False
        self._by_address[address] += 1
        return True

    def leave(self, address: str) -> None:
        """One that was let in has gone."""
        self._by_address[address] -= 1
        if self._by_address[address] <= 0:
            del self._by_address[address]


def protocol(guests: Guests, trusts: Callable[[str], bool]) -> type[H11Protocol]:
    """uvicorn's HTTP/1.1 that counts its guests and does not wait for ever for headers."""

    class GuestProtocol(H11Protocol):
        guest: str | None = None
        waiting: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            address = self.client[0] if self.client else ""
            if not guests.admit(address, trusts(address)):
                transport.abort()
                return
            self.guest = address
            self._wait()

        def connection_lost(self, exc: Exception | None) -> None:
            self._wait_no_more()
            if self.guest is not None:
                guests.leave(self.guest)
                self.guest = None
            super().connection_lost(exc)

        def handle_events(self) -> None:
            before = self.cycle
            super().handle_events()
            if self.cycle is not before:
                self._wait_no_more()

        def data_received(self, data: bytes) -> None:
            idle = self.cycle is None or self.cycle.response_complete  # type: ignore[redundant-expr]  # None at first
            if self.waiting is None and idle:
                self._wait()
            super().data_received(data)

        def _wait(self) -> None:
            self.waiting = self.loop.call_later(FIRST_REQUEST, self.transport.abort)

        def _wait_no_more(self) -> None:
            if self.waiting is not None:
                self.waiting.cancel()
                self.waiting = None

    return GuestProtocol


class WebDoor:
    """Listens on ``settings.host`` and ``port`` (0: any free one) in the running event loop."""

    def __init__(self, backstage: Backstage, signs: Signs) -> None:
        self.settings: WebSettings = backstage.web
        self.port = self.settings.port
        """The port it listens on, known after `start`."""
        self._backstage = backstage
        self._signs = signs
        self._server: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Where the form is."""
        host = f"[{self.settings.host}]" if ":" in self.settings.host else self.settings.host
        return f"{self.settings.public_url or f'http://{host}:{self.port}'}/feedback"

    async def start(self) -> None:
        """Listen. Raises OSError: the address is taken or not ours."""
        from gateway.web.app import web_app

        for name in ("uvicorn.error", "uvicorn.access", "python_multipart.multipart"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # they repeat what strangers say
        listener = await asyncio.to_thread(self._listener)
        self.port = int(listener.getsockname()[1])
        config = self._config(web_app(self._backstage, self._signs))
        config.load()
        self._server = uvicorn.Server(config)
        self._server.lifespan = config.lifespan_class(config)
        # Its own `serve` would take the gateway's signals.
        await self._server.startup(sockets=[listener])
        self._serving = asyncio.create_task(_serve(self._server, listener))

    async def stop(self, grace: float) -> None:
        """Take no new connections, let requests under way end within ``grace`` seconds."""
        server, serving = self._server, self._serving
        if server is not None and serving is not None:
            server.config.timeout_graceful_shutdown = max(1, int(grace))
            server.should_exit = True
            await asyncio.wait([serving], timeout=grace + 1)
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
        self._backstage.threads.shutdown(wait=False, cancel_futures=True)

    def _listener(self) -> socket.socket:
        family, kind, number, _, address = socket.getaddrinfo(
            self.settings.host, self.settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, number)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(BACKLOG)
            listener.setblocking(False)
        except BaseException:
            listener.close()
            raise
        return listener

    def _config(self, app: ASGIApp) -> uvicorn.Config:
        from gateway.web.clients import Proxies

        proxies = Proxies(self.settings.trusted_proxies)
        return uvicorn.Config(
            app,
            http=protocol(Guests(), proxies.trusts),
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            backlog=BACKLOG,
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=1,
        )


async def _serve(server: uvicorn.Server, listener: socket.socket) -> None:
    await server.main_loop()
    await server.shutdown(sockets=[listener])
