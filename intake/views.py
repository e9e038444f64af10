"""The read side: a ticket and its like as plain data for the command line, scripts and pages (contract of `--json`)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from intake.authentication import UNKNOWN
from intake.contacts import offered_contact
from intake.letters.ceilings import HELD_REASON
from intake.model import Event, JournalRow, OutboxRow, StoredAttachment, Ticket, TicketMessage
from intake.second_line import channel_of, parts_of_messages

if TYPE_CHECKING:
    from intake.escalations import Asked, Escalation
    from intake.explaining import Explanation
    from intake.ports import Transaction
    from intake.waiting import Shares


class View:
    """Turns the nouns of the desk into JSON-ready dicts, times ISO 8601 in the desk's zone."""

    def __init__(self, timezone: str) -> None:
        self._zone = ZoneInfo(timezone)

    def time(self, at: datetime | None) -> str | None:
        """ISO 8601 with offset, in the desk's zone."""
        return None if at is None else at.astimezone(self._zone).isoformat()

    def ticket(self, ticket: Ticket) -> dict[str, Any]:
        """A ticket without its lists."""
        return {
            "number": ticket.number,
            "key": ticket.key,
            "type": ticket.type,
            "type_sure": ticket.type_sure,
            "status": ticket.status,
            "subject": ticket.subject,
            "criticality": ticket.criticality,
            "topic": ticket.topic,
            "product": ticket.product,
            "source": ticket.source,
            "licensee": ticket.licensee,
            "contact": {"name": ticket.contact_name, "address": ticket.contact_address},
            "assignee": ticket.assignee,
            "opened_at": self.time(ticket.opened_at),
            "reaction_due": self.time(ticket.reaction_due),
            "acknowledged_at": self.time(ticket.acknowledged_at),
            "reacted_at": self.time(ticket.reacted_at),
            "answered_at": self.time(ticket.answered_at),
            "answer_due": self.time(ticket.answer_due),
            "completion_due": self.time(ticket.completion_due),
            "agreed_due": self.time(ticket.agreed_due),
            "paused": ticket.paused,
            "estimate_hours": ticket.estimate_hours,
            "closed_at": self.time(ticket.closed_at),
            "rating": ticket.rating,
            "regulation": ticket.regulation,
            "merged_into": ticket.merged_into,
        }

    def whole(self, tx: Transaction, ticket: Ticket) -> dict[str, Any]:
        """A ticket with messages, escalations and events."""
        messages, asked = tx.messages.of(ticket.number), tx.escalations.of(ticket.number)
        parts = parts_of_messages(tx, messages, asked)
        return {
            **self.ticket(ticket),
            "offered_contact": offered_contact(tx.tickets.events(ticket.number)),
            "messages": [self.message(m, parts.get(m.id)) for m in messages],
            "escalations": [self.escalation(e) for e in asked],
            "events": [self.event(e) for e in tx.tickets.events(ticket.number)],
        }

    def escalation(self, escalation: Escalation) -> dict[str, Any]:
        """One question to departments. ``channels`` are those it left by, ``channels_named`` those of §8."""
        return {
            "topic": escalation.topic,
            "departments": [asked.department for asked in escalation.asked],
            "channels": list(escalation.used),
            "channels_named": list(escalation.channels),
            "escalated_at": self.time(escalation.escalated_at),
            "answer_due": self.time(escalation.answer_due),
            "answered_at": self.time(escalation.answered_at),
            "by": escalation.by,
            "question": escalation.question,
            "answers": [
                {
                    "department": asked.department,
                    "title": asked.title,
                    "channels": list(asked.channels),
                    "answered_at": self.time(asked.answered_at),
                    "outcome": asked.outcome,
                    "answered_by": asked.answered_by,
                    "message": asked.answer,
                }
                for asked in escalation.asked
            ],
        }

    def message(self, message: TicketMessage, part: Asked | None = None) -> dict[str, Any]:
        """One message of a conversation; ``part``: the department's that it belongs to."""
        return {
            "id": message.id,
            "direction": message.direction,
            "automatic": message.automatic,
            "unconfirmed": message.unconfirmed,
            "from": {"name": message.sender_name, "address": message.sender_address},
            "author": message.author,
            "department": None if part is None else part.department,
            "channel": None if part is None else channel_of(message),
            "at": self.time(message.at),
            "subject": message.subject,
            "text": message.text,
            "attachments": [self.attachment(a) for a in message.attachments],
            "delivery": message.delivery,
            "warnings": list(message.warnings),
            "authentication": self.authentication(message),
        }

    def authentication(self, message: TicketMessage) -> dict[str, Any] | None:
        """What our relay found out about the sender; None where it said nothing."""
        return None if message.authentication == UNKNOWN else asdict(message.authentication)

    def attachment(self, attachment: StoredAttachment) -> dict[str, Any]:
        """What is attached."""
        return {
            "id": attachment.id,
            "filename": attachment.filename,
            "content_type": attachment.content_type,
            "size": attachment.size,
        }

    def event(self, event: Event) -> dict[str, Any]:
        """One event."""
        return {
            "at": self.time(event.at),
            "actor": event.actor,
            "kind": event.kind,
            "from": event.before,
            "to": event.after,
        }

    def explanation(self, one: Explanation) -> dict[str, Any]:
        """One deadline with its segments and the events that turned its clock."""
        return {
            "deadline": one.kind,
            "state": one.state,
            "since": self.time(one.since),
            "due": self.time(one.due),
            "done_at": self.time(one.done_at),
            "rule": one.rule,
            "clause": one.clause,
            "own_rule": one.own_rule,
            "provisional": one.provisional,
            "segments": [
                {
                    "from": self.time(segment.start),
                    "to": self.time(segment.end),
                    "kind": segment.kind,
                    "counted": segment.counted,
                    "name": segment.name,
                    "clause": segment.clause,
                }
                for segment in one.segments
            ],
            "events": [self.event(event) for event in one.marks],
        }

    def shares(self, found: Shares) -> dict[str, Any]:
        """Whose turn a ticket was, in hours of working time."""
        hour = timedelta(hours=1)
        return {
            "total": round(found.total / hour, 2),
            "desk": round(found.desk / hour, 2),
            "client": round(found.client / hour, 2),
            "departments": {one.department: round(one.amount / hour, 2) for one in found.departments},
        }

    def journal(self, row: JournalRow) -> dict[str, Any]:
        """One arrival."""
        return {
            "id": row.id,
            "received_at": self.time(row.received_at),
            "door": row.door,
            "from": row.sender or row.envelope.mail_from,
            "subject": row.subject,
            "disposition": row.disposition,
            "cause": row.cause,
            "ticket": row.ticket,
            "attempts": row.attempts,
        }

    def letter(self, row: OutboxRow) -> dict[str, Any]:
        """One letter."""
        return {
            "id": row.id,
            "ticket": row.ticket,
            "kind": row.kind,
            "to": [address for address, _, _ in row.recipients],
            "state": row.state,
            "attempts": row.attempts,
            "next_try_at": self.time(row.next_try_at),
            "error": row.error,
            "held": row.state == "queued" and not row.attempts and (row.error or "").startswith(HELD_REASON),
            "repeated": row.repeated,
            "message_id": row.message_id,
        }
