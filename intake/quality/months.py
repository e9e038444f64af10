"""Calendar months in the desk's zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo

from intake.regulation.instants import instant, wall_clock

NAMES = (
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of a year; ``str`` is "2026-09"."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """From "2026-09". Raises ValueError."""
        found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text)
        if found is None or not 1970 <= int(found[1]) <= 9998:
            raise ValueError(f"{text!r} is no month: write YYYY-MM")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, at: datetime, zone: tzinfo) -> Month:
        """The month an instant belongs to."""
        local = at.astimezone(zone)
        return cls(local.year, local.month)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @property
    def words(self) -> str:
        """In Russian: "сентябрь 2026"."""
        return f"{NAMES[self.number - 1]} {self.year}"

    def plus(self, months: int) -> Month:
        """So many months later, or earlier."""
        total = self.year * 12 + self.number - 1 + months
        return Month(total // 12, total % 12 + 1)

    @staticmethod
    def span(first: Month, last: Month) -> list[Month]:
        """The months from the first to the last, both included; none where the last is earlier."""
        return [first.plus(n) for n in range((last.year - first.year) * 12 + last.number - first.number + 1)]

    def bounds(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """[since, until) in UTC: from midnight of the first to midnight of the next first, on the zone's clocks."""
        return self._midnight(zone), self.plus(1)._midnight(zone)

    def _midnight(self, zone: tzinfo) -> datetime:
        return instant(wall_clock(date(self.year, self.number, 1), time(0), zone))
