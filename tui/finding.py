"""What can be picked for a ticket: other tickets, licensees, its messages and files. Read on worker threads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from intake.model import Direction
from tui import labels, reading, times
from tui.screens.pick import Pick

if TYPE_CHECKING:
    from datetime import datetime

    from intake.model import Ticket, TicketMessage
    from intake.registries import Licensee
    from tui.workplace import Workplace

OFFERED = 12
UNDO_MERGE = timedelta(hours=1)


def other_tickets(at: Workplace, ticket: Ticket, words: str) -> Sequence[Pick]:
    """Tickets the words name; without words those of the same contact, the linked ones, and similar closed ones."""
    if words:
        found = list(reading.search(at, words, OFFERED)[0])
    else:
        with at.store.read() as tx:
            address = ticket.contact_address
            found = tx.tickets.find({"contact_address": address}, OFFERED) if address else []
            found += [tx.tickets.get(number) for number in tx.tickets.links(ticket.number)]
            found += tx.tickets.similar(ticket.number, 3)
    others = {one.number: one for one in found if one.number != ticket.number and one.merged_into is None}
    return [_ticket(at, one) for one in others.values()][:OFFERED]


def _ticket(at: Workplace, ticket: Ticket) -> Pick:
    status = labels.status_name(at.regulations.of(ticket.regulation), ticket.status)
    who = labels.person(ticket.contact_name, ticket.contact_address)
    return Pick(str(ticket.number), f"{ticket.key} {ticket.subject or '(без темы)'}", f"{status} · {who}")


def absorbed(at: Workplace, ticket: Ticket, now: datetime) -> list[Ticket]:
    """Tickets that became part of this one within the hour and can still be taken out of it."""
    with at.store.read() as tx:
        recent = [e for e in tx.tickets.events(ticket.number) if e.kind == "absorbed" and now - e.at <= UNDO_MERGE]
        found = [tx.tickets.by_key(event.after or "") for event in recent]
    return [one for one in found if one is not None and one.merged_into == ticket.number]


def licensees(at: Workplace, ticket: Ticket, words: str) -> Sequence[Pick]:
    """Organisations in whose name, INN or domains every word occurs, those of the contact's domain first."""
    domain = (ticket.contact_address or "").rpartition("@")[2].lower()
    with at.store.read() as tx:
        known = tx.licensees.all()
    wanted = words.casefold().split()
    found = [one for one in known if all(word in _words_of(one) for word in wanted)]
    found.sort(key=lambda one: (domain not in one.domains, one.name.casefold()))
    picks = [Pick(one.inn, one.name, f"ИНН {one.inn} · {', '.join(one.domains) or 'без домена'}") for one in found]
    nobody = [Pick("", "Ничей: снять привязку")] if ticket.licensee and not words else []
    return [*picks[:50], *nobody]


def _words_of(licensee: Licensee) -> str:
    return " ".join((licensee.name, licensee.inn, *licensee.domains)).casefold()


def splittable(at: Workplace, ticket: Ticket) -> list[TicketMessage]:
    """The client's messages, newest first; none where there is but one."""
    with at.store.read() as tx:
        heard = [m for m in tx.messages.of(ticket.number) if m.direction is Direction.IN]
    return list(reversed(heard)) if len(heard) > 1 else []


def message_line(at: Workplace, message: TicketMessage) -> tuple[str, str]:
    """A message in one line: when and who, and how it begins."""
    when = times.moment(at.zone, message.at, at.clock())
    begins = " ".join(message.text.split())[:60] or "(пустое сообщение)"
    return f"{when} {labels.person(message.sender_name, message.sender_address)}", begins
