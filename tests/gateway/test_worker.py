"""The worker: three tries, then quarantine with the reason, and the next ones flow on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future

import pytest

from gateway.worker import Worker
from intake.errors import StoreUnavailable
from intake.model import Disposition, JournalRow
from intake.reading import Reading
from intake.receiving import Received
from tests.support.desks import TestDesk, a_desk, mail


class PoisonReader:
    """Fails on mails with a marker, like a reader with a mistake in it."""

    def __init__(self, desk: TestDesk) -> None:
        self._desk = desk

    def submit(self, row: JournalRow) -> Future[Reading]:
        if b"POISON" not in row.raw:
            return self._desk.worker._reader.submit(row)
        future: Future[Reading] = Future()
        future.set_exception(ZeroDivisionError("of this mail"))
        return future


class StoreAway:
    """Receives, but for so many times at the start the store does not answer."""

    def __init__(self, desk: TestDesk, times: int) -> None:
        self._desk = desk
        self._times = times

    def receive(self, batch: Sequence[tuple[JournalRow, Reading]]) -> list[Received]:
        self._times -= 1
        if self._times >= 0:
            return [Received(row.id, error=StoreUnavailable("away")) for row, _ in batch]
        return self._desk.receiver.receive(batch)


@pytest.fixture
def desk(store_url: str) -> Iterator[TestDesk]:
    with a_desk(store_url) as made:
        yield made


def drain(worker: Worker) -> None:
    while worker.process_due():
        pass


def test_a_poison_mail_is_tried_three_times_then_quarantined_visibly(desk: TestDesk) -> None:
    worker = Worker(desk.store, desk.receiver, PoisonReader(desk), desk.clock)
    poison = desk.arrive(mail("POISON", message_id="<p@x.example>"))
    for n in range(3):
        good = desk.arrive(mail(f"Добрая {n}", message_id=f"<{n}@x.example>"))
        drain(worker)
        with desk.store.read() as tx:
            assert tx.journal.get(good).disposition is Disposition.TICKET
            row = tx.journal.get(poison)
        assert row.disposition is (Disposition.QUARANTINED if n == 2 else Disposition.NEW)
        assert row.cause == "ZeroDivisionError: of this mail"
        desk.clock.forward(minutes=5)
    with desk.store.read() as tx:
        assert [r.id for r in tx.journal.recent("quarantined")] == [poison]
        assert b"POISON" in tx.journal.get(poison).raw


def test_a_quarantined_mail_is_replayed_by_todays_code(desk: TestDesk) -> None:
    worker = Worker(desk.store, desk.receiver, PoisonReader(desk), desk.clock)
    poison = desk.arrive(mail("POISON", message_id="<p@x.example>"))
    for _ in range(3):
        drain(worker)
        desk.clock.forward(minutes=5)
    until = desk.clock.forward(minutes=5)
    desk.store.write(lambda tx: tx.journal.reopen(poison, until))
    with desk.store.read() as tx:
        row = tx.journal.get(poison)
    desk.worker.process([row])
    with desk.store.read() as tx:
        assert tx.journal.get(poison).disposition is Disposition.TICKET


def test_a_row_two_workers_hold_is_processed_once(desk: TestDesk) -> None:
    row_id = desk.arrive(mail())
    with desk.store.read() as tx:
        row = tx.journal.get(row_id)
    desk.worker.process([row])
    desk.worker.process([row])
    with desk.store.read() as tx:
        assert len(tx.tickets.find({}, 10)) == 1
    assert len(desk.letters()) == 1


def test_a_lease_that_ran_out_is_taken_again(desk: TestDesk) -> None:
    desk.arrive(mail())
    now = desk.clock()
    until = desk.clock.forward(minutes=2)
    assert len(desk.store.write(lambda tx: tx.journal.lease(now, until, 10))) == 1
    assert desk.store.write(lambda tx: tx.journal.lease(now, until, 10)) == []
    desk.clock.forward(seconds=1)
    desk.process()
    with desk.store.read() as tx:
        assert len(tx.tickets.find({}, 10)) == 1


def test_what_a_killed_gateway_held_is_free_at_once(desk: TestDesk) -> None:
    desk.arrive(mail())
    now = desk.clock()
    until = desk.clock.forward(minutes=2)
    desk.store.write(lambda tx: tx.journal.lease(now, until, 10))
    desk.store.write(lambda tx: tx.journal.release(now))
    desk.process()
    with desk.store.read() as tx:
        assert len(tx.tickets.find({}, 10)) == 1


def test_a_batch_the_store_failed_under_is_tried_when_the_store_is_back(desk: TestDesk) -> None:
    worker = Worker(desk.store, StoreAway(desk, 1), desk.worker._reader, desk.clock)  # type: ignore[arg-type]
    desk.arrive(mail())
    with pytest.raises(StoreUnavailable):
        worker.process_due()
    assert worker.process_due() == 1
    assert worker.process_due() == 0
    assert len(desk.letters()) == 1


def test_a_batch_that_fails_twice_does_not_hold_up_the_next(desk: TestDesk) -> None:
    worker = Worker(desk.store, StoreAway(desk, 2), desk.worker._reader, desk.clock)  # type: ignore[arg-type]
    first = desk.arrive(mail())
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            worker.process_due()
    second = desk.arrive(mail("Второе", message_id="<2@x.example>"))
    assert worker.process_due() == 1
    with desk.store.read() as tx:
        assert tx.journal.get(second).disposition is Disposition.TICKET
        assert tx.journal.get(first).disposition is Disposition.NEW
    desk.clock.forward(minutes=3)
    drain(worker)
    with desk.store.read() as tx:
        assert tx.journal.get(first).disposition is Disposition.TICKET
