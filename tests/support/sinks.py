"""Relays that take letters: Postfix's smtp-sink, and aiosmtpd with a script of answers."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.support.ports import free_port, wait_for_port
from tests.support.programs import require, started

HANG_UP = "hang up"
"""In place of an answer: the connection is dropped."""
WAIT = "wait"
"""In place of an answer: none comes until the relay is closed."""


@contextmanager
def smtp_sink(*options: str, port: int | None = None) -> Iterator[int]:
    """smtp-sink with options of its manual; its port."""
    program = require("smtp-sink")
    port = port or free_port()
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    with started([program, *user, *options, f"127.0.0.1:{port}", "100"]):
        wait_for_port(port)
        yield port


@dataclass(frozen=True)
class Taken:
    """A letter whose final dot was seen."""

    mail_from: str
    rcpt_to: tuple[str, ...]
    data: bytes
    answer: str

    @property
    def accepted(self) -> bool:
        """Whether this relay has it, whatever it said."""
        return self.answer.startswith("2") or self.answer == HANG_UP


@dataclass
class Script:
    """What the relay says, and what it saw. ``rcpt`` is asked by address, ``data`` by the envelope."""

    rcpt: Callable[[str], str] = lambda _address: "250 ok"
    data: Callable[[Envelope], str] = lambda _envelope: "250 ok"
    mail: Callable[[str], str] = lambda _address: "250 ok"
    taken: list[Taken] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[str] = field(default_factory=list)

    async def until_taken(self, count: int) -> None:
        """So many letters have come up to their final dot."""
        await self._until(lambda: len(self.taken) >= count)

    async def until_asked(self, address: str) -> None:
        """A RCPT named this address."""
        await self._until(lambda: address in self.asked)

    async def _until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not true():
                self.changed.clear()
                await self.changed.wait()

    async def handle_MAIL(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return await self._say(server, self.mail(address))

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.rcpt(address)
        self.asked.append(address)
        self.changed.set()
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return await self._say(server, answer)

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = self.data(envelope)
        data = envelope.content
        assert isinstance(data, bytes)
        self.taken.append(Taken(envelope.mail_from or "", tuple(envelope.rcpt_tos), data, answer))
        self.changed.set()
        return await self._say(server, answer)

    async def _say(self, server: SMTP, answer: str) -> str:
        if answer == WAIT:
            await self.closing.wait()
            answer = HANG_UP
        if answer == HANG_UP and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        return answer if answer != HANG_UP else "421 gone"

    def login(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        """Take any password but "wrong"."""
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password != b"wrong", handled=False)


@asynccontextmanager
async def scripted_relay(
    script: Script,
    *,
    tls: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    port: int = 0,
    login: bool = False,
) -> AsyncIterator[Script]:
    """An aiosmtpd server in this loop that follows a script."""
    open_lines: list[SMTP] = []

    def factory() -> SMTP:
        script.connections += 1
        line = SMTP(
            script,
            hostname="relay.example",
            tls_context=starttls,
            authenticator=script.login if login else None,
            auth_require_tls=False,
            loop=asyncio.get_running_loop(),
            data_size_limit=None,
        )
        open_lines.append(line)
        return line

    server = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", port, ssl=tls)
    script.port = server.sockets[0].getsockname()[1]
    try:
        yield script
    finally:
        server.close()
        script.closing.set()
        tasks = [line._handler_coroutine for line in open_lines if line._handler_coroutine is not None]
        for task in tasks:
            task.cancel()
        for line in open_lines:
            if isinstance(line.transport, asyncio.WriteTransport):
                line.transport.abort()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
