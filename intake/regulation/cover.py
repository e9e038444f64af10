"""The cover rule of §2: at every working minute enough people, enough technical specialists among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise

from intake.regulation.instants import instant, wall_clock
from intake.regulation.rules import Shift
from intake.regulation.working_time import WorkingTime

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody is there from ``start`` until before ``end``. Several of one login count once."""

    login: str
    technical: bool
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """Working time of one day with too few: ``present`` by login, how many ``people`` and ``technical`` are missing."""

    day: date
    start: datetime
    end: datetime
    present: tuple[str, ...]
    people: int
    technical: int


def presence(login: str, technical: bool, day: date, start: time, end: time, zone: tzinfo) -> Presence:
    """A presence by the clocks of a zone; ``end`` of 00:00 is midnight at the end of the day."""
    last = day + ONE_DAY if end == time(0) else day
    return Presence(login, technical, instant(wall_clock(day, start, zone)), instant(wall_clock(last, end, zone)))


def gaps(working: WorkingTime, shift: Shift, presences: Iterable[Presence], first: date, last: date) -> list[Gap]:
    """Where the working time of the days ``first`` to ``last``, both included, is not covered, in order of time.

    Neighbouring gaps differ in who is there. Raises `OutsideCalendar`.
    """
    there = sorted(presences, key=lambda one: one.start)
    found: list[Gap] = []
    for day in _days(first, last):
        if not working.calendar.is_working_day(day):
            continue
        opens, closes = working.opening(day), working.closing(day)
        today = [one for one in there if one.start < closes and one.end > opens]
        for gap in _of_day(shift, today, day, opens, closes):
            before = found[-1] if found else None
            if before is not None and before.end == gap.start and before.present == gap.present:
                found[-1] = replace(before, end=gap.end)
            else:
                found.append(gap)
    return found


def _of_day(shift: Shift, there: list[Presence], day: date, opens: datetime, closes: datetime) -> Iterator[Gap]:
    """Between two neighbouring bounds nobody comes or goes, so one look at each piece is enough."""
    inside = {at for one in there for at in (one.start, one.end) if opens < at < closes}
    for start, end in pairwise(sorted({opens, closes, *inside})):
        present = {one.login: one.technical for one in there if one.start <= start and one.end >= end}
        people = max(0, shift.people - len(present))
        technical = max(0, shift.technical - sum(present.values()))
        if people or technical:
            yield Gap(day, start, end, tuple(sorted(present)), people, technical)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=count) for count in range((last - first).days + 1))
