"""Handing letters to an SMTP relay, so that it is always known how far a letter got."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import cast

import aiosmtplib
from aiosmtplib.response import SMTPResponse

from gateway.relay_lines import LOST, Line, RelayAway, RelayLines, Waits, answer, said
from gateway.settings import RelaySettings
from intake.errors import Refused
from intake.letters.addresses import valid_address, wire_address
from intake.letters.outcomes import Sent, Trouble
from intake.model import Delivery, OutboxRow

CONNECTIONS = 4
START_INPUT = 354
SERVICE_ENDS = 421
LOGIN_WANTED = frozenset({530, 534, 535, 538})
"""RFC 4954 6: about us, not about the letter."""
AboutToSend = Callable[[], Awaitable[bool]]
_BARE = re.compile(rb"\r\n|\r|\n")


class SmtpRelay:
    """See `intake.letters.outcomes.Relay`. TLS is verified, its absence is trouble; connections are kept and reused."""

    def __init__(self, settings: RelaySettings, *, waits: Waits | None = None, connections: int = CONNECTIONS) -> None:
        self._waits = waits or Waits()
        self._lines = RelayLines(settings, self._waits)
        self._slots = asyncio.Semaphore(connections)

    async def send(self, letter: OutboxRow, about_to_send: AboutToSend) -> Sent:
        """See `Relay.send`."""
        outcomes: dict[str, tuple[Delivery, str | None]] = {
            address: (Delivery.FAILED, "not an address a letter can be sent to")
            for address in letter.open_recipients()
            if not valid_address(address)
        }
        wanted = [address for address in letter.open_recipients() if address not in outcomes]
        try:
            sender = wire_address(letter.envelope_from) if letter.envelope_from else ""
        except Refused as error:
            return _all(letter.open_recipients(), Delivery.FAILED, f"envelope sender: {error}")
        if not wanted:
            return Sent(outcomes)
        async with self._slots:
            sent = await self._over_a_line(letter, sender, wanted, about_to_send)
        return Sent({**outcomes, **sent.outcomes}, sent.error, sent.trouble, sent.in_flight)

    async def check(self) -> str | None:
        """See `Relay.check`."""
        try:
            self._lines.give_back(await self._lines.take(fresh=True))
        except RelayAway as error:
            return str(error)
        return None

    async def close(self) -> None:
        """See `Relay.close`."""
        await self._lines.close()

    async def _over_a_line(self, letter: OutboxRow, sender: str, wanted: list[str], about: AboutToSend) -> Sent:
        try:
            line = await self._lines.take()
            while not await self._begun(line, sender, len(letter.raw)):
                line = await self._lines.take(fresh=True)
        except RelayAway as error:
            return _all(wanted, Delivery.QUEUED, str(error), Trouble.AWAY)
        except aiosmtplib.SMTPSenderRefused as error:
            return _sender_refused(error, wanted)
        except LOST as error:
            return _all(wanted, Delivery.QUEUED, said(error), Trouble.BROKEN)
        handover = _Handover(line, wanted, self._waits)
        try:
            sent = await handover.run(letter.raw, about)
        except BaseException:
            line.smtp.close()
            raise
        self._lines.give_back(line)
        return sent

    async def _begun(self, line: Line, sender: str, size: int) -> bool:
        """Whether MAIL was accepted; False where a kept connection had ended meanwhile and a fresh one is in order."""
        options = [f"SIZE={size}"] if line.smtp.supports_extension("size") else []
        try:
            await line.smtp.mail(sender, options=options)
        except BaseException as error:
            ended = isinstance(error, aiosmtplib.SMTPServerDisconnected) or (
                isinstance(error, aiosmtplib.SMTPSenderRefused) and error.code == SERVICE_ENDS
            )
            line.smtp.close()
            if line.used and ended:
                return False
            raise
        return True


class _Handover:
    """One letter over one connection after MAIL; knows at every moment how far it got."""

    def __init__(self, line: Line, wanted: list[str], waits: Waits) -> None:
        self._smtp = line.smtp
        self._waits = waits
        self._wanted = wanted
        self._accepted: list[str] = []
        self._outcomes: dict[str, tuple[Delivery, str | None]] = {}

    async def run(self, raw: bytes, about_to_send: AboutToSend) -> Sent:
        try:
            await self._name_recipients()
        except LOST as error:
            return self._broken(error, in_flight=False)
        if not self._accepted:
            await self._reset()
            return Sent(self._outcomes)
        if not await about_to_send():
            await self._reset()
            return Sent({}, trouble=Trouble.WITHDRAWN)
        body = await asyncio.to_thread(on_the_wire, raw) if len(raw) > 1 << 18 else on_the_wire(raw)
        try:
            refusal = await self._transfer(body)
        except LOST as error:
            return self._broken(error, in_flight=True)
        if refusal is not None:
            return self._answered(refusal)
        return await self._finish()

    async def _name_recipients(self) -> None:
        for address in self._wanted:
            try:
                await self._smtp.rcpt(wire_address(address))
                self._accepted.append(address)
            except aiosmtplib.SMTPRecipientRefused as error:
                self._outcomes[address] = (_state(error.code), said(error))

    async def _transfer(self, body: bytes) -> SMTPResponse | None:
        """Everything up to the final dot; the answer to DATA where it is a refusal."""
        response = await self._smtp.execute_command(b"DATA")
        if response.code != START_INPUT:
            return response
        protocol, transport = self._smtp.protocol, self._smtp.transport
        if protocol is None or transport is None:
            raise aiosmtplib.SMTPServerDisconnected("connection lost")
        protocol.write(body)
        async with asyncio.timeout(self._waits.transfer):
            while cast("asyncio.WriteTransport", transport).get_write_buffer_size():  # noqa: ASYNC110 (aiosmtplib has no drain)
                await asyncio.sleep(0.01)
        if transport.is_closing() or not protocol.is_connected:
            raise aiosmtplib.SMTPServerDisconnected("connection lost before the end of the letter")
        return None

    async def _finish(self) -> Sent:
        """The final dot and the answer to it. From here on a lost connection leaves the letter uncertain."""
        protocol = self._smtp.protocol
        if protocol is None:
            return self._broken(aiosmtplib.SMTPServerDisconnected("connection lost"), in_flight=True)
        try:
            protocol.write(b".\r\n")
            return self._answered(await protocol.read_response(timeout=self._waits.answer))
        except LOST as error:
            self._smtp.close()
            reason = f"no answer after the letter was handed over: {said(error)}"
            self._outcomes.update((address, (Delivery.UNCERTAIN, reason)) for address in self._accepted)
            return Sent(self._outcomes, reason, in_flight=True)

    def _answered(self, response: SMTPResponse) -> Sent:
        state = _state(response.code)
        reason = None if state is Delivery.SENT else answer(response.code, response.message)
        self._outcomes.update((address, (state, reason)) for address in self._accepted)
        if response.code == SERVICE_ENDS:
            self._smtp.close()
        return Sent(self._outcomes, reason, in_flight=True)

    def _broken(self, error: BaseException, in_flight: bool) -> Sent:
        self._smtp.close()
        reason = said(error)
        for address in self._wanted:
            self._outcomes.setdefault(address, (Delivery.QUEUED, reason))
        return Sent(self._outcomes, reason, Trouble.BROKEN, in_flight)

    async def _reset(self) -> None:
        try:
            await self._smtp.rset()
        except LOST:
            self._smtp.close()


def on_the_wire(raw: bytes) -> bytes:
    """Dot-stuffed, CRLF line ends only, so that no other server sees an end where there is none (RFC 5321 4.5.2)."""
    ends = raw.count(b"\r\n")
    if raw.count(b"\n") != ends or raw.count(b"\r") != ends:
        raw = _BARE.sub(b"\r\n", raw)
    if not raw.endswith(b"\r\n"):
        raw += b"\r\n"
    raw = raw.replace(b"\r\n.", b"\r\n..")
    return b"." + raw if raw.startswith(b".") else raw


def _state(code: int) -> Delivery:
    """RFC 5321 4.2.1; anything that is neither yes nor a permanent no is tried again."""
    if 200 <= code < 300:
        return Delivery.SENT
    return Delivery.FAILED if 500 <= code < 600 else Delivery.QUEUED


def _sender_refused(error: aiosmtplib.SMTPSenderRefused, wanted: Sequence[str]) -> Sent:
    if error.code in LOGIN_WANTED:
        return _all(wanted, Delivery.QUEUED, said(error), Trouble.AWAY)
    return _all(wanted, _state(error.code), said(error))


def _all(addresses: Sequence[str], state: Delivery, reason: str, trouble: Trouble | None = None) -> Sent:
    return Sent(dict.fromkeys(addresses, (state, reason)), reason, trouble)
