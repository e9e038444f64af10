"""Connections to the relay: opened with TLS and login as configured, kept for a while, checked before they are used."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import ssl
from dataclasses import dataclass, field

import aiosmtplib

from gateway.settings import RelaySettings
from intake.letters.headers import single_line

IDLE_CHECKED = 5.0
"""Seconds after which a kept connection is asked (RSET) whether it still lives."""
IDLE_CLOSED = 30.0
LETTERS_PER_LINE = 100
"""Relays commonly end a connection after some number of letters; we end it first."""
LOST = (aiosmtplib.SMTPException, OSError, TimeoutError)


class RelayAway(Exception):
    """No talking to the relay: no connection, no TLS, no login. The text says why, without secrets."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds: to connect with TLS and login, for an answer to a command, to hand the octets over, for the answer
    to the final dot (RFC 5321 4.5.3.2.6 wants ten minutes)."""

    connect: float = 30.0
    command: float = 60.0
    transfer: float = 300.0
    answer: float = 600.0


@dataclass(eq=False, slots=True)
class Line:
    """One connection. ``used``: letters it has carried; 0 means it is fresh."""

    smtp: aiosmtplib.SMTP
    used: int = 0
    idle_since: float = 0.0


@dataclass(slots=True)
class RelayLines:
    """Opens, keeps and closes connections; TLS is verified, and its absence is an error."""

    settings: RelaySettings
    waits: Waits
    _idle: list[Line] = field(default_factory=list)
    _context: ssl.SSLContext | None = None
    _tidying: asyncio.Task[None] | None = None

    async def take(self, fresh: bool = False) -> Line:
        """A connection that is ready for MAIL. Raises RelayAway."""
        while self._idle and not fresh:
            line = self._idle.pop()
            if await self._alive(line):
                return line
        return Line(await self._open())

    def give_back(self, line: Line) -> None:
        """Keep it for the next letter."""
        line.used += 1
        if not line.smtp.is_connected or line.used >= LETTERS_PER_LINE:
            line.smtp.close()
            return
        line.idle_since = asyncio.get_running_loop().time()
        self._idle.append(line)
        if self._tidying is None or self._tidying.done():
            self._tidying = asyncio.create_task(self._tidy(), name="relay-lines")

    async def close(self) -> None:
        """Say QUIT to those that are kept."""
        if self._tidying is not None:
            self._tidying.cancel()
            await asyncio.gather(self._tidying, return_exceptions=True)
        lines, self._idle = self._idle, []
        await asyncio.gather(*(self._quit(line) for line in lines))

    async def _open(self) -> aiosmtplib.SMTP:
        settings = self.settings
        where = f"{settings.host}:{settings.port}"
        try:
            if settings.security != "none" and self._context is None:
                self._context = await asyncio.to_thread(_tls, settings.ca_file)
            smtp = aiosmtplib.SMTP(
                hostname=settings.host,
                port=settings.port,
                username=settings.username,
                password=settings.password,
                local_hostname=_own_name(),
                timeout=self.waits.connect,
                use_tls=settings.security == "tls",
                start_tls=settings.security == "starttls",
                tls_context=self._context,
            )
            async with asyncio.timeout(self.waits.connect):
                await smtp.connect()
                await _greet(smtp)
        except TimeoutError as error:
            raise RelayAway(f"relay {where} does not answer") from error
        except (*LOST, ValueError) as error:
            raise RelayAway(f"relay {where}: {said(error)}") from error
        smtp.timeout = self.waits.command
        return smtp

    async def _alive(self, line: Line) -> bool:
        if not line.smtp.is_connected:
            return False
        if asyncio.get_running_loop().time() - line.idle_since < IDLE_CHECKED:
            return True
        try:
            await line.smtp.rset(timeout=IDLE_CHECKED)
        except LOST:
            line.smtp.close()
            return False
        return True

    async def _tidy(self) -> None:
        """Close what was idle too long; ends when nothing is kept."""
        loop = asyncio.get_running_loop()
        while self._idle:
            await asyncio.sleep(max(0.1, self._idle[0].idle_since + IDLE_CLOSED - loop.time()))
            old = [line for line in self._idle if loop.time() - line.idle_since >= IDLE_CLOSED]
            self._idle = [line for line in self._idle if line not in old]
            await asyncio.gather(*(self._quit(line) for line in old))

    @staticmethod
    async def _quit(line: Line) -> None:
        with contextlib.suppress(*LOST):
            await line.smtp.quit(timeout=1.0)
        line.smtp.close()


def said(error: BaseException) -> str:
    """An error or the other side's answer as one short line."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return answer(error.code, error.message)
    cause = error.__cause__ if isinstance(error, aiosmtplib.SMTPConnectError) and error.__cause__ else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return single_line(f"its certificate is not valid: {cause.verify_message}")[:300]
    if isinstance(cause, OSError) and cause.errno and not isinstance(cause, ssl.SSLError | socket.gaierror):
        return os.strerror(cause.errno)
    return single_line(str(cause))[:300] or type(cause).__name__


def answer(code: int, message: str) -> str:
    """A reply as one short line."""
    return single_line(f"{code} {message}")[:300]


def _tls(ca_file: str | None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


async def _greet(smtp: aiosmtplib.SMTP) -> None:
    if not smtp.is_ehlo_or_helo_needed:
        return
    try:
        await smtp.ehlo()
    except aiosmtplib.SMTPHeloError:
        if not smtp.is_connected:
            raise
        await smtp.helo()


def _own_name() -> str:
    """What to say in EHLO: a full name, or an address literal as RFC 5321 4.1.4 allows. Asks no name server."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() and not any(c.isspace() for c in name) else "[127.0.0.1]"
