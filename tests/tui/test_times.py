"""How deadlines are said: live, in working time where that counts, in words as well as in colour."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from intake.model import Source, Status, Ticket, Type
from intake.regulation import shipped_regulation
from tui.times import Due, compact, desk_hours, moment, next_due

RULES = shipped_regulation()
OPENED = datetime(2026, 5, 12, 8, 0, tzinfo=UTC)
TICKET = Ticket(1, "VD-1", Type.BUG, Status.REQUEST, "", Source.EMAIL, OPENED, "2.0")


def said(kind: str, due: datetime, now: datetime, type_: Type = Type.BUG) -> Due:
    return next_due(RULES, replace(TICKET, type=type_, next_due=due, next_due_kind=kind), now)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A Moscow time of May 2026 (12 May is a Tuesday, 9-11 May are off)."""
    return datetime(2026, 5, day, hour, minute, tzinfo=UTC) - timedelta(hours=3)


@pytest.mark.parametrize(
    ("kind", "due", "now", "expected"),
    [
        ("reaction", at(12, 12), at(12, 11), Due("через 1 ч", "running")),
        ("reaction", at(12, 12), at(12, 11, 18), Due("через 42 мин", "running")),
        ("reaction", at(12, 12), at(12, 11, 45), Due("через 15 мин", "near")),
        ("reaction", at(12, 12), at(12, 11, 59) + timedelta(seconds=30), Due("через <1 мин", "near")),
        ("reaction", at(12, 12), at(12, 12), Due("просрочено", "overdue")),
        ("reaction", at(12, 12), at(12, 14, 15), Due("просрочено 2 ч 15 мин", "overdue")),
        ("reaction", at(12, 10, 30), at(8, 18, 30), Due("вт 10:30 (1 ч)", "running")),
        ("reaction", at(12, 10, 30), at(10, 12), Due("вт 10:30 (30 мин)", "running")),
        ("reaction", at(12, 10, 30), at(12, 9, 50), Due("10:30 (30 мин)", "running")),
        ("reaction", at(12, 18, 50), at(13, 9, 0), Due("просрочено 10 мин", "overdue")),
        ("completion", at(12, 22), at(12, 12), Due("через 10 ч", "running")),
        ("completion", at(13, 11), at(12, 12), Due("ср 11:00 (23 ч)", "running")),
        ("completion", at(26, 11), at(12, 12), Due("26 мая 11:00", "running")),
        ("completion", at(12, 14), at(12, 12), Due("через 2 ч", "near")),
    ],
)
def test_a_deadline_is_said_on_its_own_clock(kind: str, due: datetime, now: datetime, expected: Due) -> None:
    assert said(kind, due, now) == expected


def test_an_improvement_counts_down_in_working_time() -> None:
    assert said("completion", at(13, 11), at(12, 18), Type.IMPROVEMENT) == Due("ср 11:00 (2 ч)", "near")


@pytest.mark.parametrize(
    ("status", "type_", "words"),
    [
        (Status.INFO_NEEDED, Type.BUG, "ждём клиента"),
        (Status.CLOSED, Type.BUG, "завершено"),
        (Status.IN_PROGRESS, Type.IMPROVEMENT, "нужна оценка"),
    ],
)
def test_without_a_deadline_it_is_said_why(status: Status, type_: Type, words: str) -> None:
    assert next_due(RULES, replace(TICKET, status=status, type=type_), OPENED) == Due(words, "none")


def test_far_beyond_the_calendar_a_deadline_is_still_said() -> None:
    assert said("reaction", datetime(2150, 1, 1, tzinfo=UTC), OPENED).words == "1 янв 2150 03:00"


def test_durations_are_short() -> None:
    amounts = [
        timedelta(minutes=42),
        timedelta(hours=3, minutes=5),
        timedelta(hours=23, minutes=50),
        timedelta(days=13),
    ]
    assert [compact(amount) for amount in amounts] == ["42 мин", "3 ч 5 мин", "23 ч", "13 дн."]


def test_moments_name_the_day_only_where_it_is_another() -> None:
    now = at(14, 12)
    days = [at(14, 11, 2), at(12, 11, 2), at(3, 11, 2), datetime(2025, 3, 3, 8, tzinfo=UTC)]
    assert [moment(RULES.zone, day, now) for day in days] == ["11:02", "вт 11:02", "3 мая 11:02", "3 мар 2025"]


def test_the_desks_hours_are_said() -> None:
    assert desk_hours(RULES, at(12, 12)) == "работаем до 19:00"
    assert desk_hours(RULES, at(9, 12)) == "закрыто до вт 10:00"
