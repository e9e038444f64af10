"""One SMTP conversation: aiosmtpd's protocol with the door's own commands, limits and answers."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, AnyStr, cast

from aiosmtpd.smtp import SMTP, syntax

from gateway.smtp_commands import DataReader, Path, read_path
from intake.arrivals import domain_is_ours, recipient_is_ours

if TYPE_CHECKING:
    import ssl

    from aiosmtpd.smtp import Envelope, Session

    from gateway.smtp_door import SmtpDoor

LINE_OCTETS = 2048
"""Longest command: RFC 5321 asks for 512, extensions add to it."""
ALL_THERE_IS = 1 << 24
"""More than a stream ever buffers: a read of that much leaves it empty."""
LINGER = 5.0
"""Seconds a client gets to take the last answer before it is cut off."""
NULL_PATH = "<>"
TROUBLE = "451 4.3.0 Not kept, please try again later"
TOO_BIG = "552 5.3.4 Message too big"
FULL = "452 4.3.1 Too many mails at once, please try again later"
TOO_MANY = "421 4.7.0 Too many connections, please try again later"
CLOSING = "421 4.3.2 Closing for now, please try again later"
NOT_SMTP = ("CONNECT", "GET", "HEAD", "OPTIONS", "POST", "PUT")


class _Greeting:
    """The handler aiosmtpd asks for: nothing but the answer to EHLO."""

    async def handle_EHLO(  # noqa: N802 (aiosmtpd finds it by its name, and counts the arguments)
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Nobody logs in here, so AUTH isn't offered."""
        session.host_name = hostname
        return [line for line in responses if not line.startswith("250-AUTH")]


