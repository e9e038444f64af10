"""Which department's part a mail answers. What is written there is internal, whoever wrote it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from intake.errors import NotFound
from intake.escalations import Asked, Escalation, Reply
from intake.matching import Match
from intake.merging import merged_into
from intake.model import Direction, Disposition, Event, Ticket
from intake.second_line import ANSWERED, end_part

if TYPE_CHECKING:
    from intake.authentication import Authentication
    from intake.mail.message import Message
    from intake.model import Envelope, JournalRow
    from intake.ports import NewMessage, Outcome, Transaction
    from intake.regulations import Regulations
    from intake.settings import DeskSettings
    from intake.signing import Signer

LOOKED_AT = 100
"""Addresses or Message-IDs of one mail."""


@dataclass(frozen=True, slots=True)
class DepartmentMail:
    """A mail that belongs to a department's part. ``confirmed``: it came by the address or thread of that part, from a
    sender who speaks for the department, and our relay does not say that the sender is forged."""

    ticket: Ticket
    escalation: Escalation
    asked: Asked
    by: str
    confirmed: bool


def department_mail(
    tx: Transaction,
    message: Message,
    envelope: Envelope,
    sender: str | None,
    matched: Match,
    signer: Signer,
    settings: DeskSettings,
    checked: Authentication,
) -> DepartmentMail | None:
    """The part a mail belongs to: by the signed address or by the thread; or, unconfirmed, because its sender speaks
    for a department that was asked about the ticket it is ``matched`` with. None: it is none of theirs. ``checked`` is
    what our relay said of the sender."""
    for by, number in (
        ("department address", _by_address(message, envelope, signer)),
        ("department thread", _by_thread(tx, message)),
    ):
        escalation = tx.escalations.by_asked(number) if number is not None else None
        if number is None or escalation is None:
            continue
        try:
            ticket = merged_into(tx, tx.tickets.get(escalation.ticket))
        except NotFound:
            continue
        asked = escalation.part(number)
        return DepartmentMail(ticket, escalation, asked, by, _speaks(asked, sender, settings, checked))
    return _by_sender(tx, sender, matched, settings)


def _speaks(asked: Asked, sender: str | None, settings: DeskSettings, checked: Authentication) -> bool:
    department = settings.department(asked.department)
    if department is None or not department.speaks(sender):
        return False
    return checked.verified is not False


def _by_address(message: Message, envelope: Envelope, signer: Signer) -> int | None:
    named = (*envelope.rcpt_to, *(a.address for a in (*message.to, *message.cc)))
    return next((found for a in named[:LOOKED_AT] if (found := signer.asked_of_address(a)) is not None), None)


def _by_thread(tx: Transaction, message: Message) -> int | None:
    """The nearest message we know of the thread decides: a thread with the client stays the client's."""
    wanted = [*message.in_reply_to, *reversed(message.references)][:LOOKED_AT]
    known = tx.messages.tickets_by_id(wanted)
    nearest = next((known[message_id][1] for message_id in wanted if message_id in known), None)
    return None if nearest is None else tx.escalations.asked_of([nearest]).get(nearest)


def _by_sender(tx: Transaction, sender: str | None, matched: Match, settings: DeskSettings) -> DepartmentMail | None:
    """What a department writes beside its thread is internal too, but proves nothing: anybody can name a sender."""
    speaking = {department.key for department in settings.departments if department.speaks(sender)}
    if not speaking or sender is None:
        return None
    ticket = matched.ticket or (tx.tickets.by_key(matched.claimed) if matched.claimed else None)
    if ticket is None or sender.lower() in tx.messages.participants(ticket.number):
        return None
    ticket = merged_into(tx, ticket)
    for escalation in reversed(tx.escalations.of(ticket.number)):
        for asked in escalation.asked:
            if asked.department in speaking:
                return DepartmentMail(ticket, escalation, asked, "department sender", confirmed=False)
    return None


def keep_department_mail(
    tx: Transaction,
    row: JournalRow,
    found: DepartmentMail,
    said: NewMessage,
    regulations: Regulations,
    now: datetime,
    made: Outcome,
) -> Outcome:
    """Show a department's mail as internal; the first confirmed one stops its clock. ``said`` is the mail as a message,
    ``made`` its outcome but for the message."""
    ticket = merged_into(tx, tx.tickets.get(found.ticket.number))
    confirmed = found.confirmed or said.automatic
    internal = replace(said, ticket=ticket.number, direction=Direction.DEPT_IN, unconfirmed=not confirmed)
    message = tx.messages.add(internal)
    tx.escalations.tie(message, found.asked.id)
    tx.tickets.add_events(ticket.number, [_told(tx, row, found, said, message, regulations)])
    if not said.automatic:
        tx.tickets.update(ticket, unread=True, snoozed_until=None, updated_at=now)
    return replace(made, disposition=Disposition.MESSAGE, ticket=ticket.number, message=message)


def _told(
    tx: Transaction,
    row: JournalRow,
    found: DepartmentMail,
    said: NewMessage,
    message: int,
    regulations: Regulations,
) -> Event:
    at, topic, department = row.received_at, found.escalation.topic, found.asked.department
    if said.automatic:
        return Event(at, "desk", "auto_arrived", topic, department)
    if not found.confirmed:
        return Event(at, "desk", "dept_unconfirmed", topic, said.sender_address)
    escalation = tx.escalations.by_asked(found.asked.id)
    assert escalation is not None, "it was there when the mail was planned"
    asked = escalation.part(found.asked.id)
    if asked.answered_at is not None:
        return Event(at, department, "dept_wrote", topic, department)
    answered = replace(asked, answered_at=at, outcome=Reply.ANSWERED, answered_by=said.sender_address, answer=message)
    end_part(tx, escalation, answered, regulations.of(escalation.regulation))
    return Event(at, department, ANSWERED, topic, department)
