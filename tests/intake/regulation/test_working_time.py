from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from intake.regulation import OutsideCalendar, WorkingCalendar, WorkingTime, load_rules, shipped_calendar, shipped_text
from intake.regulation.calendar import DayKind
from tests.intake.regulation.building import MOSCOW, amounts, instants, moscow, regulation_with

HOURS = load_rules(shipped_text()).hours
WORKING = WorkingTime(shipped_calendar(), HOURS, MOSCOW)
HOUR = timedelta(hours=1)
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("start", "due", "why"),
    [
        ("2026-05-08 18:30", "2026-05-12 10:30", "over the Victory Day weekend"),
        ("2026-05-13 18:00", "2026-05-13 19:00", "exactly 60 minutes at closing time end at closing time"),
        ("2026-05-13 19:00", "2026-05-14 11:00", "at closing time the desk is closed"),
        ("2026-05-13 10:00", "2026-05-13 11:00", "at opening time it is open"),
        ("2026-05-13 09:59:59.999999", "2026-05-13 11:00", "before opening nothing counts"),
        ("2026-05-13 18:30:00.000001", "2026-05-14 10:30:00.000001", "a microsecond past carries over the night"),
        ("2025-10-31 18:30", "2025-11-01 10:30", "a moved working Saturday is worked"),
        ("2025-11-01 18:30", "2025-11-05 10:30", "the Monday it was moved from is off"),
        ("2025-12-30 18:30", "2026-01-12 10:30", "New Year holidays"),
        ("2026-12-30 18:59", "2027-01-11 10:59", "a moved 31 December"),
        ("2027-02-19 19:00", "2027-02-20 11:00", "the working Saturday of 2027"),
        ("2027-02-20 18:30", "2027-02-24 10:30", "and the Monday off for it"),
        ("2026-03-06 12:00", "2026-03-06 13:00", "a pre-holiday day keeps its hours"),
    ],
)
def test_an_hour_of_working_time_ends_as_the_calendar_says(start: str, due: str, why: str) -> None:
    assert WORKING.add(moscow(start), HOUR) == moscow(due), why


@given(start=instants, amount=amounts)
def test_what_is_added_lies_between(start: datetime, amount: timedelta) -> None:
    assert WORKING.between(start, WORKING.add(start, amount)) == amount


@given(start=instants, one=amounts, other=amounts)
def test_adding_twice_is_adding_the_sum(start: datetime, one: timedelta, other: timedelta) -> None:
    assert WORKING.add(WORKING.add(start, one), other) == WORKING.add(start, one + other)


@given(start=instants, other=instants, amount=amounts)
def test_who_comes_earlier_is_due_no_later(start: datetime, other: datetime, amount: timedelta) -> None:
    first, second = sorted((start.astimezone(UTC), other.astimezone(UTC)))
    assert WORKING.add(first, amount) <= WORKING.add(second, amount)


@given(start=instants, less=amounts, more=amounts)
def test_a_longer_term_ends_later(start: datetime, less: timedelta, more: timedelta) -> None:
    assert WORKING.add(start, less) < WORKING.add(start, less + more)


@given(start=instants, amount=amounts)
def test_a_deadline_lies_in_working_time_or_at_its_closing(start: datetime, amount: timedelta) -> None:
    due = WORKING.add(start, amount)
    assert WORKING.is_working(due - timedelta.resolution)


@given(start=instants, end=instants)
def test_time_backwards_is_negative(start: datetime, end: datetime) -> None:
    assert WORKING.between(start, end) == -WORKING.between(end, start)


@given(at=instants)
def test_the_next_opening_is_the_first_working_instant(at: datetime) -> None:
    opening = WORKING.next_opening(at)
    assert WORKING.is_working(opening)
    assert WORKING.between(at, opening) == timedelta(0)
    assert (opening == at.astimezone(UTC)) == WORKING.is_working(at)


def test_nothing_added_changes_nothing() -> None:
    assert WORKING.add(moscow("2026-05-09 12:00"), timedelta(0)) == moscow("2026-05-09 12:00")


def test_answers_are_in_utc() -> None:
    assert WORKING.add(moscow("2026-05-13 12:00"), HOUR).tzinfo is UTC


@pytest.mark.parametrize(
    ("sent", "days", "due"),
    [
        ("2026-05-08 09:00", 1, "2026-05-12 19:00"),
        ("2026-05-08 18:30", 3, "2026-05-14 19:00"),
        ("2026-05-09 12:00", 1, "2026-05-12 19:00"),
        ("2026-12-29 23:59", 5, "2027-01-14 19:00"),
        ("2025-10-31 12:00", 1, "2025-11-01 19:00"),
    ],
)
def test_the_day_of_sending_is_day_nought(sent: str, days: int, due: str) -> None:
    assert WORKING.closing_of_nth_working_day_after(moscow(sent), days) == moscow(due)


