"""What was decided about a mail, done: one transaction of ticket, events, message and letter."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from intake.clocks import derived
from intake.contacts import OFFERED
from intake.department_mail import keep_department_mail
from intake.letters.ceilings import held_or_suppressed
from intake.letters.conversation import letter_message
from intake.merging import merged_into
from intake.model import Direction, Disposition, Event, Status, StoredAttachment, Ticket
from intake.plans import Plan
from intake.ports import NewMessage, Outcome
from intake.settings import DeskSettings
from intake.thanks import is_bare_thanks
from intake.voting import voted_by_mail

if TYPE_CHECKING:
    from intake.letters.writing import LetterWriter
    from intake.ports import Transaction
    from intake.regulations import Regulations


def carry_out(
    tx: Transaction,
    made: Plan,
    regulations: Regulations,
    settings: DeskSettings,
    now: datetime,
    writer: LetterWriter | None = None,
) -> Outcome:
    """Do what was planned, in one transaction; the outcome for the journal. ``writer`` tells the lead of a low vote."""
    if made.kind == "open":
        return _open(tx, made, settings, now)
    if made.kind == "join":
        return _join(tx, made, regulations, now, writer)
    if made.kind == "show":
        assert made.ticket is not None, "something to show has a ticket"
        return _show(tx, made, merged_into(tx, tx.tickets.get(made.ticket.number)))
    if made.kind == "department":
        assert made.department is not None, "a department's mail has its part"
        said = _new_message(made, made.department.ticket.number)
        outcome = made.outcome(Disposition.MESSAGE)
        return keep_department_mail(tx, made.row, made.department, said, regulations, now, outcome)
    if made.kind == "report":
        return _report(tx, made, now)
    disposition = {
        "quarantine": Disposition.QUARANTINED,
        "duplicate": Disposition.DUPLICATE,
    }.get(made.kind, Disposition.IGNORED)
    return made.outcome(disposition)


def _open(tx: Transaction, made: Plan, settings: DeskSettings, now: datetime) -> Outcome:
    ticket = made.ticket
    assert ticket is not None, "a plan that opens has a ticket"
    tx.tickets.insert(ticket)
    events = [Event(made.row.received_at, "client", "opened", None, ticket.source.value)]
    if made.older is not None:
        events.append(Event(made.row.received_at, "desk", "mentions", None, made.older))
    if made.offered is not None:
        events.append(Event(made.row.received_at, "desk", OFFERED, None, made.offered))
    tx.tickets.add_events(ticket.number, events + _chosen(made, now))
    message = tx.messages.add(_new_message(made, ticket.number))
    if made.letter is not None and made.rendered is not None:
        letter = held_or_suppressed(tx, made.letter, settings.limits, now, unproven=made.row.door == "form")
        outbox = tx.outbox.add(letter, now)
        tx.messages.add(letter_message(ticket, letter, made.rendered, outbox, settings, None, now))
    return replace(made, message=message).outcome(Disposition.TICKET)


def _chosen(made: Plan, now: datetime) -> list[Event]:
    """That an agent fetched the mail from where the screening had put it."""
    by = made.reading.chosen_by
    return [] if by is None else [Event(now, by, "accepted", None, str(made.row.id))]


def _show(tx: Transaction, made: Plan, ticket: Ticket) -> Outcome:
    message = tx.messages.add(_new_message(made, ticket.number))
    tx.tickets.add_events(ticket.number, [Event(made.row.received_at, "desk", "auto_arrived", None, made.cause)])
    return replace(made, ticket=ticket, message=message).outcome(Disposition.MESSAGE)


def _join(tx: Transaction, made: Plan, regulations: Regulations, now: datetime, writer: LetterWriter | None) -> Outcome:
    assert made.ticket is not None, "a plan that joins has a ticket"
    ticket = merged_into(tx, tx.tickets.get(made.ticket.number))
    made = replace(made, ticket=ticket)
    at = made.row.received_at

    def keep() -> int:
        return tx.messages.add(_new_message(made, ticket.number))

    voted = voted_by_mail(tx, ticket, made, regulations, writer, now, keep)
    if voted is not None:
        return replace(made, message=voted).outcome(Disposition.MESSAGE, "vote")
    message = keep()
    thanks = is_bare_thanks(made.reading.message.reply)
    events = _chosen(made, now)
    changes: dict[str, object] = {"unread": True, "updated_at": now, "snoozed_until": None}
    rules = regulations.of(ticket.regulation).rules.statuses
    if not (thanks and ticket.status is Status.CLOSED):
        events.append(Event(at, "client", "client_wrote", None, str(message)))
        after = _moved_by_answer(ticket, rules.reopens_to, rules.answer_returns)
        if after is not None:
            events.insert(0, Event(at, "client", "status", ticket.status.value, after.value))
            changes |= {"status": after, "status_before": None, "spam": False}
            if ticket.spam:
                events.insert(0, Event(at, "client", "not_spam"))
    tx.tickets.add_events(ticket.number, events)
    moved = replace(ticket, **changes)  # type: ignore[arg-type]
    clocks = derived(moved, tx.tickets.events(ticket.number), regulations.of(ticket.regulation))
    tx.tickets.update(ticket, **changes, **clocks)
    return replace(made, message=message).outcome(Disposition.MESSAGE)


def _moved_by_answer(ticket: Ticket, reopens_to: str, returns: frozenset[str]) -> Status | None:
    """The status a client's message moves a ticket to; None where it stays."""
    if ticket.status is Status.CLOSED:
        return Status(reopens_to)
    if ticket.status.value in returns:
        before = ticket.status_before
        return Status.IN_PROGRESS if before in (None, Status.CLOSED) else before
    return None


