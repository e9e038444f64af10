"""The rules of one version of the regulation, as loaded: frozen, validated, each section with its clause.

A section's ``clause`` is what the regulation's text says; its ``own`` part holds the desk's own rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Literal

ClockMode = Literal["calendar", "working", "calendar_from_opening_hour"]
Channel = Literal["slack", "mail"]
LevelKey = Literal["good", "normal", "unacceptable"]

TYPES = ("consultation", "bug", "improvement")
CRITICALITIES = ("critical", "high", "medium", "low")
CLAUSE_STATUSES = ("request", "info_needed", "in_progress", "analysis", "payment", "verification")
STATUSES = (*CLAUSE_STATUSES, "closed")


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of the rules where it stands: dotted key, value as in the TOML, clause (``None``: the desk's own)."""

    key: str
    value: object
    clause: str | None


@dataclass(frozen=True, slots=True)
class Named:
    """A term, type or status in the regulation's own words."""

    key: str
    name: str
    definition: str
    short: str = ""


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours (§2) in the desk's zone. ``closes`` of 00:00 is midnight at the end of the day."""

    clause: str
    opens: time
    closes: time
    country: str
    confirmed_through: int
    extra_days_off: frozenset[date]
    extra_working_days: frozenset[date]
    short_days: Mapping[date, time]


@dataclass(frozen=True, slots=True)
class Shift:
    """How many people a shift needs at least (§2), and how far ahead the roster is checked."""

    clause: str
    people: int
    technical: int
    check_ahead_weeks: int


@dataclass(frozen=True, slots=True)
class Types:
    """The types of requests (§3) by key, and the type the feedback form opens."""

    clause: str
    named: Mapping[str, Named]
    feedback_form: str


@dataclass(frozen=True, slots=True)
class ClientWait:
    """Working days after which a waiting client is reminded and the ticket closed; 0 is never."""

    remind_after_days: int
    close_after_days: int


@dataclass(frozen=True, slots=True)
class Refusals:
    """Why a transition isn't allowed, in Russian: by the status entered, by the status left."""

    entering: Mapping[str, str]
    leaving: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Statuses:
    """The statuses (§4) by key, with the desk's own ``closed``, and what each one means for clocks and letters."""

    clause: str
    named: Mapping[str, Named]
    waits_for_client: frozenset[str]
    pauses_completion: frozenset[str]
    tells_client: frozenset[str]
    answer_returns: frozenset[str]
    reopens_to: str
    reopen_days: int
    transitions: Mapping[str, tuple[str, ...]]
    refusals: Refusals
    reminders: Mapping[str, ClientWait]


@dataclass(frozen=True, slots=True)
class Reaction:
    """Minutes of working time to the first reaction (§5), and the desk's own clocks beside it."""

    clause: str
    minutes: int
    official: Literal["human", "acknowledgement"]
    next_answer_minutes: int
    warn_minutes: int


@dataclass(frozen=True, slots=True)
class Criticality:
    """A bug's criticality and the hours to its completion."""

    key: str
    name: str
    hours: int


@dataclass(frozen=True, slots=True)
class Completion:
    """Hours to completion (§5); ``clock`` and the table of criticalities are the desk's own."""

    clause: str
    consultation_hours: int
    bug_hours: int
    clock: ClockMode
    warn_minutes: int
    criticality: Mapping[str, Criticality]


@dataclass(frozen=True, slots=True)
class Level:
    """A level of quality; ``bound`` is its lowest figure, for ``unacceptable`` its highest."""

    key: LevelKey
    name: str
    bound: Decimal


@dataclass(frozen=True, slots=True)
class Quality:
    """Levels of the monthly figure (§6), and how the desk asks, counts and rounds."""

    clause: str
    good: Level
    normal: Level
    unacceptable: Level
    denominator: Literal["rated", "closed"]
    round_to: Decimal
    lowest: int
    highest: int
    rating_days: int
    ask_again_days: int
    alarm_at_most: int


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of the second line: who is asked (keys of departments), within how many working days, over what."""

    key: str
    name: str
    departments: tuple[str, ...]
    working_days: int
    channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True)
class SecondLine:
    """Topics and departments in the order of §7, channels of §8."""

    clause: str
    channels_clause: str
    departments: Mapping[str, str]
    topics: Mapping[str, Topic]
    complete: Literal["both", "one"]
    remind_days_before: tuple[int, ...]
    fallback: Channel


@dataclass(frozen=True, slots=True)
class Rules:
    """One version of the regulation. ``entries`` lists every value in the file's order with its clause."""

    version: str
    title: str
    product: str
    terms_clause: str
    terms: Mapping[str, Named]
    hours: Hours
    shift: Shift
    types: Types
    statuses: Statuses
    reaction: Reaction
    completion: Completion
    quality: Quality
    second_line: SecondLine
    entries: tuple[Entry, ...]
