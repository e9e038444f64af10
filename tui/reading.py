"""What screens show, read in one go on a worker thread: nothing here may run on the event loop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from intake.errors import NotFound
from intake.live import Live, live
from intake.model import Direction, Event, Ticket, TicketMessage
from intake.ports import QueuePage
from intake.second_line import parts_of_messages
from tui.keys import other_layout

if TYPE_CHECKING:
    from intake.escalations import Asked, Escalation
    from intake.regulation import Regulation
    from tui.workplace import Workplace

PAGE = 100
FOUND = 50
Place = tuple[datetime | None, int]


@dataclass(frozen=True, slots=True)
class Filter:
    """One of the queue's filters."""

    id: str
    title: str
    category: str | None
    mine: bool = False
    free: bool = False


FILTERS = (
    Filter("all", "Все", None),
    Filter("mine", "Мои", None, mine=True),
    Filter("free", "Свободные", "desk", free=True),
    Filter("client", "Ждут клиента", "client"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the queue. ``after`` is the place it begins behind, ``more`` whether another one follows; ``live`` the
    desk as a whole, ``here`` logins of those who are not absent today."""

    filter: Filter
    tickets: tuple[Ticket, ...]
    counts: Mapping[str, int]
    regulations: Mapping[str, Regulation]
    present: Regulation
    after: Place | None
    more: bool
    live: Live
    here: frozenset[str] | None = None

    @property
    def end(self) -> Place | None:
        """Where the next page begins."""
        return (self.tickets[-1].next_due, self.tickets[-1].number) if self.tickets else None


@dataclass(frozen=True, slots=True)
class TicketFile:
    """A ticket with all that is known of it. ``names`` are agents' names by login, ``asked_under`` the rules its
    questions to departments were asked by, by version, ``parts`` the department's part a message belongs to,
    by its id."""

    ticket: Ticket
    messages: tuple[TicketMessage, ...]
    events: tuple[Event, ...]
    names: Mapping[str, str]
    regulation: Regulation
    escalations: tuple[Escalation, ...] = ()
    asked_under: Mapping[str, Regulation] = field(default_factory=dict)
    parts: Mapping[int, Asked] = field(default_factory=dict)

    def last_heard(self) -> TicketMessage | None:
        """The client's latest message."""
        return next((m for m in reversed(self.messages) if m.direction is Direction.IN and not m.automatic), None)


def queue_page(at: Workplace, chosen: Filter, after: Place | None) -> Page:
    """The page of a filter that begins behind ``after``."""
    now = at.clock()
    asked = QueuePage(
        category=chosen.category,
        mine=at.agent.login if chosen.mine else None,
        free=chosen.free,
        after=after,
        limit=PAGE + 1,
        now=now,
    )
    present = at.regulations.at(now)
    with at.store.read() as tx:
        found = tx.tickets.page(asked)
        counts = tx.tickets.counts(now, at.agent.login)
        standing = live(tx, present, now)
    return Page(
        chosen,
        tuple(found[:PAGE]),
        counts,
        _regulations(at, found),
        present,
        after,
        len(found) > PAGE,
        standing,
        at.desk.here_today(),
    )


def ticket_file(at: Workplace, number: int, read: bool = False) -> TicketFile:
    """A ticket whole; ``read`` says that the agent has it in front of him now. Raises NotFound."""
    with at.store.read() as tx:
        ticket = tx.tickets.get(number)
    if read and ticket.unread:
        at.desk.mark_read(number)
    with at.store.read() as tx:
        ticket = tx.tickets.get(number)
        messages = tuple(tx.messages.of(number))
        events = tuple(tx.tickets.events(number))
        names = {agent.login: agent.name for agent in tx.people.agents(active=False)}
        escalations = tuple(tx.escalations.of(number))
        parts = parts_of_messages(tx, messages, escalations)
    under = {version: at.regulations.of(version) for version in {e.regulation for e in escalations}}
    return TicketFile(ticket, messages, events, names, at.regulations.of(ticket.regulation), escalations, under, parts)


def most_urgent_free(at: Workplace, but: int | None = None) -> int | None:
    """The number of the free ticket with the nearest deadline, other than the one at hand."""
    asked = QueuePage(category="desk", free=True, limit=2, now=at.clock())
    with at.store.read() as tx:
        found = [ticket.number for ticket in tx.tickets.page(asked)]
    return next((number for number in found if number != but), None)


def search(at: Workplace, words: str, limit: int = FOUND) -> tuple[tuple[Ticket, ...], Mapping[str, Regulation]]:
    """Tickets by number, key, or words of subject, contact and organisation: the one that was named first.

    Words that find nothing are tried as if typed in the other keyboard layout."""
    found = _search(at, words, limit)
    if not found and words.strip():
        found = _search(at, other_layout(words), limit)
    return tuple(found), _regulations(at, found)


def _search(at: Workplace, words: str, limit: int) -> list[Ticket]:
    named: list[Ticket] = []
    try:
        number = at.desk.number_of(words) if words.strip() else None
    except (NotFound, OverflowError):
        number = None
    with at.store.read() as tx:
        if number is not None:
            named.append(tx.tickets.get(number))
        named += [t for t in tx.tickets.find({"words": words}, limit) if t.number != number]
    return named[:limit]


def colleagues(at: Workplace) -> list[tuple[str, str]]:
    """(login, name) of those a ticket can be given to."""
    with at.store.read() as tx:
        return [(agent.login, agent.name) for agent in tx.people.agents()]


def _regulations(at: Workplace, tickets: list[Ticket]) -> Mapping[str, Regulation]:
    return {version: at.regulations.of(version) for version in {ticket.regulation for ticket in tickets}}
