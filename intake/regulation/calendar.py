"""Which days are working days: the production calendar with the desk's own changes, frozen as data.

A version of the rules is stored with the calendar it was computed with, so an upgrade of the library that knows the
holidays moves no promised date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from intake.regulation.errors import OutsideCalendar, RegulationError
from intake.regulation.rules import Hours

DayKind = Literal["working", "weekend", "holiday"]
SHIPPED = "calendar-2.0.json"
FIRST_YEAR, LAST_YEAR = 2000, 2050
OWN_DAY_OFF = "Выходной службы поддержки"
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Days off and working days of the years ``first_year`` to ``last_year``, both included.

    ``days_off`` names holidays and moved days off (those that fall on a weekend too), ``working_weekends`` are the
    weekends worked; every other Saturday and Sunday is off, every other weekday is worked. Days of the desk's own
    (no clause names them) stand in ``own_days`` as well. Years after ``confirmed_through`` have no decree yet.
    """

    first_year: int
    last_year: int
    confirmed_through: int
    days_off: Mapping[date, str]
    working_weekends: frozenset[date]
    own_days: frozenset[date] = frozenset()

    def kind(self, day: date) -> DayKind:
        """What a day is. Raises `OutsideCalendar`."""
        if not self.first_year <= day.year <= self.last_year:
            raise OutsideCalendar(f"{day} is outside the working calendar {self.first_year}–{self.last_year}")
        if day in self.days_off:
            return "holiday"
        if day.weekday() >= SATURDAY and day not in self.working_weekends:
            return "weekend"
        return "working"

    def is_working_day(self, day: date) -> bool:
        """Whether a day is worked. Raises `OutsideCalendar`."""
        return self.kind(day) == "working"

    def name(self, day: date) -> str:
        """The Russian name of a holiday or moved day off; empty for every other day."""
        return self.days_off.get(day, "")

    def holiday(self, day: date) -> str:
        """The holiday a day is itself (a moved day off only stands for another day); else empty."""
        name = self.name(day).removesuffix(" (выходной)")
        return "" if name.startswith("Выходной") else name

    def provisional(self, day: date) -> bool:
        """Whether a day's year still waits for its decree."""
        return day.year > self.confirmed_through

    def with_own_days(self, hours: Hours) -> WorkingCalendar:
        """This calendar with the desk's own days off and working days, confirmed as far as the rules say."""
        days_off = {day: name for day, name in self.days_off.items() if day not in hours.extra_working_days}
        days_off.update(dict.fromkeys(hours.extra_days_off, OWN_DAY_OFF))
        weekends = {day for day in hours.extra_working_days if day.weekday() >= SATURDAY}
        return replace(
            self,
            confirmed_through=hours.confirmed_through,
            days_off=dict(sorted(days_off.items())),
            working_weekends=(self.working_weekends | weekends) - hours.extra_days_off,
            own_days=hours.extra_days_off | hours.extra_working_days,
        )

    def to_json(self) -> str:
        """The calendar as JSON text, the same for the same calendar."""
        import json

        values = {
            "first_year": self.first_year,
            "last_year": self.last_year,
            "confirmed_through": self.confirmed_through,
            "days_off": {day.isoformat(): name for day, name in sorted(self.days_off.items())},
            "working_weekends": [day.isoformat() for day in sorted(self.working_weekends)],
            "own_days": [day.isoformat() for day in sorted(self.own_days)],
        }
        return json.dumps(values, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str, source: str = SHIPPED) -> WorkingCalendar:
        """The calendar of `to_json`'s text. Raises `RegulationError`."""
        import json

        try:
            values = json.loads(text)
            return cls(
                first_year=int(values["first_year"]),
                last_year=int(values["last_year"]),
                confirmed_through=int(values["confirmed_through"]),
                days_off={date.fromisoformat(day): str(name) for day, name in values["days_off"].items()},
                working_weekends=frozenset(map(date.fromisoformat, values["working_weekends"])),
                own_days=frozenset(map(date.fromisoformat, values["own_days"])),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise RegulationError(f"{source}: not a working calendar: {error!r}") from error


def shipped_calendar_text() -> str:
    """The JSON text of the calendar that comes with the package and belongs to the shipped rules."""
    from importlib.resources import files

    return files("intake.regulation").joinpath(SHIPPED).read_text(encoding="utf-8")


def shipped_calendar() -> WorkingCalendar:
    """The working calendar that belongs to the shipped rules."""
    return WorkingCalendar.from_json(shipped_calendar_text())


def library_calendar(
    country: str = "RU", *, confirmed_through: int, first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR
) -> WorkingCalendar:
    """The production calendar as the installed ``holidays`` library knows it.

    ``library_calendar(confirmed_through=...).to_json()`` is the text of the shipped calendar; a new version of the
    rules takes the library's, which may have learnt a newly published decree.
    """
    from holidays import country_holidays

    days = country_holidays(country, years=range(first_year, last_year + 1), language="ru")
    return WorkingCalendar(
        first_year=first_year,
        last_year=last_year,
        confirmed_through=confirmed_through,
        days_off={day: name for day, name in sorted(days.items()) if first_year <= day.year <= last_year},
        working_weekends=frozenset(day for day in days.weekend_workdays if first_year <= day.year <= last_year),
    )