def _report(tx: Transaction, made: Plan, now: datetime) -> Outcome:
    """A delivery report: an event on the ticket of the letter it is about, found by the Message-ID it returns."""
    report = made.reading.message.report
    letter = tx.outbox.by_message_id(report.original_ids) if report is not None else None
    if report is None or letter is None:
        return made.outcome(Disposition.IGNORED)
    reason = " ".join(filter(None, (report.status, report.diagnostic)))[:500] or report.action
    if report.action == "failed":
        tx.outbox.bounced(letter.id, report.recipients, reason)
    if letter.ticket is None:
        return made.outcome(Disposition.IGNORED)
    ticket = tx.tickets.get(letter.ticket)
    kind = "bounced" if report.action == "failed" else f"delivery_{report.action}"
    tx.tickets.add_events(ticket.number, [Event(now, "desk", kind, None, reason)])
    tx.tickets.update(ticket, updated_at=now)
    final = merged_into(tx, tx.tickets.get(ticket.number))
    tx.tickets.update(final, unread=True)
    return replace(made, ticket=ticket).outcome(Disposition.MESSAGE)


def _new_message(made: Plan, ticket: int) -> NewMessage:
    message, sender = made.reading.message, made.sender
    return NewMessage(
        ticket=ticket,
        direction=Direction.IN,
        at=made.row.received_at,
        text=message.reply,
        full_text=message.text,
        subject=message.subject,
        sender_name=sender.name if sender is not None else "",
        sender_address=sender.address if sender is not None else None,
        automatic=made.reading.verdict.automatic,
        unconfirmed=made.kind != "open" and not made.matched.confirmed,
        journal=made.row.id,
        ids=(message.message_id,) if message.message_id else (),
        content_key=message.content_key or None,
        warnings=message.warnings,
        authentication=made.authentication,
        attachments=tuple(
            StoredAttachment(
                secrets.token_urlsafe(12), a.filename, a.content_type, a.size, a.part, a.inline, a.content_id
            )
            for a in message.attachments
        ),
    )
