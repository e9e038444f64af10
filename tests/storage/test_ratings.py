"""Questions and votes on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from intake.errors import Refused
from intake.model import Source, Status, Ticket, Type
from intake.ratings import Ask, FrozenMonth, Vote
from storage import open_store
from storage.store import DatabaseStore

NOW = datetime(2026, 5, 12, 8, 0, tzinfo=UTC)
TICKET = Ticket(
    number=7,
    key="VD-7",
    type=Type.BUG,
    status=Status.CLOSED,
    subject="Чек",
    source=Source.EMAIL,
    opened_at=NOW,
    updated_at=NOW,
    regulation="2.0",
    contact_address="Olga@Roscha.example",
)
ASK = Ask("0a1b2c3d4e5f6071", 7, "boris", "2.0", NOW, NOW + timedelta(days=7), "<1@desk.example>")


@pytest.fixture
def store(store_url: str) -> Iterator[DatabaseStore]:
    """A desk with one ticket."""
    made = open_store(store_url)
    made.write(lambda tx: tx.tickets.insert(TICKET))
    yield made
    made.close()


def test_a_question_is_found_by_its_nonce_and_its_ticket(store: DatabaseStore) -> None:
    later = Ask(
        "ffff2c3d4e5f6071", 7, "anna", "2.0", NOW + timedelta(days=8), NOW + timedelta(days=15), "<2@d.example>"
    )
    for ask in (ASK, later):
        store.write(lambda tx, ask=ask: tx.ratings.add_ask(ask))  # type: ignore[misc]
    with store.read() as tx:
        assert (tx.ratings.ask(ASK.nonce), tx.ratings.ask("nothing"), tx.ratings.last_ask(7)) == (ASK, None, later)
        assert tx.ratings.last_ask(8) is None


@pytest.mark.parametrize(
    ("contact", "after", "asked"),
    [
        ("olga@roscha.example", NOW - timedelta(seconds=1), True),
        ("OLGA@roscha.example", NOW, False),
        ("petr@roscha.example", NOW - timedelta(days=9), False),
    ],
)
def test_who_was_asked_after_a_time_is_known(store: DatabaseStore, contact: str, after: datetime, asked: bool) -> None:
    store.write(lambda tx: tx.ratings.add_ask(ASK))
    with store.read() as tx:
        assert tx.ratings.asked_after(contact, after) is asked


def test_votes_come_back_in_order_of_time(store: DatabaseStore) -> None:
    first = Vote(7, "boris", 5, "Спасибо\0", NOW, "page")
    second = Vote(7, "boris", 2, "", NOW + timedelta(days=8), "mail", "late")
    for vote in (second, first):
        store.write(lambda tx, vote=vote: tx.ratings.add_vote(vote))  # type: ignore[misc]
    with store.read() as tx:
        found = tx.ratings.votes([7, *range(100, 1300)])
    assert [(v.score, v.comment, v.at, v.door, v.left_out) for v in found] == [
        (5, "Спасибо", NOW, "page", None),
        (2, "", NOW + timedelta(days=8), "mail", "late"),
    ]


def test_a_month_is_frozen_once(store: DatabaseStore) -> None:
    frozen = FrozenMonth("2026-05", NOW, "anna", "0" * 64, "{}", "[]")
    store.write(lambda tx: tx.ratings.freeze(frozen))
    with pytest.raises(Refused):
        store.write(lambda tx: tx.ratings.freeze(frozen))
    with store.read() as tx:
        assert (tx.ratings.frozen("2026-05"), tx.ratings.frozen("2026-04")) == (frozen, None)


@pytest.mark.parametrize(("taken", "after", "following"), [(0, 500, 501), (3, 2000, 2001), (3, 500, 1004), (0, 2, 8)])
def test_numbers_go_on_after_the_highest(store: DatabaseStore, taken: int, after: int, following: int) -> None:
    if taken:
        store.write(lambda tx: tx.tickets.reserve(taken))
    store.write(lambda tx: tx.ratings.go_on_after(after))
    assert store.write(lambda tx: tx.tickets.reserve(1)) == following
