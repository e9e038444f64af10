"""A closed ticket as the month counts it: for whom, with which rating, whether in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.model import Event, Status, Ticket
from intake.recalled import standing

if TYPE_CHECKING:
    from intake.regulation import Regulation


@dataclass(frozen=True, slots=True)
class Closing:
    """The last closing of a ticket. ``agent`` is its assignee then, None for nobody. ``left_out`` says why it is not
    counted. In time: None where there was no term, or it could not be kept or broken."""

    number: int
    key: str
    subject: str
    type: str
    product: str | None
    licensee: str | None
    opened_at: datetime
    closed_at: datetime
    agent: str | None
    rating: int | None
    reopened: int
    reaction: timedelta | None
    reaction_in_time: bool | None
    completion: timedelta
    completion_in_time: bool | None
    left_out: str | None = None


SPAM, MERGED = "spam", "merged"


def closing(ticket: Ticket, events: Sequence[Event], regulation: Regulation) -> Closing:
    """Read a closed ticket and its events (oldest first)."""
    events = standing(events)
    assert ticket.closed_at is not None, "only closed tickets have a closing"
    reacted = _reacted(ticket, regulation)
    return Closing(
        number=ticket.number,
        key=ticket.key,
        subject=ticket.subject,
        type=ticket.type.value,
        product=ticket.product,
        licensee=ticket.licensee,
        opened_at=ticket.opened_at,
        closed_at=ticket.closed_at,
        agent=assignee_at_closing(ticket, events),
        rating=ticket.rating,
        reopened=_reopened(events),
        reaction=regulation.working.between(ticket.opened_at, reacted) if reacted is not None else None,
        reaction_in_time=_reaction_in_time(ticket, reacted),
        completion=ticket.closed_at - ticket.opened_at,
        completion_in_time=None if ticket.completion_due is None else ticket.closed_at <= ticket.completion_due,
        left_out=SPAM if ticket.spam else MERGED if ticket.merged_into is not None else None,
    )


def assignee_at_closing(ticket: Ticket, events: Sequence[Event]) -> str | None:
    """Who had the ticket when it was last closed, whoever has it now."""
    last = max((n for n, event in enumerate(events) if _closes(event)), default=len(events))
    for event in reversed(events[:last]):
        if event.kind == "assigned":
            return event.after
    for event in events[last:]:
        if event.kind == "assigned":
            return event.before
    return ticket.assignee


def _closes(event: Event) -> bool:
    return event.kind == "status" and event.after == Status.CLOSED


def _reopened(events: Sequence[Event]) -> int:
    """How often it was closed and opened again; undoing a merge is no such thing."""
    left = sum(event.kind == "status" and event.before == Status.CLOSED != event.after for event in events)
    return max(0, left - sum(event.kind == "unmerged" for event in events))


def _reacted(ticket: Ticket, regulation: Regulation) -> datetime | None:
    official = regulation.rules.reaction.official
    return ticket.acknowledged_at if official == "acknowledgement" else ticket.reacted_at


def _reaction_in_time(ticket: Ticket, reacted: datetime | None) -> bool | None:
    """A ticket that was closed before its reaction fell due, and by no agent, had no reaction to judge."""
    assert ticket.closed_at is not None, "only closed tickets have a closing"
    if ticket.reaction_due is None:
        return None
    if reacted is None:
        return False if ticket.closed_at > ticket.reaction_due else None
    return reacted <= ticket.reaction_due
