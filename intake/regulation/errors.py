"""What can go wrong with rules and the days they are counted on."""

from __future__ import annotations


class RegulationError(ValueError):
    """A rules or calendar text that can't be used: one line naming source, table, key, value and why."""


class OutsideCalendar(ValueError):
    """The working calendar ends before the asked instant, or holds no working time to count."""


class UnknownKey(ValueError):
    """A type, criticality, topic or status the regulation doesn't have, or an amount that is none."""
