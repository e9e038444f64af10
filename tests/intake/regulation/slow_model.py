"""Working time the slow way: a flag for every minute, set by what the wall clock shows. Uses nothing of the package."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)

Span = tuple[datetime, datetime]


class MinuteModel:
    """Minutes from ``first`` to ``last`` (UTC); minute i is worked when its wall clock time lies in the hours."""

    def __init__(
        self,
        zone: ZoneInfo,
        first: datetime,
        last: datetime,
        is_working_day: Callable[[date], bool],
        opens: str = "10:00",
        closes: str = "19:00",
    ) -> None:
        self.first = first
        self.zone = zone
        self.is_working_day = is_working_day
        worked: dict[date, bool] = {}
        self.flags = bytearray()
        at = first
        while at < last:
            local = at.astimezone(zone)
            day = local.date()
            if day not in worked:
                worked[day] = is_working_day(day)
            self.flags.append(worked[day] and opens <= f"{local.hour:02}:{local.minute:02}" < closes)
            at += MINUTE

    def add(self, start: datetime, amount: timedelta, pauses: Iterable[Span] = ()) -> datetime:
        """Walk on minute by minute until the amount is used up; pauses are on whole minutes and don't count."""
        stops = [(begin.astimezone(UTC), end.astimezone(UTC)) for begin, end in pauses]
        cursor = start.astimezone(UTC)
        while amount > timedelta(0):
            place = (cursor - self.first) // MINUTE
            following = self.first + (place + 1) * MINUTE
            if not self.flags[place]:
                cursor = self.first + self.flags.index(1, place) * MINUTE
                continue
            if not any(begin <= cursor < end for begin, end in stops):
                if amount <= following - cursor:
                    return cursor + amount
                amount -= following - cursor
            cursor = following
        return cursor

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Count the worked minutes, and the worked parts of the first and the last one."""
        return self._until(end) - self._until(start)

    def _until(self, at: datetime) -> timedelta:
        passed = at.astimezone(UTC) - self.first
        place = passed // MINUTE
        return self.flags.count(1, 0, place) * MINUTE + self.flags[place] * (passed - place * MINUTE)

    def closing_after(self, start: datetime, days: int, closes_hour: int = 19) -> datetime:
        """Closing time of the N-th working day after the day of ``start``."""
        day = start.astimezone(self.zone).date()
        while days:
            day += timedelta(days=1)
            days -= self.is_working_day(day)
        return datetime(day.year, day.month, day.day, closes_hour, tzinfo=self.zone).astimezone(UTC)
