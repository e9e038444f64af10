"""The roster of the coming weeks as a screen shows it. Read on worker threads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from textual.content import Content

from intake.desk.roles import why_not
from intake.errors import Refused
from intake.registries import Turn
from intake.regulation.errors import OutsideCalendar
from intake.rosters import shortness_words
from intake.visible import visible
from intake.wording import date_words, plural
from tui.times import WEEKDAYS

if TYPE_CHECKING:
    from datetime import tzinfo

    from intake.model import Agent, Ticket
    from intake.regulation import Regulation
    from intake.regulation.cover import Gap
    from tui.workplace import Workplace

HOURS_FORM = "Часы смены: например, 10:00–19:00"
_HOURS = re.compile(r"(\d{1,2})(?::?(\d{2}))?\s*(?:-|–|—|до| )\s*(\d{1,2})(?::?(\d{2}))?")


@dataclass(frozen=True, slots=True)
class Day:
    """``name`` is the holiday's; ``turns`` by beginning, ``gaps`` where §2 is not met."""

    day: date
    working: bool
    name: str
    turns: tuple[Turn, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """``locked`` says why this agent may not change it; ``absent`` are tickets of people who are not here today."""

    days: tuple[Day, ...]
    agents: Mapping[str, Agent]
    regulation: Regulation
    locked: str | None
    absent: tuple[Ticket, ...]
    regulations: Mapping[str, Regulation]


def roster(at: Workplace) -> Roster:
    """As far ahead as the rules look."""
    now = at.clock()
    regulation = at.regulations.at(now)
    today = regulation.working.local_day(now)
    count = regulation.rules.shift.check_ahead_weeks * 7
    last = today + timedelta(days=count - 1)
    with at.store.read() as tx:
        turns, agents = tx.shifts.between(today, last), tx.people.agents()
    try:
        gaps = at.desk.cover(today, last)
    except OutsideCalendar:
        gaps = []
    absent = [ticket for tickets in at.desk.left_by_absent().values() for ticket in tickets]
    return Roster(
        tuple(_day(today + timedelta(days=n), turns, gaps, regulation) for n in range(count)),
        {agent.login: agent for agent in agents},
        regulation,
        why_not(at.agent, "shifts", agents),
        tuple(absent),
        {version: at.regulations.of(version) for version in {ticket.regulation for ticket in absent}},
    )


def _day(day: date, turns: list[Turn], gaps: list[Gap], regulation: Regulation) -> Day:
    try:
        working = regulation.calendar.is_working_day(day)
        name = regulation.calendar.holiday(day) or ""
    except OutsideCalendar:
        working, name = False, "производственный календарь не известен"
    mine = tuple(turn for turn in turns if turn.day == day)
    return Day(day, working, name, mine, tuple(gap for gap in gaps if gap.day == day))


def day_line(day: Day, agents: Mapping[str, Agent]) -> Content:
    """A day in one line: whether it is covered, what is missing, who is there. The sign says it without colour."""
    title = f"{WEEKDAYS[day.day.weekday()]} {day.day:%d.%m} "
    people = ", ".join(dict.fromkeys(_short(turn.login, agents) for turn in day.turns))
    if not day.working:
        rest = f"  выходной{f', {day.name}' if day.name else ''}" + (f" · {people}" if people else "")
        return Content.styled(visible(title + rest), "dim")
    if not day.gaps:
        return Content.assemble(title, ("✓ ", "bold $success"), visible(people or "никто не нужен"))
    whole = "никого" if not day.turns else shortness_words(max(day.gaps, key=lambda gap: (gap.people, gap.technical)))
    return Content.assemble(title, ("! ", "bold $error"), (whole, "bold"), visible(f" · {people}" if people else ""))


def _short(login: str, agents: Mapping[str, Agent]) -> str:
    agent = agents.get(login)
    return login if agent is None else agent.name.split(maxsplit=1)[-1] + ("*" if agent.technical else "")


def day_words(day: Day, agents: Mapping[str, Agent], zone: tzinfo) -> Content:
    """Who is there when, and every gap with what it lacks (§2)."""
    lines = [Content.styled(f"{WEEKDAYS[day.day.weekday()]}, {date_words(day.day, day.day)}", "bold")]
    for turn in day.turns:
        agent = agents.get(turn.login)
        who = f"{agent.name} ({turn.login})" if agent is not None else f"{turn.login}, уже не работает"
        skill = ", технический специалист" if agent is not None and agent.technical else ""
        lines.append(Content(visible(f"{turn.start:%H:%M}–{turn.end:%H:%M} {who}{skill}")))
    for gap in day.gaps:
        start, end = gap.start.astimezone(zone), gap.end.astimezone(zone)
        lines.append(Content.assemble((f"! {start:%H:%M}–{end:%H:%M} ", "bold $error"), shortness_words(gap)))
    if not day.working:
        lines.append(Content.styled(visible(f"Нерабочий день{f': {day.name}' if day.name else ''}"), "dim"))
    return Content("\n").join(lines)


def summary(found: Roster) -> str:
    """How many days are short of people."""
    short = sum(bool(day.gaps) for day in found.days)
    return "людей хватает" if not short else f"не хватает людей: {plural(short, 'день', 'дня', 'дней')}"


def hours(text: str) -> tuple[time, time]:
    """ "10-19", "10:00–19:00", "10 до 24". Raises Refused."""
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        raise Refused(HOURS_FORM)
    try:
        begin, ends = time(int(found[1]), int(found[2] or 0)), (int(found[3]), int(found[4] or 0))
        end = time(0) if ends == (24, 0) else time(*ends)
    except ValueError as error:
        raise Refused(HOURS_FORM) from error
    if end <= begin and end != time(0):
        raise Refused("Смена кончается раньше, чем начинается")
    return begin, end
