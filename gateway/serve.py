"""The gateway: doors, worker and sender in one process, started together and drained together."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog

from gateway.mail_readers import PooledReader
from gateway.sender import Sender
from gateway.smtp_door import SmtpDoor
from gateway.watch import Watch
from gateway.web.backstage import Backstage
from gateway.web.health import Signs
from gateway.web_door import WebDoor
from gateway.worker import Worker
from intake.errors import ConfigError

if TYPE_CHECKING:
    from gateway.bootstrap import Parts
    from gateway.imap_door import ImapDoor
    from gateway.slack_ears import SlackEars
    from intake.letters.outcomes import Relay
    from intake.ports import Transaction

DRAIN_SECONDS = 4.0
UNREAD_MAILBOX = timedelta(minutes=10)
"""A mailbox that can't be read for so long makes the desk unwell."""
log = structlog.get_logger()


@contextmanager
def only_gateway(database: str | None) -> Iterator[bool]:
    """Hold the place of the one gateway of a SQLite file (yields True); a database server has room for several."""
    if database is None:
        yield False
        return
    path = Path(database)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path.with_name(path.name + ".gateway"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise ConfigError(f"another gateway serves {database} already; stop it first") from None
    try:
        yield True
    finally:
        os.close(handle)


class Gateway:
    """A running desk. `running` starts everything and drains it at the end."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.relay = _relay(parts)
        self.reader = PooledReader(parts.desk_settings, store=parts.store)
        self.sender = Sender(
            parts.store,
            self.relay,
            clock=parts.clock,
            limits=parts.desk_settings.limits,
            settled=parts.desk.letter_settled,
        )
        self.worker = Worker(parts.store, parts.receiver, self.reader, parts.clock, self.sender.wake)
        self.watch = Watch(parts.desk, self.sender.wake)
        settings = parts.settings
        own = parts.desk_settings.own_addresses
        self.smtp = SmtpDoor(settings.smtp, own, parts.store, parts.clock, self.worker.wake)
        self.mailboxes = _mailboxes(parts, self.worker.wake)
        self.ears = _ears(parts)
        self.web = WebDoor(_backstage(parts, self.worker.wake), Signs(self._processes, self._sends, self._unread))
        self._working: threading.Thread | None = None
        self._sending: asyncio.Task[None] | None = None

    def _processes(self) -> bool:
        return self._working is not None and self._working.is_alive()

    def _sends(self) -> bool:
        return self._sending is not None and not self._sending.done()

    def _unread(self) -> list[str]:
        """That mailboxes can't be read, once it has lasted."""
        long_ago = self.parts.clock() - UNREAD_MAILBOX
        since = [mailbox.health().failing_since for mailbox in self.mailboxes]
        failing = sum(at is not None and at < long_ago for at in since)
        return [f"{failing} of {len(since)} mailboxes can't be read"] if failing else []

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Gateway]:
        """Everything at work; at the end doors close first, then what came in is finished as far as time allows."""
        stop = asyncio.Event()
        threads = [
            threading.Thread(target=self.worker.run, name="otklik-worker", daemon=True),
            threading.Thread(target=self.watch.run, name="otklik-watch", daemon=True),
        ]
        tasks: list[asyncio.Task[None]] = []
        try:
            await self._open_doors()
            for thread in threads:
                thread.start()
            self._working = threads[0]
            for mailbox in self.mailboxes:
                mailbox.start()
            for ears in self.ears:
                ears.start()
            self._sending = asyncio.create_task(self.sender.run(stop))
            tasks.append(self._sending)
            yield self
        finally:
            await self._close_doors()
            self.worker.stop()
            self.watch.stop()
            stop.set()
            for thread in threads:
                if thread.is_alive():
                    await asyncio.to_thread(thread.join, DRAIN_SECONDS)
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.relay.close()
            await asyncio.to_thread(self.reader.close)

    async def _open_doors(self) -> None:
        settings = self.parts.settings
        await _open(self.smtp.start(), f"[smtp] {settings.smtp.host}:{settings.smtp.port}")
        await _open(self.web.start(), f"[web] {settings.web.host}:{settings.web.port}")

    async def _close_doors(self) -> None:
        mailboxes = [asyncio.to_thread(mailbox.stop, DRAIN_SECONDS) for mailbox in self.mailboxes]
        ears = [asyncio.to_thread(one.stop, DRAIN_SECONDS) for one in self.ears]
        doors = (self.smtp.stop(DRAIN_SECONDS), self.web.stop(DRAIN_SECONDS))
        await asyncio.gather(*doors, *mailboxes, *ears, return_exceptions=True)


async def _open(starting: Awaitable[None], where: str) -> None:
    try:
        await starting
    except OSError as error:
        raise ConfigError(f"{where}: cannot listen there: {error.strerror or error}") from error


async def serve(parts: Parts, announce: Callable[[Gateway], None]) -> None:
    """Run until SIGTERM or SIGINT."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, ended.set)
    async with Gateway(parts).running() as gateway:
        announce(gateway)
        await ended.wait()
        log.info("stopping")


def take_over(parts: Parts) -> None:
    """What a gateway that was killed left leased is free again; only where no other gateway can be at work."""
    now = parts.clock()

    def release(tx: Transaction) -> None:
        tx.journal.release(now)
        tx.outbox.release(now)
        tx.mailboxes.release()

    parts.store.write(release)


def _mailboxes(parts: Parts, wake: Callable[[], None]) -> list[ImapDoor]:
    """A door for each ``[[imap]]``."""
    if not parts.settings.imap:
        return []
    from gateway.imap_door import ImapDoor

    zone = ZoneInfo(parts.desk_settings.timezone)
    return [ImapDoor(settings, parts.store, parts.clock, wake, zone) for settings in parts.settings.imap]


def _relay(parts: Parts) -> Relay:
    from gateway.relays import RelayByKind

    settings = parts.settings
    mail: Relay
    if settings.relay is not None:
        from gateway.relay import SmtpRelay

        mail = SmtpRelay(settings.relay)
    else:
        from gateway.eml_relay import EmlRelay

        mail = EmlRelay(Path(settings.storage.outbox))
    return RelayByKind(mail, _slack_relay(parts))


def _slack_relay(parts: Parts) -> Relay | None:
    if parts.settings.slack is None:
        return None
    from gateway.slack_client import web_client
    from gateway.slack_relay import SlackRelay

    return SlackRelay(web_client(parts.settings.slack), parts.store)


def _ears(parts: Parts) -> list[SlackEars]:
    """Who listens in Slack, where it is configured."""
    if parts.settings.slack is None:
        return []
    from gateway.slack_client import web_client
    from gateway.slack_ears import SlackEars

    return [SlackEars(parts, web_client(parts.settings.slack), parts.settings.slack.app_token)]


def _backstage(parts: Parts, wake: Callable[[], None]) -> Backstage:
    return Backstage(
        store=parts.store,
        signer=parts.signer,
        regulations=parts.regulations,
        desk=parts.desk_settings,
        web=parts.settings.web,
        pages=parts.pages,
        clock=parts.clock,
        wake=wake,
        office=parts.desk,
    )
