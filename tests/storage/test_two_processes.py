"""Two stores on one database, as two processes have: what one takes, the other does not get."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TypeVar

import pytest

from intake.errors import Conflict
from intake.model import Disposition, Letter, Ticket
from intake.ports import Outcome, Transaction
from intake.ratings import Ask
from storage import open_store
from storage.store import DatabaseStore
from tests.support.arrivals import NOW, a_ticket, arrival

T = TypeVar("T")
LATER = NOW + timedelta(minutes=2)


@pytest.fixture
def stores(store_url: str) -> Iterator[tuple[DatabaseStore, DatabaseStore]]:
    both = open_store(store_url), open_store(store_url)
    yield both
    for store in both:
        store.close()


def at_once(stores: tuple[DatabaseStore, ...], work: Callable[[Transaction], T], times: int = 1) -> list[T]:
    """Have every store do it so often, starting together; all results."""
    gate = threading.Barrier(len(stores))

    def many(store: DatabaseStore) -> list[T]:
        gate.wait(20)
        return [store.write(work) for _ in range(times)]

    with ThreadPoolExecutor(len(stores)) as pool:
        return [result for results in pool.map(many, stores) for result in results]


def test_a_journal_row_is_leased_to_one(stores: tuple[DatabaseStore, DatabaseStore]) -> None:
    stores[0].write(lambda tx: [tx.journal.keep(arrival(n)) for n in range(300)])
    leased = at_once(stores, lambda tx: [row.id for row in tx.journal.lease(NOW, LATER, 10)], times=20)
    ids = [row for batch in leased for row in batch]
    assert sorted(ids) == sorted(set(ids))
    assert len(ids) == 300


def test_a_journal_row_is_finished_once(stores: tuple[DatabaseStore, DatabaseStore]) -> None:
    row = stores[0].write(lambda tx: tx.journal.keep(arrival(1)))
    assert row is not None

    def finish(tx: Transaction) -> bool:
        try:
            tx.journal.finish(row, Outcome(Disposition.IGNORED, "test"))
        except Conflict:
            return False
        return True

    assert sorted(at_once(stores, finish)) == [False, True]


def test_a_letter_is_leased_and_marked_in_flight_by_one(stores: tuple[DatabaseStore, DatabaseStore]) -> None:
    letter = Letter("reply", None, "<a@x>", ("c@x.example",), b"raw", False, "desk@x.example")
    stores[0].write(lambda tx: [tx.outbox.add(letter, NOW) for _ in range(60)])
    leased = at_once(stores, lambda tx: tx.outbox.lease(NOW, LATER, 5), times=12)
    taken = [row for batch in leased for row in batch]
    assert sorted(row.id for row in taken) == list(range(1, 61))
    marked = at_once(stores, lambda tx: [tx.outbox.mark_in_flight(row, NOW) for row in taken])
    assert sorted(flag for flags in marked for flag in flags) == [False] * 60 + [True] * 60


def test_numbers_are_given_once_from_the_very_first(stores: tuple[DatabaseStore, DatabaseStore]) -> None:
    firsts = at_once(stores, lambda tx: tx.tickets.reserve(3), times=30)
    assert sorted(firsts) == list(range(1001, 1001 + 3 * 60, 3))


def test_the_first_value_stands(stores: tuple[DatabaseStore, DatabaseStore]) -> None:
    for n in range(20):
        said = at_once(stores, lambda tx, n=n: tx.notes.set_once(f"key {n}", str(threading.get_ident())))  # type: ignore[misc]
        assert len(set(said)) == 1


def test_the_shipped_rules_are_stored_once(stores: tuple[DatabaseStore, DatabaseStore]) -> None:
    at_once(stores, lambda tx: tx.rules.add("2.0", NOW, "text", "{}", NOW), times=3)
    with stores[0].read() as tx:
        assert [version[0] for version in tx.rules.versions()] == ["2.0"]


def test_drafts_and_notes_of_two_are_written_over_each_other(stores: tuple[DatabaseStore, DatabaseStore]) -> None:
    def write(tx: Transaction) -> None:
        tx.people.keep_draft("anna", 1, "reply", "text", NOW)
        tx.notes.set_value("mark", "1")

    at_once(stores, write, times=20)
    with stores[1].read() as tx:
        assert (tx.people.draft("anna", 1, "reply"), tx.notes.value("mark")) == ("text", "1")


def test_what_is_read_to_be_changed_is_not_changed_meanwhile(stores: tuple[DatabaseStore, DatabaseStore]) -> None:
    stores[0].write(lambda tx: tx.tickets.insert(a_ticket(1001)))

    def change(tx: Transaction) -> None:
        ticket = tx.tickets.get(1001)
        tx.tickets.update(ticket, subject=f"{ticket.subject}+")

    at_once(stores, change, times=30)
    with stores[0].read() as tx:
        assert tx.tickets.get(1001).subject.count("+") == 60


def insert(ticket: Ticket, tx: Transaction) -> None:
    tx.tickets.insert(ticket)


def test_a_contact_is_asked_for_a_mark_by_one(stores: tuple[DatabaseStore, DatabaseStore]) -> None:
    """Both look before either has asked, unless the second is made to wait: then the barrier breaks."""
    tickets = [replace(a_ticket(number), contact_address="Olga@roscha.example") for number in (1001, 1002)]
    for ticket in tickets:
        stores[0].write(partial(insert, ticket))
    looked = threading.Barrier(2)
    numbers = iter(tickets)

    def ask(tx: Transaction) -> bool:
        free = not tx.ratings.asked_after("olga@roscha.example", NOW - timedelta(days=7))
        with suppress(threading.BrokenBarrierError):
            looked.wait(0.5)
        if free:
            number = next(numbers).number
            tx.ratings.add_ask(Ask(f"{number:016}", number, "anna", "2.0", NOW, LATER, "<a@x>"))
        return free

    assert sorted(at_once(stores, ask)) == [False, True]


def test_a_ceiling_holds_for_two(stores: tuple[DatabaseStore, DatabaseStore]) -> None:
    addresses = [f"c{n}@x.example" for n in range(40)]

    def unless_written(tx: Transaction) -> int:
        free = [a for a in addresses if tx.outbox.automatic_since(NOW - timedelta(hours=1), a) < 1]
        for address in free:
            tx.outbox.add(Letter("acknowledgement", None, "<a@x>", (address,), b"raw", True, "desk@x.example"), NOW)
        return len(free)

    assert sum(at_once(stores, unless_written, times=3)) == len(addresses)
