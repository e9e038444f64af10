"""What can go wrong with rules and the days they are counted on."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

LONGEST_QUOTE = 60


class RegulationError(ValueError):
    """A rules or calendar text that can't be used: one line naming source, table, key, value and why."""


class OutsideCalendar(ValueError):
    """The working calendar ends before the asked instant, or holds no working time to count."""


class UnknownKey(ValueError):
    """A type, criticality, topic or status the regulation doesn't have, or an amount that is none."""


def shown(value: object) -> str:
    """A value as an error quotes it: escaped and short."""
    text = str(value) if isinstance(value, (Decimal, date, time)) else repr(value)
    text = text.lower() if isinstance(value, bool) else text
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"