@pytest.mark.parametrize("number", [1, 2, 21, 400])
def test_working_days_are_counted_back_as_they_are_forward(number: int) -> None:
    there = WORKING.working_day_after(date(2026, 5, 8), number)
    assert WORKING.working_day_after(there, -number) == date(2026, 5, 8)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="no offset"):
        WORKING.add(datetime(2026, 5, 8, 12), HOUR)  # noqa: DTZ001


def test_working_time_is_never_taken_away() -> None:
    with pytest.raises(ValueError, match="added"):
        WORKING.add(moscow("2026-05-08 12:00"), -HOUR)


@dataclass(frozen=True)
class CountingCalendar(WorkingCalendar):
    """Counts how often a day is asked for."""

    asked: list[date] = field(default_factory=list)

    def kind(self, day: date) -> DayKind:
        self.asked.append(day)
        return "holiday"


def test_a_calendar_without_working_days_is_an_error_after_one_look_at_each_day() -> None:
    never = CountingCalendar(2025, 2034, 2027, {}, frozenset())
    working = WorkingTime(never, HOURS, MOSCOW)
    at = moscow("2025-01-01 12:00")
    with pytest.raises(OutsideCalendar):
        working.add(at, HOUR)
    with pytest.raises(OutsideCalendar):
        working.next_opening(at)
    with pytest.raises(OutsideCalendar):
        working.closing_of_nth_working_day_after(at, 1)
    assert len(never.asked) == len(set(never.asked)) == (date(2035, 1, 1) - date(2025, 1, 1)).days


@pytest.mark.parametrize("text", ["1999-12-31 20:00", "2051-01-01 12:00", "0001-01-01 00:00", "9999-12-31 23:59"])
def test_years_the_calendar_does_not_hold_are_an_error(text: str) -> None:
    with pytest.raises(OutsideCalendar):
        WORKING.add(moscow(text), HOUR)


def test_an_hour_the_clocks_skip_is_not_worked_and_one_they_repeat_is_worked_twice() -> None:
    nights = regulation_with(
        ('opens = "10:00"', 'opens = "00:00"'),
        ('closes = "19:00" ', 'closes = "09:00" '),
        ("extra_working_days = [] ", "extra_working_days = [2026-03-08, 2026-11-01] "),
        zone=NEW_YORK,
    ).working
    spring, autumn = date(2026, 3, 8), date(2026, 11, 1)
    assert nights.closing(spring) - nights.opening(spring) == 8 * HOUR
    assert nights.closing(autumn) - nights.opening(autumn) == 10 * HOUR
    before = datetime(2026, 3, 8, 1, 30, tzinfo=NEW_YORK)
    assert nights.add(before, HOUR).astimezone(NEW_YORK).time() == time(3, 30)
    once = datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK)
    again = once.replace(fold=1)
    assert nights.add(once, HOUR) == again.astimezone(UTC)
    assert nights.between(once, again) == HOUR


def test_hours_that_begin_inside_a_skipped_hour_begin_with_the_jump() -> None:
    rules = regulation_with(
        ('opens = "10:00"', 'opens = "02:30"'),
        ("extra_working_days = [] ", "extra_working_days = [2026-03-08] "),
        zone=NEW_YORK,
    )
    assert rules.working.opening(date(2026, 3, 8)) == datetime(2026, 3, 8, 7, 0, tzinfo=UTC)


def test_a_day_a_zone_left_out_is_no_working_day() -> None:
    apia = WorkingTime(replace(shipped_calendar(), days_off={}), HOURS, ZoneInfo("Pacific/Apia"))
    friday = date(2011, 12, 30)
    assert apia.calendar.is_working_day(friday)
    assert apia.working_day_after(date(2011, 12, 29), 1) == date(2012, 1, 2)


def test_a_desk_that_never_closes_at_night_works_through_midnight() -> None:
    always = regulation_with(('opens = "10:00"', 'opens = "00:00"'), ('closes = "19:00" ', 'closes = "24:00" ')).working
    assert always.add(moscow("2026-05-13 23:30"), HOUR) == moscow("2026-05-14 00:30")
    assert always.add(moscow("2026-05-15 23:30"), HOUR) == moscow("2026-05-18 00:30")


def test_a_short_day_of_the_desk_s_own_closes_early() -> None:
    short = regulation_with(("[hours.own.short_days]\n", '[hours.own.short_days]\n2026-12-30 = "18:00"\n')).working
    assert short.add(moscow("2026-12-30 17:30"), HOUR) == moscow("2027-01-11 10:30")
    assert short.closing_of_nth_working_day_after(moscow("2026-12-29 12:00"), 1) == moscow("2026-12-30 18:00")
