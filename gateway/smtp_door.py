"""The SMTP door: takes mails for our addresses and says 250 once they are kept."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog

from gateway.smtp_guests import DoorLimits, Guests
from gateway.smtp_session import NULL_PATH, TROUBLE, SmtpSession
from gateway.smtp_tls import Certificate
from intake.arrivals import door_key
from intake.errors import StoreUnavailable
from intake.model import Arrival, Envelope

if TYPE_CHECKING:
    import ssl

    from gateway.settings import SmtpSettings
    from intake.ports import Store, Transaction

BACKLOG = 1024
LARGE = 1 << 20
"""Octets from which a mail's digest is worth a thread: SHA-256 takes milliseconds there, and lets others run."""
LAST_GOODBYES = 1.0
"""Seconds connections that were cut get to end."""


@dataclass(slots=True)
class _Keeping:
    """The work of keeping one arrival; the row's id and whether it is new. Given up, it keeps nothing any more."""

    arrival: Arrival
    given_up: bool = False

    def __call__(self, transaction: Transaction) -> tuple[int | None, bool]:
        if self.given_up:
            raise StoreUnavailable("the client was told to come again")
        row = transaction.journal.keep(self.arrival)
        if row is not None:
            return row, True
        known = transaction.journal.known(self.arrival.door_key)
        return known.id if known else None, False


class SmtpDoor:
    """Listens on ``settings.host`` and ``port`` (0: any free one) in the running event loop.

    ``own`` are the addresses that mail is taken for; ``on_kept`` is called in the loop after each new row.
    """

    def __init__(
        self,
        settings: SmtpSettings,
        own: Collection[str],
        store: Store,
        clock: Callable[[], datetime],
        on_kept: Callable[[], None],
        hostname: str | None = None,
        limits: DoorLimits | None = None,
    ) -> None:
        self.settings = settings
        self.own = tuple(own)
        self.limits = limits or DoorLimits()
        self.guests: Guests[SmtpSession] = Guests(settings.max_connections, self.limits, settings.trusted_networks)
        self.draining = False
        self.port = settings.port
        """The port it listens on, known after `start`."""
        self._store = store
        self._clock = clock
        self._on_kept = on_kept
        self._hostname = hostname
        self._certificate = Certificate(settings.tls_cert, settings.tls_key) if settings.tls_cert else None
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()
        self._commits: set[asyncio.Future[tuple[int | None, bool]]] = set()
        self._log = structlog.get_logger("smtp")

    async def start(self) -> None:
        """Listen. Raises OSError: the address is taken or not ours, the certificate can't be read (SSLError)."""
        logging.getLogger("mail.log").setLevel(logging.CRITICAL + 1)  # aiosmtpd's log repeats what strangers say
        loop = asyncio.get_running_loop()
        self._tls()
        self._hostname = self._hostname or await loop.run_in_executor(None, socket.getfqdn)
        self._server = await loop.create_server(self._session, self.settings.host, self.settings.port, backlog=BACKLOG)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def stop(self, grace: float) -> None:
        """Let nobody in, let transactions under way end within ``grace`` seconds, say 421 to the rest."""
        self.draining = True
        if self._server is not None:
            self._server.close()
        for guest in self.guests:
            if not guest.busy:
                guest.dismiss()
        await _wait({*self._talks, *self._commits}, grace)
        for guest in self.guests:
            guest.abort()
        await _wait(self._talks, LAST_GOODBYES)

    def admit(self, session: SmtpSession) -> bool:
        """Whether a connection may stay."""
        return not self.draining and self.guests.admit(session, session.loop.time())

    def watch(self, talk: asyncio.Task[None]) -> None:
        """Know of a conversation until it ends."""
        self._talks.add(talk)
        talk.add_done_callback(self._ended)

    def log(self, event: str, **facts: Any) -> None:
        """Write down what a session saw; no mail text, no addresses of people."""
        self._log.warning(event, **facts)

    async def keep(self, raw: bytes, session: SmtpSession, octets: int) -> str:
        """Have a mail kept; the answer to it. ``octets`` of memory are given back once the store is done with it."""
        assert session.envelope is not None
        mail_from = session.envelope.mail_from
        recipients = tuple(session.envelope.rcpt_tos)
        now = self._clock()
        try:
            key = await _key(raw, recipients, now)
        except BaseException:
            self.guests.release(octets)
            raise
        arrival = Arrival(
            raw=raw,
            door="smtp",
            received_at=now,
            door_key=key,
            envelope=Envelope("" if mail_from == NULL_PATH else mail_from, recipients),
            peer=session.peer,
        )
        try:
            row, new = await self._commit(_Keeping(arrival), octets)
        except Exception as error:
            self.log("smtp mail not kept", peer=session.address, octets=len(raw), error=type(error).__name__)
            return TROUBLE
        self._log.info("smtp mail kept", peer=session.address, octets=len(raw), row=row, new=new)
        return f"250 2.0.0 kept as {row}" if row is not None else "250 2.0.0 kept before"

    async def _commit(self, work: _Keeping, octets: int) -> tuple[int | None, bool]:
        """Durable when this returns. The client going away does not stop it, `DoorLimits.commit` does."""
        try:
            future = asyncio.wrap_future(self._store.submit(work))
        except BaseException:
            self.guests.release(octets)
            raise
        self._commits.add(future)
        future.add_done_callback(lambda done: self._committed(done, octets))
        try:
            async with asyncio.timeout(self.limits.commit):
                return await asyncio.shield(future)
        except TimeoutError:
            work.given_up = True
            raise

    def _committed(self, future: asyncio.Future[tuple[int | None, bool]], octets: int) -> None:
        self.guests.release(octets)
        self._commits.discard(future)
        if future.cancelled() or future.exception() is not None:
            return
        _, new = future.result()
        if new:
            self._on_kept()

    def _ended(self, talk: asyncio.Task[None]) -> None:
        self._talks.discard(talk)
        error = None if talk.cancelled() else talk.exception()
        if error is not None and not isinstance(error, ConnectionError):
            self.log("smtp session ended by an error", error=type(error).__name__)

    def _session(self) -> SmtpSession:
        return SmtpSession(self, self._hostname or "localhost", self._tls())

    def _tls(self) -> ssl.SSLContext | None:
        return self._certificate.context() if self._certificate else None


async def _wait(futures: Collection[asyncio.Future[Any]], seconds: float) -> None:
    if futures:
        await asyncio.wait(futures, timeout=seconds)


async def _key(raw: bytes, recipients: tuple[str, ...], now: datetime) -> str:
    if len(raw) < LARGE:
        return door_key(raw, "smtp", recipients, now)
    return await asyncio.to_thread(door_key, raw, "smtp", recipients, now)
