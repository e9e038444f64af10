"""A running term: from when, how much, on which clock, with which pauses. Deadlines and explanations follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from intake.regulation.errors import OutsideCalendar
from intake.regulation.instants import utc
from intake.regulation.rules import ClockMode
from intake.regulation.segments import Pause, Segment, counted_days, day_segments, with_pauses
from intake.regulation.working_time import WorkingTime

CountdownClock = ClockMode | Literal["working_days"]


@dataclass(frozen=True, slots=True)
class Countdown:
    """A term that runs from ``since`` (UTC).

    ``amount`` is elapsed or working time by ``clock``; for ``working_days`` it is ``days`` instead, and pauses don't
    stop it. ``pauses`` are in order and apart. ``rule`` says the term in Russian, ``clause`` what it rests on (None:
    only a rule of the desk's own), ``own_rule`` whether a rule of the desk's own takes part in it.
    """

    since: datetime
    amount: timedelta
    clock: CountdownClock
    rule: str
    clause: str | None
    own_rule: bool
    pauses: tuple[Pause, ...] = ()
    days: int = 0


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a term ends (UTC), and what it rests on; `Countdown` says what the fields mean.

    ``provisional``: it was counted on working days of a year whose decree isn't published yet.
    """

    at: datetime
    since: datetime
    rule: str
    clause: str | None
    own_rule: bool
    provisional: bool


def deadline(working: WorkingTime, countdown: Countdown) -> Deadline | None:
    """The end of a term; None while a pause without an end stands before it. Raises `OutsideCalendar`."""
    at = _end(working, countdown)
    if at is None:
        return None
    provisional = countdown.clock != "calendar" and working.calendar.provisional(working.local_day(at))
    return Deadline(at, countdown.since, countdown.rule, countdown.clause, countdown.own_rule, provisional)


def left(working: WorkingTime, countdown: Countdown, at: datetime) -> timedelta:
    """What of the term is left at an instant, on its own clock (working days: in working time); negative when over."""
    at = utc(at)
    if countdown.clock == "working_days":
        end = working.closing_of_nth_working_day_after(countdown.since, countdown.days)
        return working.between(at, end)
    spent, cursor = timedelta(0), _begin(working, countdown)
    for pause in countdown.pauses:
        if pause.start >= at:
            break
        spent += _measure(working, countdown, cursor, max(cursor, pause.start))
        cursor = at if pause.end is None else max(cursor, min(at, pause.end))
    return countdown.amount - spent - _measure(working, countdown, cursor, max(cursor, at))


def explain(
    working: WorkingTime, countdown: Countdown, until: datetime, names: Mapping[str, str]
) -> tuple[Segment, ...]:
    """The time from the term's beginning to ``until``, piece by piece; ``names`` are the reasons of pauses."""
    since, until = countdown.since, utc(until)
    if countdown.clock == "working_days":
        return tuple(counted_days(working, since, until))
    if countdown.clock == "working":
        found = day_segments(working, since, until)
    else:
        begin = min(_begin(working, countdown), until)
        found = day_segments(working, since, begin) if begin > since else []
        if begin < until:
            found.append(Segment(begin, until, "elapsed", True))
    return tuple(with_pauses(found, countdown.pauses, names))


def in_order(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """Pauses by their beginning, cut where they overlap. Raises ValueError for naive times."""
    found: list[Pause] = []
    for pause in sorted(map(_in_utc, pauses), key=lambda pause: pause.start):
        last = found[-1].end if found else pause.start
        if last is None:
            break
        start = max(last, pause.start)
        if pause.end is None or pause.end > start:
            found.append(Pause(start, pause.end, pause.reason))
    return tuple(found)


def _in_utc(pause: Pause) -> Pause:
    return Pause(utc(pause.start), None if pause.end is None else utc(pause.end), pause.reason)


def _begin(working: WorkingTime, countdown: Countdown) -> datetime:
    if countdown.clock == "calendar_from_opening_hour":
        return working.next_opening(countdown.since)
    return countdown.since


def _end(working: WorkingTime, countdown: Countdown) -> datetime | None:
    if countdown.clock == "working_days":
        return working.closing_of_nth_working_day_after(countdown.since, countdown.days)
    remaining, cursor = countdown.amount, _begin(working, countdown)
    for pause in countdown.pauses:
        passed = _measure(working, countdown, cursor, max(cursor, pause.start))
        if passed >= remaining:
            break
        if pause.end is None:
            return None
        remaining -= passed
        cursor = max(cursor, pause.end)
    return _advance(working, countdown, cursor, remaining)


def _measure(working: WorkingTime, countdown: Countdown, start: datetime, end: datetime) -> timedelta:
    return working.between(start, end) if countdown.clock == "working" else end - start


def _advance(working: WorkingTime, countdown: Countdown, start: datetime, amount: timedelta) -> datetime:
    if countdown.clock == "working":
        return working.add(start, amount)
    try:
        return start + amount
    except OverflowError as error:
        raise OutsideCalendar(f"no date lies that long after {start.date()}") from error
