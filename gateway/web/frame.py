"""The frame around every request: limits before anything is read, security headers on whatever is answered, and no
error that shows its inside."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect

from gateway.web.answers import API, refusal
from gateway.web.clients import Proxies
from intake.errors import StoreUnavailable

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from gateway.web.backstage import Backstage

log = structlog.get_logger("web")

ENVELOPE = 256 * 1024
"""Octets of a form beside its files' own."""
MEMORY_SHARES = 8
"""How many of the largest requests may be held at once."""
SECONDS = 300.0
SMALL = 64 * 1024
DRAIN_OCTETS, DRAIN_SECONDS = 256 * 1024 * 1024, 20.0
"""How much of a request that is too large is still taken, and thrown away."""
CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}
POSTING = frozenset({"/feedback", "/api/v1/requests"})


class TooLarge(Exception):
    """More octets than the desk takes."""


class Observer(Protocol):
    """Counts what was answered."""

    def answered(self, scope: Scope, status: int, seconds: float) -> None:
        """One request."""


@dataclass(slots=True)
class _Exchange:
    """One request on its way through the frame."""

    status: int = 0
    held: int = 0


class Frame:
    """The outermost ASGI application."""

    def __init__(self, app: ASGIApp, backstage: Backstage, observer: Observer) -> None:
        self._app = app
        self._backstage = backstage
        self._observer = observer
        self._proxies = Proxies(backstage.web.trusted_proxies)
        self._free = MEMORY_SHARES * (backstage.web.max_size + ENVELOPE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        loop = asyncio.get_running_loop()
        began = loop.time()
        exchange = _Exchange()
        self._introduce(scope)
        try:
            async with asyncio.timeout(SECONDS):
                await self._let_in(scope, receive, self._dressed(send, exchange), exchange)
        except ClientDisconnect:
            return
        except Exception as error:
            await self._excused(error, scope, receive, self._dressed(send, exchange), exchange)
        finally:
            self._free += exchange.held
            self._observer.answered(scope, exchange.status or 499, loop.time() - began)

    def _introduce(self, scope: Scope) -> None:
        """Who asks, and the path below the desk's own root."""
        peer = scope["client"][0] if scope.get("client") else ""
        scope["app"] = self._app  # then an unknown path is an exception, not a bare answer
        scope["guest"] = self._proxies.client(peer, scope.get("scheme") == "https", scope["headers"])
        base = self._backstage.base
        if base and (scope["path"] == base or scope["path"].startswith(base + "/")):
            scope["path"] = scope["path"][len(base) :] or "/"

    async def _let_in(self, scope: Scope, receive: Receive, send: Send, exchange: _Exchange) -> None:
        said = Headers(scope=scope).get("content-length", "")
        most = self._most(scope["path"])
        length = int(said) if said.isdecimal() else 0
        if length > most:
            raise TooLarge
        await self._app(scope, self._counted(receive, most, exchange), send)

    def _most(self, path: str) -> int:
        size = self._backstage.web.max_size
        if path.startswith(API):
            return size * 4 // 3 + ENVELOPE
        return size + ENVELOPE if path in POSTING or path.startswith("/t/") else SMALL

    def _counted(self, receive: Receive, most: int, exchange: _Exchange) -> Receive:
        async def counted() -> Message:
            message = await receive()
            octets = len(message.get("body", b""))
            exchange.held += octets
            self._free -= octets
            if exchange.held > most:
                raise TooLarge
            if self._free < 0:
                raise StoreUnavailable("too many uploads at once")
            return message

        return counted

    def _dressed(self, send: Send, exchange: _Exchange) -> Send:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if self._backstage.https:
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
            await send(message)

        return dressed

    async def _excused(self, error: Exception, scope: Scope, receive: Receive, send: Send, exchange: _Exchange) -> None:
        status = {TooLarge: 413, TimeoutError: 408}.get(type(error), 503)
        if status == 503:
            log.error("request not answered", path=scope["path"].split("/")[1][:20], error=type(error).__name__)
        if exchange.status:
            return
        if status == 413 and "expect" not in Headers(scope=scope):
            await _drained(receive)
        # What was not read of the body would be taken for the next request.
        response = refusal(self._backstage, scope["path"], status, {"Connection": "close"})
        await response(scope, receive, send)


async def _drained(receive: Receive) -> None:
    """Let a client finish within limits: hung up on while it sends, it would never see the answer."""
    octets = 0
    with contextlib.suppress(Exception):
        async with asyncio.timeout(DRAIN_SECONDS):
            while octets < DRAIN_OCTETS:
                message = await receive()
                octets += len(message.get("body", b""))
                if not message.get("more_body", False):
                    return
