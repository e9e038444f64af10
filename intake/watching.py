"""Which warnings a ticket is due: deadlines near or past, a client who answered or is waited for. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from intake.clocks import completion, course
from intake.explaining import TITLES
from intake.model import Event, Status, Ticket
from intake.wording import duration_words, moment_words

if TYPE_CHECKING:
    from intake.regulation import Countdown, Regulation

Kind = Literal[
    "reaction_near",
    "reaction_breach",
    "answer_near",
    "answer_breach",
    "completion_near",
    "completion_breach",
    "client_wrote",
    "client_reminder",
    "client_closing",
]


@dataclass(frozen=True, slots=True)
class Warned:
    """Something to be told once. ``mark`` tells one occasion from the next: a moved deadline warns again.

    ``covers`` are warnings that need not be given any more once this one is.
    """

    kind: Kind
    mark: str
    subject: str
    lines: tuple[str, ...] = ()
    covers: tuple[Kind, ...] = ()


def warnings(ticket: Ticket, events: Sequence[Event], regulation: Regulation, now: datetime) -> list[Warned]:
    """What is to be told of a ticket at ``now``, whether it was told before or not."""
    if ticket.status is Status.CLOSED:
        return []
    so_far = course(events, regulation.rules.statuses.pauses_completion)
    found: list[Warned] = []
    reaction_lead = timedelta(minutes=regulation.rules.reaction.warn_minutes)
    if so_far.reacted_at is None:
        found += _deadline("reaction", ticket, regulation, regulation.reaction(ticket.opened_at), reaction_lead, now)
    elif so_far.awaiting_since is not None:
        found += _client_wrote(ticket, so_far.awaiting_since)
        found += _deadline(
            "answer", ticket, regulation, regulation.next_answer(so_far.awaiting_since), reaction_lead, now
        )
    countdown = completion(ticket, so_far, regulation)
    lead = timedelta(minutes=regulation.rules.completion.warn_minutes)
    if countdown is not None:
        found += _deadline("completion", ticket, regulation, countdown, lead, now)
    if so_far.paused and so_far.pauses:
        found += _waiting(ticket, regulation, so_far.pauses[-1].start, now)
    return found


def _deadline(
    name: str, ticket: Ticket, regulation: Regulation, countdown: Countdown, lead: timedelta, now: datetime
) -> list[Warned]:
    deadline, near = regulation.deadline(countdown), regulation.near(countdown, lead)
    if deadline is None or near is None or now < near:
        return []
    due = moment_words(regulation.zone, deadline.at, now)
    title = TITLES[name].lower()
    mark = deadline.at.isoformat()
    lines = (f"Тема: {ticket.subject}", f"{TITLES[name]}: до {due}. {countdown.rule}.")
    if now <= deadline.at:
        left = duration_words(deadline.at - now)
        return [Warned(f"{name}_near", mark, f"{ticket.key}: {title} через {left}", lines)]  # type: ignore[arg-type]
    late = f"{ticket.key}: срок прошёл, {title}"
    return [Warned(f"{name}_breach", mark, late, lines, covers=(f"{name}_near",))]  # type: ignore[arg-type]


def _client_wrote(ticket: Ticket, since: datetime) -> list[Warned]:
    lines = (f"Тема: {ticket.subject}", "Клиент ответил и ждёт вас.")
    return [Warned("client_wrote", since.isoformat(), f"{ticket.key}: клиент ответил", lines)]


def _waiting(ticket: Ticket, regulation: Regulation, since: datetime, now: datetime) -> list[Warned]:
    """A client who is waited for is reminded and, where the rules say so, the ticket closed (own rules)."""
    remind_at, close_at = regulation.client_wait(ticket.status, since)
    mark = since.isoformat()
    if close_at is not None and now >= close_at:
        return [Warned("client_closing", mark, f"{ticket.key}: закрыто без ответа", covers=("client_reminder",))]
    if remind_at is not None and now >= remind_at:
        return [Warned("client_reminder", mark, f"{ticket.key}: напоминание клиенту")]
    return []
