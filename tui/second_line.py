"""What the second line's screens show, read in one go on a worker thread: nothing here may run on the event loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.departments import LineMonth, line_month
from intake.errors import Refused
from intake.escalations import Escalation, OpenPage, OpenPart
from intake.model import Direction, TicketMessage
from tui.drafts import Draft

if TYPE_CHECKING:
    from intake.model import Ticket
    from intake.quality import Month
    from intake.regulation import Regulation
    from tui.workplace import Workplace

PAGE = 100
LOOK_BACK = timedelta(days=90)
"""Answers older than that, about which nobody wrote to the client, are not shown any more."""
Place = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class LinePage:
    """A page of the open parts. ``department`` None: of all; ``names`` are agents' names by login."""

    department: str | None
    parts: tuple[OpenPart, ...]
    counts: Mapping[str, int]
    regulations: Mapping[str, Regulation]
    present: Regulation
    names: Mapping[str, str]
    after: Place | None
    more: bool

    @property
    def end(self) -> Place | None:
        """Where the next page begins."""
        return (self.parts[-1].escalation.answer_due, self.parts[-1].asked.id) if self.parts else None


@dataclass(frozen=True, slots=True)
class Outlook:
    """A topic as one may ask about it. ``asked`` None: it cannot be, for the reason ``why_not``; ``evidence`` are the
    words of the client that speak for it, () where it isn't what typing suggests."""

    topic: str
    name: str
    asked: Escalation | None
    why_not: str | None
    suggested: bool
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MonthOfLine:
    """The second line's month."""

    month: Month
    found: LineMonth
    regulation: Regulation


def line_page(at: Workplace, department: str | None, after: Place | None) -> LinePage:
    """The page that begins behind ``after``."""
    now = at.clock()
    asked = OpenPage(department, after, PAGE + 1, now - LOOK_BACK)
    with at.store.read() as tx:
        found = tx.escalations.open_parts(asked)
        counts = tx.escalations.open_counts(asked.since)
        names = {agent.login: agent.name for agent in tx.people.agents(active=False)}
    regulations = {version: at.regulations.of(version) for version in {p.escalation.regulation for p in found}}
    present = at.regulations.at(now)
    return LinePage(department, tuple(found[:PAGE]), counts, regulations, present, names, after, len(found) > PAGE)


def ticket_parts(at: Workplace, number: int) -> tuple[OpenPart, ...]:
    """Every part of a ticket's questions, oldest first."""
    with at.store.read() as tx:
        return tuple(tx.escalations.parts(number))


def outlooks(at: Workplace, ticket: Ticket) -> list[Outlook]:
    """Every topic of the ticket's regulation, with whom it would go to by when, and which one typing suggests."""
    from intake.typing import classify, desk_model

    with at.store.read() as tx:
        heard = [m for m in tx.messages.of(ticket.number) if m.direction is Direction.IN and not m.automatic]
        _, model = tx.lessons.model()
    guess = classify(ticket.subject, "\n".join(m.text for m in heard[:3]), model=desk_model(model)).topic
    suggested = ticket.topic or guess.value
    evidence = tuple(dict.fromkeys(e.words for e in guess.evidence if e.weight > 0)) if guess.value == suggested else ()
    topics = at.regulations.of(ticket.regulation).rules.second_line.topics
    found = []
    for key, topic in topics.items():
        try:
            asked, why = at.desk.outlook(ticket.number, key, at.agent.login), None
        except Refused as refusal:
            asked, why = None, str(refusal)
        own = key == suggested
        found.append(Outlook(key, topic.name, asked, why, own, evidence if own else ()))
    return found


def showable(messages: Sequence[TicketMessage]) -> list[TicketMessage]:
    """The messages that departments may be shown: those between the client and the desk."""
    return [m for m in messages if m.direction in (Direction.IN, Direction.OUT)]


def shown_by_default(messages: Sequence[TicketMessage]) -> list[TicketMessage]:
    """Those of `showable` that go along unless the agent chooses otherwise."""
    return [m for m in showable(messages) if not m.automatic and not m.unconfirmed]


def answers(at: Workplace, number: int) -> list[TicketMessage]:
    """What departments wrote about a ticket, the latest first; out-of-office left aside."""
    with at.store.read() as tx:
        told = tx.messages.of(number)
    return [m for m in reversed(told) if m.direction is Direction.DEPT_IN and not m.automatic]


def quote_into_reply(at: Workplace, number: int, message: int) -> None:
    """Put a department's answer, quoted, behind what was drafted for the client. Raises Refused."""
    quoted = at.desk.quote_answer(number, message)
    draft = Draft(at, number, "reply")
    typed = draft.read()
    if quoted.strip() not in typed:
        draft.keep(f"{typed.rstrip()}\n\n{quoted}\n".lstrip("\n"), 1)


def month_of_line(at: Workplace, month: Month) -> MonthOfLine:
    """A month of the second line, as `departments` counts it."""
    now = at.clock()
    regulation = at.regulations.at(now)
    order = list(regulation.rules.second_line.departments)
    with at.store.read() as tx:
        return MonthOfLine(month, line_month(tx, month.bounds(regulation.zone), order, at.regulations, now), regulation)
