"""The IMAP door over a real store, at a server of the test's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from gateway.imap_door import ImapDoor
from gateway.imap_limits import ImapLimits
from gateway.settings import ImapSettings
from intake.model import JournalRow
from intake.ports import Store
from storage import open_store
from tests.support.dovecot import PASSWORD, Dovecot

QUICK = ImapLimits(
    answer=5, probe=0.5, poll=0.2, first_pause=0.05, longest_pause=0.3, lease=30, spam_look=0.2, held_pause=0.2
)


def settings_of(server: Dovecot, user: str = "support", **options: Any) -> ImapSettings:
    """What ``[[imap]]`` would say about a Dovecot of the test's."""
    usual = {"host": "127.0.0.1", "port": server.tls_port, "username": user, "ca_file": server.ca_file}
    if "oauth2_token_command" not in options:
        usual["password"] = PASSWORD
    return ImapSettings.model_validate(usual | options)


@dataclass(slots=True)
class Post:
    """A store and the doors that bring it mail."""

    store: Store
    clock: Callable[[], datetime]
    doors: list[ImapDoor] = field(default_factory=list)
    woken: list[int] = field(default_factory=list)

    def open(self, settings: ImapSettings, limits: ImapLimits = QUICK, zone: Any = UTC) -> ImapDoor:
        """One more door, at work."""
        door = ImapDoor(settings, self.store, self.clock, lambda: self.woken.append(1), zone, limits)
        self.doors.append(door)
        door.start()
        return door

    def close(self, door: ImapDoor) -> None:
        """One door less."""
        self.doors.remove(door)
        door.stop(10)

    def rows(self) -> list[JournalRow]:
        """What was kept, oldest first, without raw."""
        with self.store.read() as tx:
            return list(reversed(tx.journal.recent(limit=100_000)))

    def raws(self) -> list[bytes]:
        """What was kept, oldest first."""
        with self.store.read() as tx:
            return [tx.journal.get(row.id).raw for row in reversed(tx.journal.recent(limit=100_000))]


@contextmanager
def a_post(
    url: str,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    dressed: Callable[[Store], Store] = lambda store: store,
) -> Iterator[Post]:
    """The store behind a URL; its doors are closed at the end."""
    store = open_store(url)
    post = Post(dressed(store), clock)
    try:
        yield post
    finally:
        for door in list(post.doors):
            post.close(door)
        store.close()


def numbered(first: int, last: int) -> list[bytes]:
    """Mails first…last-1, each with its number in Subject and Message-ID."""
    return [
        f"From: c{n}@client.example\r\nTo: support@desk.example\r\nSubject: mail {n}\r\n"
        f"Message-ID: <{n}@client.example>\r\nDate: Tue, 12 May 2026 10:59:00 +0300\r\n\r\nBody of {n}.\r\n".encode()
        for n in range(first, last)
    ]
