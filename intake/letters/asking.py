"""The letter that asks a department of the second line (§7, §8), and the one that reminds it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.errors import Refused
from intake.letters.addresses import valid_address
from intake.letters.composing import LetterHead, compose
from intake.letters.contexts import DepartmentContext, Rendered, Said
from intake.letters.enclosures import Enclosure
from intake.model import Direction, Letter
from intake.second_line import begun, due_of
from intake.subjects import bare_subject
from intake.wording import moment_words, second_line_words

if TYPE_CHECKING:
    from intake.escalations import Asked, Escalation
    from intake.letters.writing import LetterWriter
    from intake.model import Ticket, TicketMessage
    from intake.regulation import Regulation
    from intake.settings import Department

SHOWN = 30
"""Messages of a conversation in one letter; of a longer one the latest."""
SHOWN_CHARACTERS = 20_000
"""Of one message."""
NO_SUBJECT = "(без темы)"
ASKED, REMINDED = "escalation", "escalation_reminder"


@dataclass(frozen=True, slots=True)
class Material:
    """What a department is shown. ``conversation`` holds messages of the client and letters to him, nothing internal;
    ``not_enclosed`` names files that were too big. ``posted`` and ``named`` are the messages and the files' names that
    were chosen one by one: of what goes with a letter anyway, a post shows none."""

    conversation: tuple[TicketMessage, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    not_enclosed: tuple[str, ...] = ()
    posted: tuple[TicketMessage, ...] = ()
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What goes to a department. ``reminder`` is the line a reminder begins with, "" in the question itself;
    ``references`` are Message-IDs of what was written to it before; ``told`` is the desk's answer to a question of its
    own, "" where it is asked for the first time; ``by`` the login of who tells it, "": who asked; ``mailed``: whether a
    letter went to it before a reminder."""

    ticket: Ticket
    escalation: Escalation
    agent_name: str
    material: Material = Material()
    reminder: str = ""
    references: tuple[str, ...] = ()
    told: str = ""
    by: str = ""
    mailed: bool = True


def due_words(escalation: Escalation, asked: Asked, regulation: Regulation) -> str:
    """ "до 19:00 МСК четверга, 14 мая, 3 рабочих дня, §7"."""
    rules = regulation.rules.second_line
    days = rules.topics[escalation.topic].working_days
    since, due = begun(escalation, asked), due_of(escalation, asked, regulation)
    return f"{second_line_words(regulation, since, due, days)}, {rules.clause}"


def department_letter(
    writer: LetterWriter,
    question: Question,
    asked: Asked,
    department: Department,
    regulation: Regulation,
    now: datetime,
) -> tuple[Letter, Rendered]:
    """The letter to one department, answered to an address of its own. Raises Refused without an address."""
    settings, ticket = writer.settings, question.ticket
    if not valid_address(department.email or ""):
        raise Refused(f"[departments.{asked.department}] email: нет адреса, на который можно написать")
    assert department.email is not None, "a valid address is one"
    rendered = writer.templates(_context(writer, question, asked, regulation, now))
    automatic = (("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All"))
    head = LetterHead(
        from_name=settings.name,
        from_address=settings.address,
        to=((asked.title, department.email),),
        subject=f"[{ticket.key}] {bare_subject(rendered.subject, settings.ticket_prefix)}",
        message_id=writer.signer.department_message_id(ticket.key, asked.id, secrets.token_hex(6), settings.domain),
        date=now,
        reply_to=_reply_to(writer, ticket, asked),
        in_reply_to=question.references[-1] if question.references else None,
        references=question.references,
        extra=(("X-Otklik-Ticket", ticket.key), *(automatic if question.reminder else ())),
    )
    letter = Letter(
        kind=REMINDED if question.reminder else ASKED,
        ticket=ticket.number,
        message_id=head.message_id,
        recipients=(department.email,),
        raw=compose(head, rendered.text, rendered.html, question.material.enclosures),
        automatic=False,
        envelope_from=settings.envelope_from or settings.address,
    )
    return letter, rendered


def _reply_to(writer: LetterWriter, ticket: Ticket, asked: Asked) -> str:
    if writer.settings.reply_address == "plain":
        return writer.settings.address
    return writer.signer.department_address(writer.settings.address, ticket.key, asked.department, asked.id)


def _context(
    writer: LetterWriter, question: Question, asked: Asked, regulation: Regulation, now: datetime
) -> DepartmentContext:
    ticket, escalation = question.ticket, question.escalation
    told = question.material.conversation
    shown = told[-SHOWN:]
    return DepartmentContext(
        key=ticket.key,
        subject=ticket.subject or NO_SUBJECT,
        topic=regulation.rules.second_line.topics[escalation.topic].name,
        department=asked.title,
        due=due_words(escalation, asked, regulation),
        question=question.told or escalation.question,
        agent_name=question.agent_name,
        desk_name=writer.settings.name,
        client=client_words(ticket),
        product=ticket.product or "",
        others=tuple(other.title for other in escalation.asked if other.id != asked.id),
        conversation=said(shown, regulation, now),
        left_out=len(told) - len(shown),
        files=tuple(enclosure.filename for enclosure in question.material.enclosures),
        not_enclosed=question.material.not_enclosed,
        reminder=question.reminder,
        told=bool(question.told),
        earlier=bool(question.reminder) and question.mailed,
    )


def client_words(ticket: Ticket) -> str:
    """Who asks the desk: organisation and person, or what is known of them."""
    return ", ".join(filter(None, (ticket.licensee, ticket.contact_name))) or ticket.contact_address or "не указан"


def said(messages: Sequence[TicketMessage], regulation: Regulation, now: datetime) -> tuple[Said, ...]:
    """Messages for people. Whatever is not between the client and the desk is left out, whoever asked for it."""
    return tuple(
        Said(
            who=m.sender_name or m.sender_address or "клиент" if m.direction is Direction.IN else "поддержка",
            at=moment_words(regulation.zone, m.at, now),
            text=m.text if len(m.text) <= SHOWN_CHARACTERS else m.text[:SHOWN_CHARACTERS] + "\n…",
            client=m.direction is Direction.IN,
        )
        for m in messages
        if m.direction in (Direction.IN, Direction.OUT)
    )
