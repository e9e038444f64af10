"""The desk of the model: real store, receiver, watch; a relay that says what it is told; somebody who comes between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from gateway.mail_readers import PooledReader
from gateway.worker import Worker
from intake.desk import Desk
from intake.letters.outcomes import Sent, due_recipients, lost_in_flight, settlement
from intake.letters.writing import LetterWriter
from intake.model import Delivery, Event, JournalRow, OutboxRow, Ticket, TicketMessage
from intake.ports import Transaction
from intake.receiving import Receiver
from intake.settings import DeskSettings, Limits
from storage.store import DatabaseStore
from templates import render_letter
from tests.intake.desk_model.mails import Post
from tests.support.departments import DEPARTMENTS
from tests.support.desks import DESK_ADDRESS, MovedClock, TestDesk, a_desk

T = TypeVar("T")
LEASE = timedelta(seconds=60)
SETTINGS = DeskSettings(
    address=DESK_ADDRESS,
    departments=DEPARTMENTS,
    public_url="https://desk.example",
    limits=Limits(letters_per_address_hour=3, letters_per_address_day=6, undo_window=timedelta(seconds=15)),
)


class Interrupted:
    """A store at whose next write something else comes first, once."""

    def __init__(self, store: DatabaseStore) -> None:
        self._store = store
        self.first: Callable[[], object] | None = None

    def submit(self, work: Callable[[Transaction], T]) -> Future[T]:
        first, self.first = self.first, None
        if first is not None:
            first()
        return self._store.submit(work)

    def write(self, work: Callable[[Transaction], T]) -> T:
        return self.submit(work).result()

    def read(self) -> AbstractContextManager[Transaction]:
        return self._store.read()

    def change_mark(self) -> int:
        return self._store.change_mark()

    def close(self) -> None:
        """The store is the world's to close."""


@dataclass(frozen=True)
class Seen:
    """All there is at one moment."""

    tickets: dict[int, Ticket]
    events: dict[int, list[Event]]
    messages: dict[int, list[TicketMessage]]
    letters: list[OutboxRow]
    journal: list[JournalRow]
    votes: dict[int, int]


@dataclass
class World:
    """A desk that can be restarted, and what has been handed to its relay."""

    place: Path | str
    clock: MovedClock = field(default_factory=MovedClock)
    post: Post = field(default_factory=lambda: Post(SETTINGS))
    handed: Counter[tuple[str, str]] = field(default_factory=Counter)
    taken: set[tuple[str, str]] = field(default_factory=set)
    read_already: int = 0

    def __post_init__(self) -> None:
        self._open()

    def _open(self) -> None:
        self._exit = ExitStack()
        self.test_desk: TestDesk = self._exit.enter_context(a_desk(self.place, SETTINGS, self.clock))
        made = self.test_desk
        self.desk = made.desk
        self.between = Interrupted(made.store)
        writer = LetterWriter(SETTINGS, made.signer, render_letter)
        receiver = Receiver(self.between, made.regulations, writer, made.signer, SETTINGS, self.clock)
        reader = PooledReader(SETTINGS, processes=0)
        self._exit.callback(reader.close)
        self.worker = Worker(made.store, receiver, reader, self.clock)
        self.watcher = Desk(self.between, made.regulations, writer, SETTINGS, self.clock)

    def close(self) -> None:
        """Let go of the database."""
        self._exit.close()

    def restart(self) -> None:
        """Everything anew but the database; who starts alone ends the leases of before."""
        self.close()
        self._open()

        def release(tx: Transaction) -> None:
            tx.journal.release(self.clock())
            tx.outbox.release(self.clock())

        self.test_desk.store.write(release)

    def process(self) -> None:
        """Work the journal off."""
        while self.worker.process_due():
            pass

    def row(self, number: int) -> JournalRow:
        """A journal row."""
        with self.test_desk.store.read() as tx:
            return tx.journal.get(number)

    def raw_letter(self, letter: int) -> bytes:
        """The bytes of a letter."""
        with self.test_desk.store.read() as tx:
            return tx.outbox.get(letter).raw

    def seen(self) -> Seen:
        """All there is, on one snapshot."""
        with self.test_desk.store.read() as tx:
            tickets = {t.number: t for t in tx.tickets.find({}, 10_000)}
            return Seen(
                tickets,
                {number: tx.tickets.events(number) for number in tickets},
                {number: tx.messages.of(number) for number in tickets},
                list(reversed(tx.outbox.recent(limit=10_000, suppressed=True))),
                list(reversed(tx.journal.recent(limit=10_000))),
                Counter(v.ticket for v in tx.ratings.votes(list(tickets)) if v.left_out is None),
            )

    def fingerprint(self) -> Any:
        """Differs once anything has changed."""
        seen = self.seen()
        return seen.tickets, seen.events, seen.messages, [(one.id, one.state) for one in seen.letters]

    def lease(self) -> Sequence[OutboxRow]:
        """Letters that the sender takes now; never for somebody who has his already."""
        now = self.clock()
        letters = self.test_desk.store.write(lambda tx: tx.outbox.lease(now, now + LEASE, 100))
        for letter in letters:
            again = {(letter.message_id, one) for one in due_recipients(letter).open_recipients()} & self.taken
            assert not again, f"{again} would get it again"
        return letters

    def send(self, letter: OutboxRow, state: Delivery) -> None:
        """A try that was in flight, with this end for everybody."""
        now = self.clock()
        assert self.test_desk.store.write(lambda tx: tx.outbox.mark_in_flight(letter, now))
        to = due_recipients(letter).open_recipients()
        self._handed(letter, to, state)
        self._settle(letter, Sent(dict.fromkeys(to, (state, state.value)), in_flight=True))

    def crash_in_flight(self, letter: OutboxRow) -> None:
        """The sender dies with the letter at the relay, which may have taken it."""
        now = self.clock()
        assert self.test_desk.store.write(lambda tx: tx.outbox.mark_in_flight(letter, now))
        self._handed(letter, due_recipients(letter).open_recipients(), Delivery.UNCERTAIN)

    def settle_lost(self) -> None:
        """What the sender does about letters whose sender died."""
        with self.test_desk.store.read() as tx:
            lost = tx.outbox.lost(self.clock(), 100)
        for letter in lost:
            self._settle(letter, lost_in_flight(letter))

    def _handed(self, letter: OutboxRow, to: Sequence[str], state: Delivery) -> None:
        if state in (Delivery.SENT, Delivery.UNCERTAIN):
            self.handed.update((letter.message_id, one) for one in to)
        if state is Delivery.SENT:
            self.taken |= {(letter.message_id, one) for one in to}

    def _settle(self, letter: OutboxRow, sent: Sent) -> None:
        now = self.clock()
        result = settlement(letter, sent, now, SETTINGS.limits)

        def work(tx: Transaction) -> None:
            after = tx.outbox.settle(letter, result.outcomes, now, result.next_try_at, result.error)
            self.desk.letter_settled(tx, after, now)

        self.test_desk.store.write(work)
