"""What a question to departments is made of, and when it is complete (§7, §8)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from intake.errors import NotFound, Refused
from intake.letters.addresses import valid_address
from intake.model import Direction, StoredAttachment

if TYPE_CHECKING:
    from intake.escalations import Asked, Escalation
    from intake.letters.asking import Material
    from intake.letters.contexts import Rendered
    from intake.letters.enclosures import Enclosure
    from intake.model import Letter, Ticket, TicketMessage
    from intake.ports import NewMessage, Transaction
    from intake.regulation import Regulation
    from intake.settings import Department, DeskSettings

ENCLOSED_OCTETS = 15_000_000
"""Of files that go with one letter; base64 makes a third more of it, and 25 MB is what most servers take."""
ANSWERED, REFUSED, ASKED_BACK, LATE = "dept_answered", "dept_refused", "dept_asked_back", "dept_late"
TOLD, CONFIRMED = "dept_told", "dept_confirmed"


def chosen_channels(
    wanted: Sequence[str], fallback: str, department: Department | None, *, slack: bool
) -> tuple[str, ...]:
    """Those of the wanted channels that lead to a department; where none does, the fallback; none at all: ()."""
    if department is None:
        return ()
    there = {
        "mail": valid_address(department.email or ""),
        "slack": slack and bool(department.slack_channel),
    }
    ways = tuple(channel for channel in wanted if there[channel])
    return ways or ((fallback,) if there.get(fallback) else ())


def completed_at(escalation: Escalation, complete: Literal["both", "one"]) -> datetime | None:
    """When all departments, or the first, had answered; None while that is waited for."""
    times = [asked.answered_at for asked in escalation.asked]
    known = [at for at in times if at is not None]
    if complete == "one":
        return min(known, default=None)
    return max(known) if known and len(known) == len(times) else None


def due_of(escalation: Escalation, asked: Asked, regulation: Regulation) -> datetime:
    """Until when one department answers (§7). A question of its own is a reaction within its term; what it is told then
    is addressed to it anew, and so is the term. The other department's term stays."""
    if all(part.told_at is None for part in escalation.asked):
        return escalation.answer_due
    return regulation.second_line_due(escalation.topic, begun(escalation, asked)).at


def nearest_due(escalation: Escalation, regulation: Regulation) -> datetime:
    """The first of the terms of those still waited for; of one that is complete, what it was."""
    waited_for = [due_of(escalation, part, regulation) for part in escalation.waiting]
    return min(waited_for, default=escalation.answer_due)


def end_part(tx: Transaction, escalation: Escalation, part: Asked, regulation: Regulation) -> Escalation:
    """Write how a part ended, and what that makes of the whole; the escalation as it is then."""
    whole = escalation.with_part(part)
    done = completed_at(whole, regulation.rules.second_line.complete)
    whole = replace(whole, answered_at=whole.answered_at or done)
    tx.escalations.answer(part, done, nearest_due(whole, regulation))
    return whole


def begun(escalation: Escalation, asked: Asked) -> datetime:
    """When a department's present term began."""
    return asked.told_at or escalation.escalated_at


def gathered(
    tx: Transaction, ticket: Ticket, messages: Sequence[int] | None, attachments: Sequence[str] | None
) -> Material:
    """The conversation and files that go to a department. Raises Refused for what is internal, NotFound."""
    from intake.letters.asking import Material

    shown = _conversation(tx, ticket, messages)
    files = _files(ticket, shown, attachments)
    enclosures: list[Enclosure] = []
    left_out: list[str] = []
    room = ENCLOSED_OCTETS
    for attached in files:
        room -= attached.size
        if room < 0:
            left_out.append(attached.filename)
            room += attached.size
        else:
            enclosures.append(_enclosure(tx, ticket, attached))
    posted = tuple(shown) if messages is not None else ()
    named = tuple(attached.filename for attached in files) if attachments is not None else ()
    return Material(tuple(shown), tuple(enclosures), tuple(left_out), posted, named)


