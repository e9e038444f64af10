"""Times as a command line gives them."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import click

FIRST_YEAR, LAST_YEAR = 1970, 9998
"""Times near the ends of what a clock can say exist in one zone and not in another."""


def moment_of(text: str, zone: ZoneInfo, of_day: time | None = None) -> datetime:
    """An instant in ISO 8601; without an offset it is the desk's zone's, and a date alone means ``of_day`` (midnight).

    Raises click.BadParameter.
    """
    try:
        found = datetime.fromisoformat(text)
        if of_day is not None and _is_date(text):
            found = datetime.combine(found.date(), of_day)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not ISO 8601, as 2026-05-14T15:00") from None
    at = found if found.tzinfo is not None else found.replace(tzinfo=zone)
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise click.BadParameter(f"{text!r}: a year from {FIRST_YEAR} to {LAST_YEAR}")
    return at


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
