"""The clocks of a ticket, derived from its events and the version of the regulation it is bound to.

Nothing here is stored as truth: the columns a queue is ordered by are these answers, computed again at every change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake.model import Event, Status, Ticket
from intake.regulation.segments import Pause

if TYPE_CHECKING:
    from intake.regulation import Regulation

REACTIONS = frozenset({"assigned", "replied", "status", "escalated"})
"""Kinds of events by which an agent takes, answers or moves a ticket (§5: reaction)."""
NOT_AGENTS = frozenset({"client", "desk"})


@dataclass(frozen=True, slots=True)
class Course:
    """What the events tell: when what first happened, and when nobody could work on it."""

    acknowledged_at: datetime | None = None
    reacted_at: datetime | None = None
    answered_at: datetime | None = None
    awaiting_since: datetime | None = None
    closed_at: datetime | None = None
    rating: int | None = None
    paused: bool = False
    pauses: tuple[Pause, ...] = ()


def course(events: Iterable[Event], pausing: Iterable[str]) -> Course:
    """Read the events (oldest first); ``pausing`` are the statuses that pause completion."""
    found = Course()
    waits = frozenset(pausing)
    pause: tuple[datetime, str] | None = None
    pauses: list[Pause] = []
    for event in events:
        found = _step(found, event)
        ends = event.kind in ("status", "client_wrote")
        if ends and pause is not None and not (event.kind == "client_wrote" and pause[1] == Status.CLOSED):
            if event.at > pause[0]:
                pauses.append(Pause(pause[0], event.at, pause[1]))
            pause = None
        if event.kind == "status" and event.after is not None and (event.after in waits or event.after == "closed"):
            pause = (event.at, event.after)
    if pause is not None:
        pauses.append(Pause(pause[0], None, pause[1]))
    return replace(found, paused=pause is not None and pause[1] != Status.CLOSED, pauses=tuple(pauses))


def _step(found: Course, event: Event) -> Course:
    if event.kind == "acknowledged" and found.acknowledged_at is None:
        return replace(found, acknowledged_at=event.at)
    if event.kind == "client_wrote":
        return replace(found, awaiting_since=found.awaiting_since or event.at)
    if event.kind == "rated" and event.after is not None:
        return replace(found, rating=int(event.after))
    by_agent = event.actor not in NOT_AGENTS
    if by_agent and event.kind in REACTIONS and found.reacted_at is None:
        found = replace(found, reacted_at=event.at)
    if by_agent and event.kind == "replied":
        found = replace(found, awaiting_since=None, answered_at=found.answered_at or event.at)
    if event.kind == "status":
        closed = event.after == Status.CLOSED
        # A closed ticket waits for nobody; a status that asks the client something is an answer to him.
        found = replace(found, closed_at=event.at if closed else None)
        if event.before == Status.CLOSED and not closed:
            found = replace(found, rating=None)  # the last closing counts (§6)
        if closed:
            found = replace(found, awaiting_since=None)
    return found


def derived(ticket: Ticket, events: Sequence[Event], regulation: Regulation) -> dict[str, Any]:
    """The columns of a ticket that follow from its events: clocks, deadlines, the nearest of them."""
    so_far = course(events, regulation.rules.statuses.pauses_completion)
    completion = regulation.completion_due(
        ticket.type,
        ticket.opened_at,
        criticality=ticket.criticality,
        estimate_hours=ticket.estimate_hours,
        estimated_at=ticket.estimated_at,
        pauses=[p for p in so_far.pauses if p.end is not None],
    )
    awaiting = so_far.awaiting_since if so_far.reacted_at is not None else None
    columns: dict[str, Any] = {
        "acknowledged_at": so_far.acknowledged_at,
        "reacted_at": so_far.reacted_at,
        "answered_at": so_far.answered_at,
        "awaiting_since": so_far.awaiting_since,
        "closed_at": so_far.closed_at,
        "rating": so_far.rating,
        "paused": so_far.paused,
        "reaction_due": regulation.reaction_due(ticket.opened_at).at,
        "answer_due": regulation.next_answer_due(awaiting).at if awaiting is not None else None,
        "completion_due": completion.at if completion is not None else None,
    }
    columns["next_due"], columns["next_due_kind"] = _next(columns, so_far)
    return columns


def _next(columns: dict[str, Any], so_far: Course) -> tuple[datetime | None, str | None]:
    """The deadline the queue is ordered by: the earliest clock that still runs."""
    if so_far.closed_at is not None:
        return None, None
    running: list[tuple[datetime, str]] = []
    if so_far.reacted_at is None:
        running.append((columns["reaction_due"], "reaction"))
    if columns["answer_due"] is not None:
        running.append((columns["answer_due"], "answer"))
    if columns["completion_due"] is not None and not so_far.paused:
        running.append((columns["completion_due"], "completion"))
    return min(running) if running else (None, None)
