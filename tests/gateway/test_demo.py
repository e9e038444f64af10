"""The throw-away desk: it lives by itself, in working hours, and leaves nothing behind."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from gateway.demo import INTO_THE_DAY, Demo, demo, working_shift
from gateway.demo_mails import ARRIVING, BEGINNING
from intake.model import Delivery, Ticket
from intake.regulation import shipped_regulation

PATIENCE = 60.0


@pytest.mark.parametrize(
    "now",
    [datetime(2026, 5, day, hour, tzinfo=UTC) for day in (8, 9, 12) for hour in (0, 6, 7, 8, 12, 15, 16, 23)],
    ids=str,
)
def test_the_demos_clock_stands_in_working_hours_and_not_at_their_beginning(now: datetime) -> None:
    regulation = shipped_regulation()
    moved = now + working_shift(regulation, now)
    assert regulation.working.is_working(moved)
    assert regulation.working.is_working(moved - INTO_THE_DAY)
    assert regulation.working.is_working(now) == (moved - now < timedelta(hours=2))


def until(found: Callable[[], object]) -> None:
    """Wait for something to come true."""
    deadline = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.05)


def tickets(made: Demo) -> list[Ticket]:
    """Every ticket."""
    with made.parts.store.read() as tx:
        return tx.tickets.find({}, 1000)


def test_a_demo_has_a_past_goes_on_by_itself_and_is_gone_at_the_end() -> None:
    with demo(seconds_between=(0.2, 0.4)) as made:
        folder = made.log.parent
        past = tickets(made)
        assert len(past) >= len(BEGINNING)
        assert {t.status for t in past} >= {"request", "in_progress", "info_needed", "analysis", "closed"}
        assert {t.type for t in past} == {"consultation", "bug", "improvement"}
        until(lambda: len(tickets(made)) > len(BEGINNING) + 2)
        until(lambda: any(t.awaiting_since is not None for t in tickets(made)))
        with made.parts.store.read() as tx:
            assert any(letter.state is Delivery.SENT for letter in tx.outbox.recent(limit=100))
    assert not folder.exists()


def test_nobody_in_the_demo_is_real() -> None:
    for told in (*BEGINNING, *ARRIVING):
        assert told.address.endswith(".example")
        assert told.subject
        assert told.body
