"""Journal to intake: takes rows, has them read where that can be stopped, hands them to the receiver."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

import structlog

from intake.errors import Conflict, StoreUnavailable
from intake.model import Disposition, JournalRow
from intake.ports import Outcome
from intake.receiving import Received, Receiver

if TYPE_CHECKING:
    from intake.ports import Store, Transaction
    from intake.reading import Reading

log = structlog.get_logger()

BATCH = 32
LEASE = timedelta(minutes=2)
TRIES = 3
PAUSES = (timedelta(seconds=5), timedelta(minutes=1))
IDLE_SECONDS = 5.0
TROUBLE_SECONDS = 1.0


class Reader(Protocol):
    """Reads raw mails somewhere it can be stopped."""

    def submit(self, row: JournalRow) -> Future[Reading]:
        """The reading of a row's raw mail."""


class Worker:
    """Processes the journal. `run` loops on a thread of its own; `process` handles rows at once."""

    def __init__(
        self,
        store: Store,
        receiver: Receiver,
        reader: Reader,
        clock: Callable[[], datetime],
        received: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._receiver = receiver
        self._reader = reader
        self._clock = clock
        self._received = received
        self._in_hand: Sequence[JournalRow] = ()
        self._awake = threading.Event()
        self._stopping = False

    def wake(self) -> None:
        """Something arrived; callable from any thread."""
        self._awake.set()

    def stop(self) -> None:
        """Finish the batch under way and end `run`."""
        self._stopping = True
        self._awake.set()

    def run(self) -> None:
        """Process whatever comes until `stop`."""
        while not self._stopping:
            self._awake.clear()
            try:
                busy = self.process_due()
            except StoreUnavailable as error:
                log.warning("journal not processed now", why=str(error))
                self._awake.wait(TROUBLE_SECONDS)
                continue
            except Exception:
                log.exception("the worker stumbled")
                self._awake.wait(TROUBLE_SECONDS)
                continue
            if not busy and not self._stopping:
                self._awake.wait(IDLE_SECONDS)

    def process_due(self) -> int:
        """One batch of what is due; how many rows it was.

        A batch that the store failed under is tried once more as soon as the store answers, not when its lease ends."""
        now = self._clock()
        with self._store.read() as tx:
            waiting = tx.journal.waiting(now)
        if self._in_hand:
            rows, self._in_hand = self._in_hand, ()
            self.process(rows)
            return len(rows)
        if not waiting:
            return 0
        rows = self._store.write(lambda tx: tx.journal.lease(now, now + LEASE, BATCH))
        try:
            self.process(rows)
        except StoreUnavailable:
            self._in_hand = rows
            raise
        return len(rows)

    def process(self, rows: Sequence[JournalRow]) -> list[Received]:
        """Process rows that are leased to the caller, in order; each ends with an outcome or one more failed try."""
        readings = [(row, self._reader.submit(row)) for row in rows]
        batch: list[tuple[JournalRow, Reading]] = []
        done: list[Received] = []
        for row, future in readings:
            try:
                batch.append((row, future.result()))
            except Exception as error:
                done.append(Received(row.id, error=error))
        done += self._receiver.receive(batch)
        by_id = {row.id: row for row in rows}
        settled = [self._settled(by_id[one.row], one) for one in done]
        self._received()
        return settled

    def _settled(self, row: JournalRow, one: Received) -> Received:
        if one.error is None or isinstance(one.error, Conflict):
            return one
        if isinstance(one.error, StoreUnavailable):
            raise one.error
        cause = f"{type(one.error).__name__}: {one.error}"[:500]
        log.error("mail not processed", row=row.id, attempt=row.attempts + 1, error=type(one.error).__name__)
        if row.attempts + 1 >= TRIES:
            outcome = Outcome(Disposition.QUARANTINED, cause)
            self._store.write(lambda tx: tx.journal.finish(row.id, outcome))
            return Received(row.id, outcome)
        due = self._clock() + PAUSES[min(row.attempts, len(PAUSES) - 1)]

        def postpone(tx: Transaction) -> None:
            tx.journal.postpone(row.id, cause, due)

        self._store.write(postpone)
        return one
