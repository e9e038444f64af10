"""Reads the sections of time: hours and shift (§2), reaction and completion (§5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time

from intake.regulation.rules import CRITICALITIES, Completion, Criticality, Hours, Reaction, Shift
from intake.regulation.table import Table

MOST_HOURS = 100_000
MOST_MINUTES = 100_000


def read_hours(table: Table) -> Hours:
    """The section ``hours``."""
    own = table.table("own")
    hours = Hours(
        clause=table.clause(),
        opens=table.time("opens"),
        closes=table.time("closes"),
        country=own.choice("country", {"RU": "RU"}),
        confirmed_through=own.whole("confirmed_through", 2000, 2100),
        extra_days_off=own.days("extra_days_off"),
        extra_working_days=own.days("extra_working_days"),
        short_days=_short_days(own.table("short_days")),
    )
    if not closes_after(hours.opens, hours.closes):
        table.refuse("closes", "must be after opens")
    if both := hours.extra_days_off & hours.extra_working_days:
        own.refuse("extra_working_days", f"{min(both)} is also a day off of extra_days_off")
    for day, closes in hours.short_days.items():
        if not closes_after(hours.opens, closes):
            own.table("short_days").refuse(day.isoformat(), "must be after opens")
    own.finish()
    table.finish()
    return hours


def closes_after(opens: time, closes: time) -> bool:
    """Whether a day has working time; closing at 00:00 is the end of the day."""
    return closes > opens or closes == time(0)


def _short_days(table: Table) -> Mapping[date, time]:
    found = {}
    for key in table.names():
        try:
            day = date.fromisoformat(key)
        except ValueError:
            table.refuse(key, 'must be a date with its closing time, as 2026-12-30 = "18:00"')
        found[day] = table.time(key)
    return found


def read_shift(table: Table) -> Shift:
    """The section ``shift``."""
    own = table.table("own")
    people = table.whole("people", 1, 1000)
    shift = Shift(
        clause=table.clause(),
        people=people,
        technical=table.whole("technical", 0, people),
        check_ahead_weeks=own.whole("check_ahead_weeks", 1, 52),
    )
    own.finish()
    table.finish()
    return shift


def read_reaction(table: Table) -> Reaction:
    """The section ``reaction``."""
    own = table.table("own")
    reaction = Reaction(
        clause=table.clause(),
        minutes=table.whole("minutes", 1, MOST_MINUTES),
        official=own.choice("official", {"human": "human", "acknowledgement": "acknowledgement"}),
        next_answer_minutes=own.whole("next_answer_minutes", 1, MOST_MINUTES),
        warn_minutes=own.whole("warn_minutes", 0, MOST_MINUTES),
    )
    own.finish()
    table.finish()
    return reaction


def read_completion(table: Table) -> Completion:
    """The section ``completion``; no criticality may exceed the clause's own term for bugs."""
    own = table.table("own")
    table.choice("improvement", {"estimate": "estimate"})
    bug_hours = table.whole("bug_hours", 1, MOST_HOURS)
    completion = Completion(
        clause=table.clause(),
        consultation_hours=table.whole("consultation_hours", 1, MOST_HOURS),
        bug_hours=bug_hours,
        clock=own.choice(
            "clock",
            {
                "calendar": "calendar",
                "working": "working",
                "calendar_from_opening_hour": "calendar_from_opening_hour",
            },
        ),
        warn_minutes=own.whole("warn_minutes", 0, MOST_MINUTES),
        criticality=_criticalities(own.table("criticality"), bug_hours),
    )
    own.finish()
    table.finish()
    return completion


def _criticalities(table: Table, bug_hours: int) -> dict[str, Criticality]:
    found = {}
    for key in CRITICALITIES:
        entry = table.table(key)
        found[key] = Criticality(key, entry.text("name"), entry.whole("hours", 1, bug_hours))
        entry.finish()
    table.finish()
    return found
