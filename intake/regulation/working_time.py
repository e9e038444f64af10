"""Working time: the hours of §2 on the days of a working calendar, in the desk's zone.

What is counted is elapsed time, not what the clocks show, so a shift of the zone's clocks inside a working day makes
that day longer or shorter. Intervals are half-open: at closing time the desk is closed. An amount that ends exactly
at closing time ends there, not at the next opening. Every walk ends with the calendar.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import accumulate

from intake.regulation.calendar import WorkingCalendar
from intake.regulation.errors import OutsideCalendar
from intake.regulation.instants import MICROSECOND, instant, ticks, wall_clock
from intake.regulation.rules import Hours

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Year:
    """The working intervals of one local year, in `ticks`; ``before[i]`` is the time worked ahead of interval i."""

    days: list[date]
    opens: list[int]
    closes: list[int]
    before: list[int]
    total: int

    def worked(self, at: int) -> int:
        """Time worked in this year until ``at``."""
        place = bisect_right(self.closes, at)
        if place == len(self.closes):
            return self.total
        return self.before[place] + max(0, at - self.opens[place])

    def reached(self, amount: int) -> int:
        """The first instant at which ``amount`` > 0 of this year is worked."""
        place = bisect_left(self.before, amount) - 1
        return self.opens[place] + amount - self.before[place]


class WorkingTime:
    """Counts working time. Takes aware times in any zone, gives UTC; refuses naive ones with ValueError.

    Everything raises `OutsideCalendar` where the calendar's years are left.
    """

    def __init__(self, calendar: WorkingCalendar, hours: Hours, zone: tzinfo) -> None:
        self.calendar = calendar
        self.hours = hours
        self.zone = zone
        self._years: dict[int, _Year] = {}

    def local_day(self, at: datetime) -> date:
        """The date an instant has in the desk's zone."""
        try:
            return at.astimezone(self.zone).date()
        except OverflowError as error:
            raise OutsideCalendar(f"{at.isoformat()} is outside every calendar") from error

    def opening(self, day: date) -> datetime:
        """When the desk opens on a working day."""
        return instant(self._opens(day))

    def closing(self, day: date) -> datetime:
        """When the desk closes on a working day."""
        return instant(self._closes(day))

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The instant at which ``amount`` of working time has passed since ``start``; ``start`` itself for none."""
        moment, first, left = ticks(start), self._year_of(start), amount // MICROSECOND
        if left < 0:
            raise ValueError("working time is added, not taken away")
        if left == 0:
            return instant(moment)
        left += self._year(first).worked(moment)
        for year in map(self._year, range(first, self.calendar.last_year + 1)):
            if left <= year.total:
                return instant(year.reached(left))
            left -= year.total
        raise self._ended(start)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from ``start`` to ``end``; negative when ``end`` is earlier."""
        begin, finish = ticks(start), ticks(end)
        if finish < begin:
            return -self.between(end, start)
        first, last = self._year_of(start), self._year_of(end)
        passed = sum(self._year(number).total for number in range(first, last))
        return timedelta(microseconds=passed + self._year(last).worked(finish) - self._year(first).worked(begin))

    def is_working(self, at: datetime) -> bool:
        """Whether the desk is open."""
        year, moment = self._year(self._year_of(at)), ticks(at)
        place = bisect_right(year.opens, moment) - 1
        return place >= 0 and moment < year.closes[place]

    def next_opening(self, at: datetime) -> datetime:
        """``at`` itself while the desk is open, else the next opening."""
        moment = ticks(at)
        for number in range(self._year_of(at), self.calendar.last_year + 1):
            year = self._year(number)
            place = bisect_right(year.closes, moment)
            if place < len(year.closes):
                return instant(max(moment, year.opens[place]))
        raise self._ended(at)

    def working_day_after(self, day: date, number: int) -> date:
        """The ``number``-th working day after ``day`` (before it, when negative); ``day`` itself does not count."""
        if number == 0:
            raise ValueError("the 0th working day after a day is no day")
        step = 1 if number > 0 else -1
        left, year = abs(number), day.year
        while self.calendar.first_year <= year <= self.calendar.last_year:
            days = self._year(year).days
            place = bisect_right(days, day) + left - 1 if step > 0 else bisect_left(days, day) - left
            if 0 <= place < len(days):
                return days[place]
            left -= len(days) - bisect_right(days, day) if step > 0 else bisect_left(days, day)
            year += step
        raise OutsideCalendar(f"the working calendar ends before {abs(number)} working days from {day}")

    def closing_of_nth_working_day_after(self, at: datetime, number: int) -> datetime:
        """Closing time of the ``number``-th working day after the day of ``at`` (§7: that day is day 0)."""
        if number < 1:
            raise ValueError("working days are counted from 1")
        ticks(at)
        return self.closing(self.working_day_after(self.local_day(at), number))

    def _ended(self, at: datetime) -> OutsideCalendar:
        years = f"{self.calendar.first_year}–{self.calendar.last_year}"
        return OutsideCalendar(f"not enough working time around {at.date()} in the working calendar {years}")

    def _year_of(self, at: datetime) -> int:
        number = self.local_day(at).year
        if not self.calendar.first_year <= number <= self.calendar.last_year:
            raise OutsideCalendar(
                f"{at.date()} is outside the working calendar {self.calendar.first_year}–{self.calendar.last_year}"
            )
        return number

    def _opens(self, day: date) -> int:
        return wall_clock(day, self.hours.opens, self.zone)

    def _closes(self, day: date) -> int:
        closes = self.hours.short_days.get(day, self.hours.closes)
        return wall_clock(day + ONE_DAY if closes == time(0) else day, closes, self.zone)

    def _year(self, number: int) -> _Year:
        found = self._years.get(number)
        if found is None:
            found = self._years[number] = self._build(number)
        return found

    def _build(self, number: int) -> _Year:
        first = date(number, 1, 1)
        days = (first + timedelta(days=count) for count in range((date(number + 1, 1, 1) - first).days))
        worked = [day for day in days if self.calendar.is_working_day(day)]
        spans = [(day, self._opens(day), self._closes(day)) for day in worked]
        spans = [span for span in spans if span[1] < span[2]]
        sums = list(accumulate((closes - opens for _, opens, closes in spans), initial=0))
        return _Year(
            [day for day, _, _ in spans],
            [opens for _, opens, _ in spans],
            [closes for _, _, closes in spans],
            sums[:-1],
            sums[-1],
        )
