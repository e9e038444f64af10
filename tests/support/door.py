"""The real SMTP door over a real store in a temporary folder."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gateway.settings import SmtpSettings
from gateway.smtp_door import SmtpDoor
from gateway.smtp_guests import DoorLimits
from intake.model import JournalRow
from intake.ports import Store
from storage import open_store
from tests.support.loops import loop_thread
from tests.support.wire import Wire

OWN = ("support@desk.example", "help@desk.example", "info@second.example")


@dataclass(slots=True)
class House:
    """A door that is open. ``woken`` counts the calls of ``on_kept``."""

    door: SmtpDoor
    store: Store
    database: Path
    run: Callable[..., Any]
    woken: list[int] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.door.port

    def rows(self) -> list[JournalRow]:
        """What is in the journal, oldest first, with raw."""
        with self.store.read() as view:
            return [view.journal.get(row.id) for row in reversed(view.journal.recent(limit=10_000))]

    def wire(self, **options: Any) -> Wire:
        """A raw client that was greeted; hung up with the house at the latest."""
        self.wires.append(Wire(self.port, **options))
        return self.wires[-1]

    def recipient(self, to: str = OWN[0], sender: str = "a@client.example") -> Wire:
        """A raw client whose transaction has a recipient."""
        wire = self.wire()
        for line in ("EHLO client.example", f"MAIL FROM:<{sender}>", f"RCPT TO:<{to}>"):
            reply = wire.say(line)
            assert reply.startswith("250"), reply
        return wire

    def data(self, to: str = OWN[0], sender: str = "a@client.example") -> Wire:
        """A raw client that may send mail text now."""
        wire = self.recipient(to, sender)
        assert wire.say("DATA").startswith("354")
        return wire


@contextmanager
def open_door(
    folder: Path,
    *,
    store: Callable[[Store], Store] = lambda real: real,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    limits: DoorLimits | None = None,
    own: tuple[str, ...] = OWN,
    **settings: Any,
) -> Iterator[House]:
    """A door on a free port; ``store`` may dress the real store, ``settings`` are those of ``[smtp]``."""
    database = folder / "desk" / "otklik.db"
    real = open_store(f"sqlite:///{database}")
    woken: list[int] = []
    with loop_thread() as run:
        door = SmtpDoor(
            SmtpSettings(port=0, **settings),
            own,
            store(real),
            clock,
            lambda: woken.append(1),
            hostname="mx.desk.example",
            limits=limits,
        )
        run(door.start())
        house = House(door, real, database, run, woken)
        try:
            yield house
        finally:
            for wire in house.wires:
                wire.close()
            run(door.stop(2))
            real.close()


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Hold the write lock of a database from a connection of its own."""
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()
