"""Stretches of time with what they are: working, night, weekend, holiday, pause. The material of explanations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from intake.regulation.instants import instant, wall_clock
from intake.regulation.working_time import ONE_DAY, WorkingTime

SegmentKind = Literal["working", "night", "weekend", "holiday", "elapsed", "pause", "day_of_sending", "working_day"]
CLOSED_NAME = "обращение было завершено"
"""The pause of a ticket that was closed and reopened, when nobody waited."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Time from ``start`` to ``end`` (UTC), and whether it counts towards the deadline.

    ``name`` is Russian: a holiday's, a pausing status's, a working day's number; else empty. ``clause`` is None where
    only a rule of the desk's own speaks.
    """

    start: datetime
    end: datetime
    kind: SegmentKind
    counted: bool
    name: str = ""
    clause: str | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """A time that doesn't count: ``reason`` is the key of the status; ``end`` None while it lasts."""

    start: datetime
    end: datetime | None
    reason: str = ""


def day_segments(working: WorkingTime, start: datetime, end: datetime) -> list[Segment]:
    """What the working calendar makes of the time from ``start`` to ``end`` (UTC both)."""
    return _merged(
        _clipped(start, end, (piece for day in _days(working, start, end) for piece in _hours(working, day)))
    )


def counted_days(working: WorkingTime, start: datetime, end: datetime) -> list[Segment]:
    """The days of a term in working days: the day of sending, working days by number, days off."""
    return _merged(_clipped(start, end, _numbered(working, start, end)))


def with_pauses(segments: Iterable[Segment], pauses: Sequence[Pause], names: Mapping[str, str]) -> list[Segment]:
    """The segments with the pauses cut out of them and put in their place, named by their reason."""
    found = list(segments)
    for pause in pauses:
        found = [piece for segment in found for piece in _without(segment, pause, names)]
    return _merged(found)


def _without(segment: Segment, pause: Pause, names: Mapping[str, str]) -> Iterator[Segment]:
    begin = max(segment.start, pause.start)
    finish = segment.end if pause.end is None else min(segment.end, pause.end)
    if begin >= finish:
        yield segment
        return
    if segment.start < begin:
        yield replace(segment, end=begin)
    yield Segment(begin, finish, "pause", False, names.get(pause.reason, pause.reason))
    if finish < segment.end:
        yield replace(segment, start=finish)


def _days(working: WorkingTime, start: datetime, end: datetime) -> Iterator[date]:
    first, last = working.local_day(start), working.local_day(end)
    return (first + timedelta(days=count) for count in range((last - first).days + 1))


def _midnight(working: WorkingTime, day: date) -> datetime:
    return instant(wall_clock(day, time(0), working.zone))


def _whole(working: WorkingTime, day: date, kind: SegmentKind, name: str = "") -> Segment:
    """A day that is none of the desk's hours, resting on §2 unless the desk itself chose it."""
    clause = None if day in working.calendar.own_days else working.hours.clause
    return Segment(_midnight(working, day), _midnight(working, day + ONE_DAY), kind, False, name, clause)


def _hours(working: WorkingTime, day: date) -> Iterator[Segment]:
    kind = working.calendar.kind(day)
    if kind != "working":
        yield _whole(working, day, kind, working.calendar.name(day))
        return
    night = _whole(working, day, "night")
    opens, closes = working.opening(day), working.closing(day)
    yield replace(night, end=opens)
    yield Segment(opens, closes, "working", True, clause=working.hours.clause)
    yield replace(night, start=closes)


def _numbered(working: WorkingTime, start: datetime, end: datetime) -> Iterator[Segment]:
    number = 0
    for place, day in enumerate(_days(working, start, end)):
        kind = working.calendar.kind(day)
        if place == 0:
            yield replace(_whole(working, day, "day_of_sending"), clause=None)
        elif kind == "working":
            number += 1
            yield replace(_whole(working, day, "working_day", f"{number}-й рабочий день"), counted=True)
        else:
            yield _whole(working, day, kind, working.calendar.name(day))


def _clipped(start: datetime, end: datetime, pieces: Iterable[Segment]) -> Iterator[Segment]:
    for piece in pieces:
        begin, finish = max(start, piece.start), min(end, piece.end)
        if begin < finish:
            yield replace(piece, start=begin, end=finish)


def _merged(pieces: Iterable[Segment]) -> list[Segment]:
    """Neighbours of one kind, name and clause as one."""
    found: list[Segment] = []
    for piece in pieces:
        if found and replace(found[-1], end=piece.end) == replace(piece, start=found[-1].start):
            found[-1] = replace(found[-1], end=piece.end)
        else:
            found.append(piece)
    return found
