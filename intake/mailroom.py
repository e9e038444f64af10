"""«Почта»: mail that became no ticket, looked at and, where somebody wishes, processed after all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.errors import Conflict, Refused, StoreUnavailable
from intake.model import Disposition, JournalRow
from intake.ports import Outcome
from intake.reading import Reading

if TYPE_CHECKING:
    from intake.ports import Store, Transaction
    from intake.receiving import Received, Receiver

LEASE = timedelta(minutes=10)
SET_ASIDE = (Disposition.IGNORED, Disposition.QUARANTINED)
"""What «Почта» lists."""


class Mailroom:
    """Acts on journal rows one at a time. ``read`` reads a row's raw mail somewhere it can be stopped."""

    def __init__(
        self, store: Store, receiver: Receiver, read: Callable[[JournalRow], Reading], clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._receiver = receiver
        self._read = read
        self._clock = clock

    def page(self, dispositions: tuple[Disposition, ...], limit: int, before: int | None = None) -> list[JournalRow]:
        """Rows of these dispositions, newest first, below the row ``before``; without raw."""
        with self._store.read() as tx:
            found = [row for one in dispositions for row in tx.journal.recent(one, limit, before)]
        return sorted(found, key=lambda row: row.id, reverse=True)[:limit]

    def look(self, row: int) -> tuple[JournalRow, Reading]:
        """A row and what it says. Raises NotFound, Refused where the raw mail is gone."""
        kept = self._kept(row)
        return kept, self._read(kept)

    def accept(self, row: int, by: str) -> JournalRow:
        """Make a ticket of a mail that was ignored or quarantined, or a message of the ticket it belongs to; ``by`` is
        the agent who says so. What may get no automatic letter still gets none. Raises Refused."""
        kept = self._kept(row)
        reading = self._read(kept)
        verdict = replace(reading.verdict, becomes="ticket", rule="chosen", why=f"chosen by {by}")
        return self._again(kept, replace(reading, verdict=verdict, chosen_by=by), SET_ASIDE)

    def replay(self, row: int) -> JournalRow:
        """Process a mail again with today's code. A ticket's message is read again in its place; nothing is opened or
        sent twice. Raises Refused."""
        kept = self._kept(row)
        reading = self._read(kept)
        if kept.message is not None and kept.disposition is not Disposition.DUPLICATE:
            self._receiver.read_again(kept, reading)
            return kept
        return self._again(kept, reading, tuple(Disposition))

    def _kept(self, row: int) -> JournalRow:
        with self._store.read() as tx:
            found = tx.journal.get(row)
        if not found.raw:
            raise Refused(f"journal row {row}: its raw mail is gone (retention or erasure), there is nothing to read")
        return found

    def _again(self, kept: JournalRow, reading: Reading, allowed: tuple[Disposition, ...]) -> JournalRow:
        until = self._clock() + LEASE

        def take(tx: Transaction) -> None:
            now = tx.journal.get(kept.id)
            if now.disposition not in allowed:
                where = f" of ticket {now.ticket}" if now.ticket is not None else ""
                raise Refused(f"journal row {kept.id} is {now.disposition}{where}: nothing is set aside there")
            tx.journal.reopen(kept.id, until)

        self._store.write(take)
        (done,) = self._receiver.receive([(kept, reading)])
        self._settle(kept, done)
        with self._store.read() as tx:
            return tx.journal.get(kept.id)

    def _settle(self, kept: JournalRow, done: Received) -> None:
        """What failed is quarantined with its cause, as a worker does in the end; own trouble is the caller's."""
        if done.error is None or isinstance(done.error, Conflict):
            return
        if isinstance(done.error, StoreUnavailable):
            raise done.error
        outcome = Outcome(Disposition.QUARANTINED, f"{type(done.error).__name__}: {done.error}"[:500])
        self._store.write(lambda tx: tx.journal.finish(kept.id, outcome))