class SmtpSession(SMTP):
    """A connection. What it needs of the house it asks its door for."""

    line_length_limit = 1 << 16
    command_size_limits: dict[str, int] = {}  # noqa: RUF012 (aiosmtpd empties it for everybody at each connection)

    def __init__(self, door: SmtpDoor, hostname: str, tls: ssl.SSLContext | None) -> None:
        self._door = door
        self._limits = door.limits
        self.address = ""
        self._heard_at = 0.0
        self._incoming: DataReader | None = None
        self._committing = False
        self._answers = self._errors = 0
        self._held = 0
        super().__init__(
            _Greeting(),
            hostname=hostname,
            ident="ESMTP otklik",
            data_size_limit=door.settings.max_size,
            enable_SMTPUTF8=True,
            tls_context=tls,
            timeout=self._limits.idle,
            auth_exclude_mechanism=["LOGIN", "PLAIN"],
            loop=asyncio.get_running_loop(),
        )
        self.command_size_limits = defaultdict(lambda: LINE_OCTETS)
        del self._smtp_methods["AUTH"]
        self._smtp_methods.update(dict.fromkeys(NOT_SMTP, self._not_smtp))

    @property
    def busy(self) -> bool:
        """In a transaction: from MAIL to the answer after the mail."""
        return self.envelope is not None and bool(self.envelope.mail_from)

    def behind(self, now: float) -> float:
        """See `Guest.behind`."""
        if self._committing:
            return -1.0
        sent = self._incoming.seen / self._limits.data_rate if self._incoming else 0.0
        return now - self._heard_at - sent - (self._limits.crowded if self.busy else self._limits.crowded_idle)

    @property
    def peer(self) -> str:
        """Who it is, for the journal: ``192.0.2.7 helo=mx.example tls=TLSv1.3``."""
        helo = (self.session.host_name if self.session else None) or ""
        name = "".join(c if c.isprintable() and c != " " else "?" for c in helo[:255])
        tls = self.session.ssl if self.session else None
        version = f" tls={tls['ssl_object'].version()}" if tls else ""
        return f"{self.address} helo={name}{version}"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A connection, or the same one again inside TLS (then everything said before is forgotten, RFC 3207 4.2)."""
        if self._original_transport is None:
            self.address = str((transport.get_extra_info("peername") or ("?",))[0])
            if not self._door.admit(self):
                _hang_up(cast("asyncio.Transport", transport), CLOSING if self._door.draining else TOO_MANY)
                return
        super().connection_made(transport)
        if self._original_transport is None and self._handler_coroutine is not None:
            self._door.watch(self._handler_coroutine)

    def connection_lost(self, error: Exception | None) -> None:
        """The client went away, or was sent away. A commit under way goes on."""
        self._door.guests.leave(self)
        if self.session is not None:
            super().connection_lost(error)

    def eof_received(self) -> bool | None:
        """See `asyncio.Protocol.eof_received`."""
        return super().eof_received() if self.session is not None else None

    def dismiss(self, reply: str = CLOSING) -> None:
        """See `Guest.dismiss`."""
        if self.transport is not None:
            _hang_up(cast("asyncio.Transport", self.transport), reply)
        if self._handler_coroutine is not None:
            self._handler_coroutine.cancel()

    def abort(self) -> None:
        """Hang up without a word."""
        for transport in (self.transport, self._original_transport):
            if transport is not None:
                cast("asyncio.Transport", transport).abort()

    def _reset_timeout(self, duration: float | None = None) -> None:
        self._heard_at = self.loop.time()
        super()._reset_timeout(duration)

    def _timeout_cb(self) -> None:
        self._door.log("smtp client too slow", peer=self.address)
        self.dismiss("421 4.4.2 Too slow, closing")

    async def handle_exception(self, error: Exception) -> str:
        """Own trouble is temporary and none of the client's business."""
        self._door.log("smtp command failed", peer=self.address, error=type(error).__name__)
        return TROUBLE

    async def push(self, status: AnyStr) -> None:
        """Answer; hang up on a client that talks on and on, or is refused on and on, and brings no mail."""
        await super().push(status)
        self._answers += 1
        self._errors += str(status).startswith("5")
        if (self._answers > self._limits.commands or self._errors > self._limits.errors) and self.transport is not None:
            self.dismiss("421 4.7.0 Too many commands or errors")

    async def _not_smtp(self, _arg: str | None) -> None:
        self.dismiss("421 4.7.0 This is not a web server")

    @syntax("VRFY <address>")
    async def smtp_VRFY(self, arg: str | None) -> None:  # noqa: N802
        """Tells nothing (RFC 5321 7.3)."""
        await self.push("252 2.5.0 Send some mail, it will be tried" if arg else "501 5.5.4 Syntax: VRFY <address>")

    @syntax("STARTTLS", when="tls_context")
    async def smtp_STARTTLS(self, arg: str) -> None:  # noqa: N802
        """Once only, and not within a transaction."""
        if self._tls_protocol is not None or self.busy:
            await self.push("503 5.5.1 Not now")
        elif not self.tls_context:
            await self.push("502 5.5.1 TLS is not set up")
        else:
            await super().smtp_STARTTLS(arg)

    @syntax("MAIL FROM: <address>", extended=" [SP <mail-parameters>]")
    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        """Open a transaction."""
        if self._door.draining:
            self.dismiss()
        elif not await self.check_helo_needed():
            await self.push(self._mail_from(read_path("FROM:", arg)))

    def _mail_from(self, path: Path | None) -> str:
        assert self.envelope is not None
        if self.busy:
            return "503 5.5.1 One MAIL at a time"
        if path is None:
            return "501 5.5.4 Syntax: MAIL FROM:<address>"
        params = dict(path.params)
        size, body, utf8 = params.pop("SIZE", "0"), params.pop("BODY", "8BITMIME"), params.pop("SMTPUTF8", None)
        if params or body is None or body.upper() not in ("7BIT", "8BITMIME") or utf8 is not None:
            return "555 5.5.4 Parameter not known"
        if size is None or not (size.isascii() and size.isdigit() and len(size) <= 20):
            return "501 5.5.4 SIZE is a number"
        if int(size) > self._door.settings.max_size:
            return TOO_BIG
        self.envelope.mail_from = path.address or NULL_PATH
        return "250 2.1.0 Sender ok"

    @syntax("RCPT TO: <address>", extended=" [SP <mail-parameters>]")
    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        """Name a recipient: ours or none."""
        if not await self.check_helo_needed():
            await self.push(self._rcpt_to(read_path("TO:", arg)))

    def _rcpt_to(self, path: Path | None) -> str:
        assert self.envelope is not None
        if not self.busy:
            return "503 5.5.1 MAIL first"
        if path is None or not path.address:
            return "501 5.1.3 Syntax: RCPT TO:<address>"
        if path.params:
            return "555 5.5.4 Parameter not known"
        if not recipient_is_ours(path.address, self._door.own):
            if domain_is_ours(path.address, self._door.own):
                return "550 5.1.1 No such address here"
            return "550 5.7.1 Not relayed"
        if path.address not in self.envelope.rcpt_tos:
            if len(self.envelope.rcpt_tos) >= self._limits.recipients:
                return "452 4.5.3 Too many recipients"
            self.envelope.rcpt_tos.append(path.address)
        return "250 2.1.5 Recipient ok"

    @syntax("DATA")
    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802
        """Take a mail; 250 once it is kept for good."""
        if await self.check_helo_needed():
            return
        assert self.envelope is not None
        if arg or not self.envelope.rcpt_tos:
            await self.push("501 5.5.4 Syntax: DATA" if arg else "503 5.5.1 RCPT first")
            return
        await self.push("354 End with <CR><LF>.<CR><LF>")
        reply = await self._take_mail()
        self.envelope = self._create_envelope()
        self._reset_timeout()
        if reply.startswith("250"):
            self._answers = self._errors = 0
        await self.push(reply)
        if self._door.draining:
            self.dismiss()

    async def _take_mail(self) -> str:
        """Read a mail and have it kept; the answer. An exit by exception hangs up: what comes next may be mail text."""
        self._incoming = reader = DataReader(self._door.settings.max_size)
        try:
            room = await self._receive(reader)
            raw = reader.mail()
            if raw is None:
                return TOO_BIG if room else FULL
            self._committing = True
            held, self._held = self._held, 0
            return await self._door.keep(raw, self, held)
        except BaseException:
            self.abort()
            raise
        finally:
            self._incoming, self._committing = None, False
            self._door.guests.release(self._held)
            self._held = 0

    async def _receive(self, reader: DataReader) -> bool:
        """Feed the reader to the mail's end; False where memory was short, so that the mail was let go."""
        began, room, rest = self.loop.time(), True, None
        while rest is None:
            self._set_pace(began, reader.seen)
            piece = await self._reader.read(ALL_THERE_IS)
            if not piece or reader.seen > 3 * self._door.settings.max_size + len(piece):
                raise ConnectionResetError
            rest = reader.feed(piece)
            room = self._hold(reader) and room
        super()._reset_timeout(self._limits.commit + self._limits.idle)
        if rest:
            self._reader.feed_data(rest)
        return room

    def _set_pace(self, began: float, seen: int) -> None:
        """The instant by which more of the mail has to be here (`DoorLimits.data_rate`)."""
        limits, now = self._limits, self.loop.time()
        until = began + min(limits.data_grace + seen / limits.data_rate, limits.data_most)
        super()._reset_timeout(max(min(until - now, limits.idle), 0.001))

    def _hold(self, reader: DataReader) -> bool:
        if self._door.guests.take(reader.held - self._held):
            self._held = reader.held
            return True
        reader.give_up()
        return False


def _hang_up(transport: asyncio.Transport, reply: str) -> None:
    if not transport.is_closing():  # a TLS transport that the client has left can't be written to
        transport.write(reply.encode("ascii") + b"\r\n")
    transport.close()
    asyncio.get_running_loop().call_later(LINGER, transport.abort)
