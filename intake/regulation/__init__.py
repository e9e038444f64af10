"""The regulation: rules as data, working time, deadlines. Pure: no clock, no IO beyond its own files, no database."""

from intake.regulation.calendar import WorkingCalendar, library_calendar, shipped_calendar, shipped_calendar_text
from intake.regulation.countdown import Countdown, Deadline
from intake.regulation.errors import OutsideCalendar, RegulationError, UnknownKey
from intake.regulation.loader import load_rules, shipped_text
from intake.regulation.quality import round_half_up
from intake.regulation.regulation import (
    Regulation,
    calendar_for,
    load_regulation,
    shipped_regulation,
)
from intake.regulation.rules import Level, Rules, Topic
from intake.regulation.segments import Pause, Segment
from intake.regulation.working_time import WorkingTime

__all__ = [
    "Countdown",
    "Deadline",
    "Level",
    "OutsideCalendar",
    "Pause",
    "Regulation",
    "RegulationError",
    "Rules",
    "Segment",
    "Topic",
    "UnknownKey",
    "WorkingCalendar",
    "WorkingTime",
    "calendar_for",
    "library_calendar",
    "load_regulation",
    "load_rules",
    "round_half_up",
    "shipped_calendar",
    "shipped_calendar_text",
    "shipped_regulation",
    "shipped_text",
]
