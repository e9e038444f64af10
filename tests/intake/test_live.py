"""The desk at this moment: what counts as queue, whose reaction counts today, whether the shift is covered now."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.live import Cover, Live, live, quantile
from intake.model import Status
from intake.registries import Turn
from tests.support.desks import TestDesk, a_desk, mail

MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(store_url: str) -> Iterator[TestDesk]:
    """A desk at 11:00 of a working Tuesday, on each kind of database."""
    with a_desk(store_url) as made:
        yield made


def now_at(desk: TestDesk) -> Live:
    with desk.store.read() as tx:
        return live(tx, desk.regulations.at(desk.clock()), desk.clock())


def receive(desk: TestDesk, number: int) -> int:
    row = desk.receive(mail(subject=f"Вопрос {number}", message_id=f"<{number}@roscha.example>"))
    assert row.ticket is not None
    return row.ticket


def test_an_empty_desk_has_no_quantiles(desk: TestDesk) -> None:
    found = now_at(desk)
    assert (found.queue, found.overdue, found.reactions, found.p50, found.p95) == (0, 0, 0, None, None)


def test_the_queue_is_what_is_open_and_its_overdue_part(desk: TestDesk) -> None:
    for number in (1, 2, 3):
        receive(desk, number)
    desk.desk.close(1001, "boris")
    desk.clock.forward(minutes=61)
    desk.desk.take(1002, "boris")
    found = now_at(desk)
    assert (found.queue, found.overdue) == (2, 1)


def test_reactions_of_today_are_measured_in_working_time_whatever_became_of_the_ticket(desk: TestDesk) -> None:
    desk.clock.now = datetime(2026, 5, 12, 15, 40, tzinfo=UTC)
    evening = receive(desk, 1)
    yesterday = receive(desk, 2)
    spam = receive(desk, 3)
    desk.desk.take(yesterday, "boris")
    desk.clock.now = datetime(2026, 5, 13, 7, 10, tzinfo=UTC)
    desk.desk.take(evening, "boris")
    desk.desk.spam(spam, "anna")
    closed = receive(desk, 4)
    waiting = receive(desk, 5)
    desk.clock.forward(minutes=6)
    desk.desk.close(closed, "anna")
    desk.desk.set_status(waiting, Status.INFO_NEEDED, "anna")
    found = now_at(desk)
    assert (found.reactions, found.p50, found.p95) == (3, 6 * MINUTE, 27.6 * MINUTE)


def test_the_day_begins_at_the_desk_s_midnight(desk: TestDesk) -> None:
    desk.clock.now = datetime(2026, 5, 12, 20, 59, tzinfo=UTC)
    desk.desk.take(receive(desk, 1), "boris")
    assert now_at(desk).reactions == 1
    desk.clock.forward(minutes=1)
    assert now_at(desk).reactions == 0


def test_a_letter_of_the_desk_is_no_human_reaction(desk: TestDesk) -> None:
    receive(desk, 1)
    desk.clock.forward(minutes=5)
    assert now_at(desk).reactions == 0


def test_the_shift_is_whoever_is_there_now_against_what_is_asked_for(desk: TestDesk) -> None:
    today = date(2026, 5, 12)
    turns = [Turn(today, "anna", time(10), time(19)), Turn(today, "boris", time(12), time(19))]
    desk.store.write(lambda tx: tx.shifts.put(turns))
    assert now_at(desk).cover == Cover(1, 0, 3, 1, True)
    desk.clock.forward(hours=1)
    assert now_at(desk).cover == Cover(2, 1, 3, 1, True)
    assert now_at(desk).cover.short
    desk.clock.forward(hours=8)
    assert now_at(desk).cover == Cover(0, 0, 0, 0, True)
    assert not now_at(desk).cover.short
    desk.clock.forward(hours=16)
    assert now_at(desk).cover == Cover(0, 0, 3, 1, False)


@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=40))
def test_quantiles_are_those_of_the_library(minutes: list[int]) -> None:
    ordered = sorted(minutes)
    found = [quantile([m * MINUTE for m in ordered], percent) for percent in (50, 95)]
    cuts = statistics.quantiles(ordered, n=100, method="inclusive")
    for one, cut in zip(found, (cuts[49], cuts[94]), strict=True):
        assert one is not None
        assert abs(one - cut * MINUTE) < timedelta(milliseconds=1)
