"""The second line's month (§7): what departments were asked, how many answers came in time, how long they took."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from intake.second_line import due_of
from intake.waiting import joined, shares, waited_spans

if TYPE_CHECKING:
    from intake.escalations import Asked, Escalation
    from intake.model import Event
    from intake.ports import Transaction
    from intake.regulation import Regulation
    from intake.regulations import Regulations


@dataclass(frozen=True, slots=True)
class Part:
    """One department's part of one question. ``working`` is the desk's working time until the answer, None while there
    is none, ``waited`` how long it has been waited for, its own questions left out; ``late``: the answer came, or is
    still missing, after the deadline."""

    department: str
    title: str
    topic: str
    topic_name: str
    answered: bool
    late: bool
    working: timedelta | None
    waited: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Figures:
    """``asked`` = answered in time + answered late + ``open``; ``overdue`` are those of ``open`` that are late.
    ``waited`` is working time over all parts, those still open with what they have taken so far."""

    asked: int
    in_time: int
    late: int
    open: int
    overdue: int
    median: timedelta | None
    waited: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class DepartmentMonth:
    """A department's figures, in all and by topic (key, name, figures)."""

    key: str
    title: str
    figures: Figures
    topics: tuple[tuple[str, str, Figures], ...]


@dataclass(frozen=True, slots=True)
class LineMonth:
    """A month of the second line. ``own`` is the desk's own working time on the tickets that were asked about,
    ``client`` the client's: what the departments' is to be seen beside."""

    departments: tuple[DepartmentMonth, ...]
    everybody: Figures
    own: timedelta
    client: timedelta


def line_month(
    tx: Transaction, bounds: tuple[datetime, datetime], order: Sequence[str], regulations: Regulations, now: datetime
) -> LineMonth:
    """The month [since, until) in which departments were asked."""
    asked = tx.escalations.between(*bounds)
    told = {number: tx.tickets.events(number) for number in dict.fromkeys(e.ticket for e in asked)}
    parts = parts_of(asked, regulations, now, told)
    own = client = timedelta()
    for number, events in told.items():
        ticket = tx.tickets.get(number)
        found = shares(ticket, events, tx.escalations.of(number), regulations.of(ticket.regulation), now)
        own, client = own + found.desk, client + found.client
    return LineMonth(tuple(month_of(parts, order)), figures(parts), own, client)


def parts_of(
    escalations: Iterable[Escalation],
    regulations: Regulations,
    now: datetime,
    told: Mapping[int, Sequence[Event]] = MappingProxyType({}),
) -> list[Part]:
    """Each department's part of each question, under the rules it was asked by. What was answered by the other one
    where one answer completes a question is no longer waited for and not counted. ``told``: events by ticket."""
    return [
        _part(escalation, asked, regulations.of(escalation.regulation), now, told.get(escalation.ticket, ()))
        for escalation in escalations
        for asked in escalation.asked
        if asked.answered_at is not None or escalation.answered_at is None
    ]


def _part(escalation: Escalation, asked: Asked, regulation: Regulation, now: datetime, events: Sequence[Event]) -> Part:
    answered = asked.answered_at
    spans = joined(waited_spans(escalation, asked, events, now))
    waited = sum((regulation.working.between(*span) for span in spans), timedelta())
    return Part(
        department=asked.department,
        title=asked.title,
        topic=escalation.topic,
        topic_name=regulation.rules.second_line.topics[escalation.topic].name,
        answered=answered is not None,
        late=(answered or now) > due_of(escalation, asked, regulation),
        working=None if answered is None else waited,
        waited=waited,
    )


def month_of(parts: Sequence[Part], order: Sequence[str]) -> list[DepartmentMonth]:
    """Figures of each department, in the order of the regulation."""
    names = list(dict.fromkeys([*order, *(part.department for part in parts)]))
    found = []
    for key in names:
        own = [part for part in parts if part.department == key]
        if not own:
            continue
        topics = {part.topic: part.topic_name for part in own}
        by_topic = tuple((t, name, figures([p for p in own if p.topic == t])) for t, name in topics.items())
        found.append(DepartmentMonth(key, own[-1].title, figures(own), by_topic))
    return found


def figures(parts: Sequence[Part]) -> Figures:
    """What is counted of some parts."""
    took = [part.working for part in parts if part.working is not None]
    return Figures(
        asked=len(parts),
        in_time=sum(part.answered and not part.late for part in parts),
        late=sum(part.answered and part.late for part in parts),
        open=sum(not part.answered for part in parts),
        overdue=sum(part.late and not part.answered for part in parts),
        median=timedelta(seconds=median(one.total_seconds() for one in took)) if took else None,
        waited=sum((part.waited for part in parts), timedelta()),
    )


def json_shape(month: str, found: LineMonth) -> dict[str, Any]:
    """The month as ``departments --json`` prints it; hours of working time to two places."""
    return {
        "month": month,
        "all": _shape(found.everybody),
        "desk_working_hours": _hours(found.own),
        "client_working_hours": _hours(found.client),
        "departments": {
            one.key: {
                "title": one.title,
                **_shape(one.figures),
                "topics": {key: {"name": name, **_shape(counted)} for key, name, counted in one.topics},
            }
            for one in found.departments
        },
    }


def _shape(counted: Figures) -> dict[str, Any]:
    return {
        "asked": counted.asked,
        "in_time": counted.in_time,
        "late": counted.late,
        "open": counted.open,
        "overdue": counted.overdue,
        "median_working_hours": None if counted.median is None else _hours(counted.median),
        "waited_working_hours": _hours(counted.waited),
    }


def _hours(amount: timedelta) -> float:
    return round(amount / timedelta(hours=1), 2)