def missed(tx: Transaction, escalation: Escalation, asked: Asked) -> Material:
    """What a reminder by mail shows whoever has no letter of ours yet, where the question says nothing itself."""
    from intake.letters.asking import Material

    if escalation.question or "mail" in asked.channels:
        return Material()
    return gathered(tx, tx.tickets.get(escalation.ticket), None, ())


def parts_of_messages(
    tx: Transaction, messages: Sequence[TicketMessage], asked: Sequence[Escalation]
) -> dict[int, Asked]:
    """Message → department's part, for what departments were written and wrote."""
    told = [m.id for m in messages if m.direction in (Direction.DEPT_IN, Direction.DEPT_OUT)]
    parts = {part.id: part for escalation in asked for part in escalation.asked}
    return {message: parts[part] for message, part in tx.escalations.asked_of(told).items() if part in parts}


def channel_of(message: TicketMessage) -> str:
    """How a message of a department's thread went: what has a sender's address is mail."""
    return "slack" if message.sender_address is None else "mail"


def _conversation(tx: Transaction, ticket: Ticket, messages: Sequence[int] | None) -> list[TicketMessage]:
    told = tx.messages.of(ticket.number)
    if messages is None:
        between = [m for m in told if m.direction in (Direction.IN, Direction.OUT)]
        return [m for m in between if not m.automatic and not m.unconfirmed]
    by_id = {m.id: m for m in told}
    for wanted in messages:
        if wanted not in by_id:
            raise NotFound(f"{ticket.key} has no message {wanted}")
        if by_id[wanted].direction not in (Direction.IN, Direction.OUT):
            raise Refused(f"Сообщение {wanted} внутреннее: подразделениям показывают только переписку с клиентом")
    return [m for m in told if m.id in set(messages)]


def _files(ticket: Ticket, shown: Sequence[TicketMessage], attachments: Sequence[str] | None) -> list[StoredAttachment]:
    there = {a.id: a for m in shown for a in m.attachments}
    if attachments is None:
        return list(there.values())
    for wanted in attachments:
        if wanted not in there:
            raise NotFound(f"{ticket.key} has no attachment {wanted} in what is shown")
    return [there[wanted] for wanted in dict.fromkeys(attachments)]


def _enclosure(tx: Transaction, ticket: Ticket, attached: StoredAttachment) -> Enclosure:
    from intake.letters.enclosures import Enclosure
    from intake.mail.reading import attachment_bytes

    stored, raw = tx.messages.attachment(ticket.number, attached.id)
    return Enclosure(stored.filename or "attachment", stored.content_type, attachment_bytes(raw, stored.part))


def department_message(
    settings: DeskSettings,
    escalation: Escalation,
    letter: Letter,
    rendered: Rendered,
    outbox: int,
    author: str | None,
    now: datetime,
    enclosures: Sequence[Enclosure] = (),
) -> NewMessage:
    """A letter to a department as a message of its ticket; ``author`` None: the desk itself reminds. A post has no
    sender's address, as little as what is said in Slack."""
    from intake.letters.enclosures import enclosure_parts
    from intake.letters.posting import KINDS as POSTS
    from intake.ports import NewMessage

    asked = escalation.question if author is not None else ""
    parts = enclosure_parts(True, len(enclosures))
    return NewMessage(
        ticket=escalation.ticket,
        direction=Direction.DEPT_OUT,
        at=now,
        text=asked or rendered.text,
        full_text=rendered.text,
        subject=rendered.subject,
        sender_name=settings.name,
        sender_address=None if letter.kind in POSTS else settings.address,
        author=author,
        automatic=author is None,
        outbox=outbox,
        ids=(letter.message_id,),
        attachments=tuple(
            StoredAttachment(secrets.token_urlsafe(12), e.filename, e.content_type, len(e.data), part, e.inline)
            for e, part in zip(enclosures, parts, strict=True)
        ),
    )
