"""Who is on shift when, and where the roster falls short of §2. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from intake.regulation.cover import Gap, Presence, gaps, presence
from intake.wording import plural

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from intake.model import Agent
    from intake.registries import Turn
    from intake.regulation import Regulation


def presences(turns: Iterable[Turn], agents: Iterable[Agent], zone: ZoneInfo) -> list[Presence]:
    """Turns as spans of time; those of people who left count for nothing."""
    people = {agent.login: agent for agent in agents if agent.active}
    return [
        presence(turn.login, people[turn.login].technical, turn.day, turn.start, turn.end, zone)
        for turn in turns
        if turn.login in people
    ]


def uncovered(
    turns: Iterable[Turn], agents: Iterable[Agent], regulation: Regulation, first: date, last: date
) -> list[Gap]:
    """See `cover.gaps`."""
    there = presences(turns, agents, regulation.zone)
    return gaps(regulation.working, regulation.rules.shift, there, first, last)


def on_shift(turns: Iterable[Turn], agents: Sequence[Agent], zone: ZoneInfo, at: datetime) -> list[Agent]:
    """Who is there at an instant, by login."""
    logins = {one.login for one in presences(turns, agents, zone) if one.start <= at < one.end}
    return [agent for agent in agents if agent.login in logins]


def shortness_words(gap: Gap) -> str:
    """What a gap lacks, in Russian."""
    lacks = []
    if gap.people:
        lacks.append(plural(gap.people, "человека", "человек", "человек"))
    if gap.technical:
        lacks.append(
            plural(gap.technical, "технического специалиста", "технических специалистов", "технических специалистов")
        )
    return "не хватает " + " и ".join(lacks)


def gap_words(gap: Gap, zone: ZoneInfo) -> str:
    """One line: when, what is lacking, who is there."""
    start, end = gap.start.astimezone(zone), gap.end.astimezone(zone)
    there = ", ".join(gap.present) or "никого"
    return f"{gap.day:%d.%m.%Y} {start:%H:%M}–{end:%H:%M}: {shortness_words(gap)}; в смене: {there}"
