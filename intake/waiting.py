"""Whose turn a ticket was, in working time: the client's, each department's, or the desk's own.

The client's clocks (§5) do not stop for a department; this is only told beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.clocks import course
from intake.model import Status
from intake.second_line import ANSWERED, ASKED_BACK, REFUSED, TOLD

if TYPE_CHECKING:
    from intake.escalations import Asked, Escalation
    from intake.model import Event, Ticket
    from intake.regulation import Regulation

Span = tuple[datetime, datetime]
ENDS = frozenset({ANSWERED, REFUSED, ASKED_BACK})


@dataclass(frozen=True, slots=True)
class Waited:
    """How long a department was waited for, over all questions of a ticket."""

    department: str
    title: str
    amount: timedelta


@dataclass(frozen=True, slots=True)
class Shares:
    """Working time of a ticket from its opening until it was closed, or now. ``total`` leaves out the time it was
    closed before it was reopened. ``desk`` is what neither the client nor a department was waited for; two may be
    waited for at once, so the shares need not add up."""

    total: timedelta
    client: timedelta
    departments: tuple[Waited, ...]
    desk: timedelta


def shares(
    ticket: Ticket, events: Sequence[Event], escalations: Iterable[Escalation], regulation: Regulation, now: datetime
) -> Shares:
    """Work a ticket's shares out of its events (oldest first). Raises OutsideCalendar."""
    so_far = course(events, regulation.rules.statuses.pauses_completion)
    until = max(so_far.closed_at or now, ticket.opened_at)
    closed = [(p.start, p.end or until) for p in so_far.pauses if p.reason == Status.CLOSED]
    client = [(p.start, p.end or until) for p in so_far.pauses if p.reason != Status.CLOSED]
    spans: dict[str, list[Span]] = {}
    titles: dict[str, str] = {}
    for escalation in escalations:
        for asked in escalation.asked:
            spans.setdefault(asked.department, []).extend(waited_spans(escalation, asked, events, until))
            titles[asked.department] = asked.title

    def worked(found: Iterable[Span]) -> timedelta:
        clipped = ((max(start, ticket.opened_at), min(end, until)) for start, end in found)
        return sum((regulation.working.between(*span) for span in joined(clipped)), timedelta())

    whole = worked([(ticket.opened_at, until)])
    departments = tuple(Waited(key, titles[key], worked(own)) for key, own in spans.items())
    busy = [*closed, *client, *(span for own in spans.values() for span in own)]
    return Shares(whole - worked(closed), worked(client), departments, whole - worked(busy))


def waited_spans(escalation: Escalation, asked: Asked, events: Iterable[Event], now: datetime) -> list[Span]:
    """When a department was waited for: not while its own question lay with the desk. Nothing is waited for once the
    other department's answer was enough."""
    until = asked.answered_at or escalation.answered_at or now
    found: list[Span] = []
    since: datetime | None = escalation.escalated_at
    own = [e for e in events if (e.before, e.after) == (escalation.topic, asked.department)]
    for event in sorted(own, key=lambda event: event.at):
        if not escalation.escalated_at <= event.at <= until:
            continue
        if event.kind in ENDS and since is not None:
            found.append((since, event.at))
            since = None
        elif event.kind == TOLD and since is None:
            since = event.at
    if since is not None and since < until:
        found.append((since, until))
    return found


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same instants in spans that neither touch nor overlap, in order."""
    found: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found
