"""An outbox in a temporary folder, a clock that is moved, and a sender to any relay."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from gateway.sender import Sender
from intake.letters.outcomes import Relay
from intake.model import Delivery, Letter, OutboxRow
from intake.ports import Store, Transaction
from intake.settings import Limits
from storage import open_store

START = datetime(2026, 5, 8, 12, tzinfo=UTC)


@dataclass
class Clock:
    """Time that moves when told."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Post:
    """A store, its clock, and what was settled."""

    url: str
    clock: Clock = field(default_factory=Clock)
    limits: Limits = field(default_factory=Limits)
    settled: list[OutboxRow] = field(default_factory=list)
    stores: list[Store] = field(default_factory=list)
    noted: threading.Condition = field(default_factory=threading.Condition)

    @property
    def store(self) -> Store:
        """The first connection to the database."""
        return self.stores[0] if self.stores else self.another_store()

    def another_store(self) -> Store:
        """What another process would open."""
        store = open_store(self.url)
        self.stores.append(store)
        return store

    def sender(self, relay: Relay, store: Store | None = None) -> Sender:
        """A sender that notes what it settles."""
        return Sender(
            store or self.store,
            relay,
            clock=self.clock,
            limits=self.limits,
            settled=lambda _tx, row, _at: self._note(row),
        )

    def _note(self, row: OutboxRow) -> None:
        with self.noted:
            self.settled.append(row)
            self.noted.notify_all()

    async def until_settled(self, count: int) -> None:
        """So many letters have been settled, or are about to be committed so."""

        def wait() -> bool:
            with self.noted:
                return self.noted.wait_for(lambda: len(self.settled) >= count, 30)

        assert await asyncio.to_thread(wait), f"{len(self.settled)} of {count} letters were settled"

    def queue(self, *recipients: str, subject: str = "letter", body: str = "text") -> int:
        """A letter to these."""
        raw = f"Subject: {subject}\r\nMessage-ID: <{subject}@desk.example>\r\n\r\n{body}\r\n".encode("ascii")
        letter = Letter("reply", None, f"<{subject}@desk.example>", recipients, raw, False, "support@desk.example")
        return self.store.write(lambda tx: tx.outbox.add(letter, self.clock()))

    def queue_many(self, count: int, recipients: Callable[[int], tuple[str, ...]]) -> None:
        """Many letters in one transaction."""

        def add(tx: Transaction) -> None:
            for n in range(count):
                raw = f"Subject: {n}\r\n\r\ntext\r\n".encode("ascii")
                letter = Letter("reply", None, f"<{n}@desk.example>", recipients(n), raw, True, "support@desk.example")
                tx.outbox.add(letter, self.clock())

        self.store.write(add)

    def letter(self, row: int) -> OutboxRow:
        """As it is now."""
        with self.store.read() as tx:
            return tx.outbox.get(row)

    def state(self, row: int) -> Delivery:
        """Of the letter."""
        return self.letter(row).state

    def letters(self) -> list[OutboxRow]:
        """All of them."""
        with self.store.read() as tx:
            return tx.outbox.recent(limit=100_000)

    def waits(self, row: int) -> timedelta | None:
        """How long until the letter is tried again; None where it is not."""
        at = self.letter(row).next_try_at
        return None if at is None else at - self.clock()

    def close(self) -> None:
        """All stores."""
        for store in self.stores:
            store.close()
