"""A whole desk for a test: real store, real templates, a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gateway.bootstrap import signing_keys
from gateway.mail_readers import PooledReader
from gateway.worker import Worker
from intake.arrivals import door_key
from intake.desk import Desk
from intake.letters.writing import LetterWriter
from intake.model import Agent, Arrival, Envelope, JournalRow, OutboxRow, Role, Ticket
from intake.receiving import Receiver
from intake.regulations import Regulations
from intake.settings import DeskSettings
from intake.signing import Signer
from storage import open_store
from storage.store import DatabaseStore
from templates import render_letter
from tests.support import databases
from tests.support.leaks import assert_no_leak

MORNING = datetime(2026, 5, 12, 8, 0, tzinfo=UTC)
"""Tuesday, 11:00 in Moscow, the first working day after the May holidays."""
DESK_ADDRESS = "support@vitrina-domiland.example"


class MovedClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **amount: float) -> datetime:
        """Move it; the new time."""
        self.now += timedelta(**amount)
        return self.now


@dataclass(frozen=True, slots=True)
class TestDesk:
    """What a test needs of a desk."""

    __test__ = False

    store: DatabaseStore
    desk: Desk
    worker: Worker
    receiver: Receiver
    signer: Signer
    settings: DeskSettings
    regulations: Regulations
    clock: MovedClock

    def arrive(self, raw: bytes, door: str = "smtp", mail_from: str | None = None, rcpt_to: str = DESK_ADDRESS) -> int:
        """Keep a mail as a door would; its journal row, 0 where it is known already."""
        now = self.clock()
        key = door_key(raw, door, [rcpt_to], now)
        envelope, peer = Envelope(mail_from, (rcpt_to,)), "127.0.0.1 helo=localhost"
        arrival = Arrival(raw, door, now, key, envelope=envelope, peer=peer)
        return self.store.write(lambda tx: tx.journal.keep(arrival)) or 0

    def process(self) -> None:
        """Work the journal off."""
        while self.worker.process_due():
            pass

    def receive(
        self, raw: bytes, door: str = "smtp", mail_from: str | None = None, rcpt_to: str = DESK_ADDRESS
    ) -> JournalRow:
        """`arrive`, `process`, and what became of it."""
        row = self.arrive(raw, door, mail_from, rcpt_to)
        self.process()
        with self.store.read() as tx:
            return tx.journal.get(row)

    def ticket(self, number: int | None) -> Ticket:
        """A ticket as it stands."""
        assert number is not None
        with self.store.read() as tx:
            return tx.tickets.get(number)

    def letters(self) -> list[OutboxRow]:
        """Every letter, oldest first, with its bytes."""
        with self.store.read() as tx:
            return [tx.outbox.get(row.id) for row in reversed(tx.outbox.recent(limit=10_000, suppressed=True))]


@contextmanager
def a_desk(
    place: Path | str, settings: DeskSettings | None = None, clock: MovedClock | None = None
) -> Iterator[TestDesk]:
    """A desk with two agents, anna (lead) and boris, on a new SQLite database in a folder or on that of a URL. At the
    end none of its letters may have told anybody outside what is internal."""
    used = settings or DeskSettings(address=DESK_ADDRESS)
    time = clock or MovedClock()
    store = open_store(place if isinstance(place, str) else databases.sqlite(place / "desk.db"))
    regulations = Regulations(store, used.timezone)
    signer = Signer(signing_keys(store))
    writer = LetterWriter(used, signer, render_letter)
    receiver = Receiver(store, regulations, writer, signer, used, time)
    reader = PooledReader(used, processes=0)
    people = [
        Agent("anna", "Анна Белова", "anna@vitrina-domiland.example", Role.LEAD),
        Agent("boris", "Борис Гусев", "boris@vitrina-domiland.example", technical=True),
    ]
    store.write(lambda tx: tx.people.put_agents(people))
    desk = Desk(store, regulations, writer, used, time)
    try:
        yield TestDesk(store, desk, Worker(store, receiver, reader, time), receiver, signer, used, regulations, time)
        assert_no_leak(store, used)
    finally:
        reader.close()
        store.close()


def mail(
    subject: str = "Не открывается витрина",
    body: str = "Добрый день! После обновления не открывается витрина, ошибка 500.",
    sender: str = "Ольга Петрова <olga@roscha.example>",
    to: str = DESK_ADDRESS,
    message_id: str | None = "<first@roscha.example>",
    **headers: str,
) -> bytes:
    """A plain UTF-8 mail; further header fields by name, ``_`` for ``-``."""
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject}", "Date: Tue, 12 May 2026 10:59:00 +0300"]
    if message_id is not None:
        lines.append(f"Message-ID: {message_id}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    return ("\r\n".join([*lines, "", *body.split("\n")]) + "\r\n").encode("utf-8")
