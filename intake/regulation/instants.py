"""Exact instants: microseconds of the epoch, and wall clock times of a zone that shifts its clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from intake.regulation.errors import OutsideCalendar

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def ticks(at: datetime) -> int:
    """Microseconds since the epoch. Raises ValueError for a naive time."""
    if at.utcoffset() is None:
        raise ValueError(f"{at.isoformat()} has no offset from UTC")
    return (at - EPOCH) // MICROSECOND


def instant(ticks_: int) -> datetime:
    """The UTC time of `ticks`."""
    return EPOCH + timedelta(microseconds=ticks_)


def utc(at: datetime) -> datetime:
    """The same instant in UTC. Raises ValueError for a naive time, `OutsideCalendar` where UTC has no such year.

    Times of one zone are compared and subtracted by what its clocks show, which is wrong across their shifts: so
    every time that comes in goes through here first.
    """
    if at.utcoffset() is None:
        raise ValueError(f"{at.isoformat()} has no offset from UTC")
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise OutsideCalendar(f"{at.isoformat()} is outside every calendar") from error


def wall_clock(day: date, at: time, zone: tzinfo) -> int:
    """The `ticks` at which the clocks of a zone first show ``at`` on ``day`` or, where they skip it, jump past it."""
    local = datetime.combine(day, at, tzinfo=zone)
    found = ticks(local)
    back = instant(found).astimezone(zone)
    if back.replace(tzinfo=None) == local.replace(tzinfo=None):
        return found
    return _jump(ticks(local.replace(fold=1)), found, zone)


def _jump(before: int, after: int, zone: tzinfo) -> int:
    """The instant between two `ticks` at which the zone's offset changes, found by halving."""
    offset = instant(before).astimezone(zone).utcoffset()
    while after - before > 1:
        middle = (before + after) // 2
        if instant(middle).astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after
