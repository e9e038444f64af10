"""The clocks of a ticket, derived from its events and the version of the regulation it is bound to.

Nothing here is stored as truth: the columns a queue is ordered by are these answers, computed again at every change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from intake.model import Event, Status, Ticket, Type
from intake.recalled import standing
from intake.regulation.segments import Pause

if TYPE_CHECKING:
    from intake.regulation import Countdown, Regulation

REACTIONS = frozenset({"assigned", "replied", "status", "escalated"})
"""Kinds of events by which an agent takes, answers or moves a ticket (§5: reaction)."""
NOT_AGENTS = frozenset({"client", "desk"})
AGREED = "срок согласован с клиентом, ожидание его не сдвигает"


@dataclass(frozen=True, slots=True)
class Agreed:
    """A date of completion agreed with the client, and since when it holds (UTC both)."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Wait:
    """A message of the client without an answer: since when, and what it goes with when it leaves the ticket (the
    message's id, or the key of the ticket it came from with a merge)."""

    since: datetime
    of: str | None


@dataclass(frozen=True, slots=True)
class Course:
    """What the events tell: when what first happened, and when nobody could work on it.

    ``paused``: the status waits for the client, whether that moves the deadline or not. ``waits`` are the client's
    messages without an answer, ``shelved`` those that went away with a merge."""

    acknowledged_at: datetime | None = None
    reacted_at: datetime | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    rating: int | None = None
    paused: bool = False
    pauses: tuple[Pause, ...] = ()
    agreed: Agreed | None = None
    waits: tuple[Wait, ...] = ()
    shelved: tuple[Wait, ...] = ()

    @property
    def awaiting_since(self) -> datetime | None:
        """Since when the client waits for an answer: his first message that has none."""
        return min((wait.since for wait in self.waits), default=None)


def course(events: Iterable[Event], pausing: Iterable[str]) -> Course:
    """Read the events (oldest first); ``pausing`` are the statuses that pause completion."""
    found = Course()
    waits = frozenset(pausing)
    pause: tuple[datetime, str] | None = None
    pauses: list[Pause] = []
    for event in standing(events):
        found = _heard(_step(found, event), event, waits)
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
    if event.kind == "rated" and event.after is not None:
        return replace(found, rating=int(event.after))
    if event.kind == "agreed":
        until = None if event.after is None else datetime.fromisoformat(event.after).astimezone(UTC)
        return replace(found, agreed=None if until is None else Agreed(event.at, until))
    by_agent = event.actor not in NOT_AGENTS
    if by_agent and event.kind in REACTIONS and found.reacted_at is None:
        found = replace(found, reacted_at=event.at)
    if by_agent and event.kind == "replied":
        found = replace(found, answered_at=found.answered_at or event.at)
    if event.kind == "status":
        closed = event.after == Status.CLOSED
        found = replace(found, closed_at=event.at if closed else None)
        if event.before == Status.CLOSED and not closed:
            # The last closing counts (§6); what was agreed was for the one before.
            found = replace(found, rating=None, agreed=None)
    return found


def _heard(found: Course, event: Event, asking: frozenset[str]) -> Course:
    """Whether the client waits for an answer after this event; what is split off or merged takes its waiting along."""
    match event.kind:
        case "client_wrote":
            return replace(found, waits=(*found.waits, Wait(event.at, event.after)))
        case "replied" if event.actor not in NOT_AGENTS:
            return replace(found, waits=())
        case "status" if event.after == Status.CLOSED:
            return replace(found, waits=())
        case "status" if event.after in asking and event.actor not in NOT_AGENTS:
            return replace(found, waits=())  # who is asked something has his answer
        case "split" | "released" if event.before is not None:
            return replace(
                found,
                waits=tuple(wait for wait in found.waits if wait.of != event.before),
                shelved=tuple(wait for wait in found.shelved if wait.of != event.before),
            )
        case "merged":
            return replace(found, shelved=found.waits, waits=())
        case "unmerged":
            return replace(found, waits=found.shelved, shelved=())
        case "absorbed" if event.before is not None:
            came = Wait(datetime.fromisoformat(event.before), event.after)
            return replace(found, waits=(*found.waits, came))
    return found


def completion(ticket: Ticket, so_far: Course, regulation: Regulation) -> Countdown | None:
    """The term of completion (§5) with its pauses, or up to a date agreed with the client, which no pause moves (own
    rule); None for an improvement nobody has estimated."""
    if so_far.agreed is not None:
        return regulation.agreed(so_far.agreed.since, so_far.agreed.until, AGREED)
    return regulation.completion(
        ticket.type,
        ticket.opened_at,
        criticality=ticket.criticality,
        estimate_hours=ticket.estimate_hours,
        estimated_at=ticket.estimated_at,
        pauses=so_far.pauses,
    )


def counts_working_time(ticket: Ticket, regulation: Regulation) -> bool:
    """Whether the deadline of completion was counted in working time (§5: an improvement's estimate)."""
    if ticket.agreed_due is not None:
        return False
    return ticket.type is Type.IMPROVEMENT or regulation.rules.completion.clock == "working"


def derived(ticket: Ticket, events: Sequence[Event], regulation: Regulation) -> dict[str, Any]:
    """The columns of a ticket that follow from its events: clocks, deadlines, the nearest of them."""
    so_far = course(events, regulation.rules.statuses.pauses_completion)
    term = completion(ticket, ended(so_far), regulation)
    due = None if term is None else regulation.deadline(term)
    awaiting = so_far.awaiting_since if so_far.reacted_at is not None else None
    columns: dict[str, Any] = {
        "acknowledged_at": so_far.acknowledged_at,
        "reacted_at": so_far.reacted_at,
        "answered_at": so_far.answered_at,
        "awaiting_since": so_far.awaiting_since,
        "closed_at": so_far.closed_at,
        "rating": so_far.rating,
        "paused": so_far.paused and so_far.agreed is None,
        "reaction_due": regulation.reaction_due(ticket.opened_at).at,
        "answer_due": regulation.next_answer_due(awaiting).at if awaiting is not None else None,
        "completion_due": due.at if due is not None else None,
        "agreed_due": so_far.agreed.until if so_far.agreed is not None else None,
    }
    columns["next_due"], columns["next_due_kind"] = _next(columns, so_far)
    return columns


def ended(so_far: Course) -> Course:
    """Without the pause that still lasts: its deadline is the one that would be, were it to end at once."""
    return replace(so_far, pauses=tuple(pause for pause in so_far.pauses if pause.end is not None))


def _next(columns: dict[str, Any], so_far: Course) -> tuple[datetime | None, str | None]:
    """The deadline the queue is ordered by: the earliest clock that still runs."""
    if so_far.closed_at is not None:
        return None, None
    running: list[tuple[datetime, str]] = []
    if so_far.reacted_at is None:
        running.append((columns["reaction_due"], "reaction"))
    if columns["answer_due"] is not None:
        running.append((columns["answer_due"], "answer"))
    if columns["completion_due"] is not None and not columns["paused"]:
        running.append((columns["completion_due"], "completion"))
    return min(running) if running else (None, None)
