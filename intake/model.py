"""The nouns of the desk as frozen data. Every datetime is aware and in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from intake.authentication import UNKNOWN, Authentication


class Type(StrEnum):
    """§3."""

    CONSULTATION = "consultation"
    BUG = "bug"
    IMPROVEMENT = "improvement"


class Status(StrEnum):
    """§4, and ``closed``, which §5 speaks of and §4 gives no status."""

    REQUEST = "request"
    INFO_NEEDED = "info_needed"
    IN_PROGRESS = "in_progress"
    ANALYSIS = "analysis"
    PAYMENT = "payment"
    VERIFICATION = "verification"
    CLOSED = "closed"


class Criticality(StrEnum):
    """Of a bug; the desk's own rule within §5."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Source(StrEnum):
    """How a ticket came (§3)."""

    EMAIL = "email"
    FORM = "form"
    AGENT = "agent"


class Role(StrEnum):
    """What an agent may do; each includes the ones before."""

    AGENT = "agent"
    LEAD = "lead"
    ADMIN = "admin"


class Direction(StrEnum):
    """Which way a message of a ticket went. Only ``in`` and ``out`` are ever seen by a licensee."""

    IN = "in"
    OUT = "out"
    NOTE = "note"
    DEPT_OUT = "dept_out"
    DEPT_IN = "dept_in"


class Disposition(StrEnum):
    """What became of a journal row; exactly one in the end."""

    NEW = "new"
    TICKET = "ticket"
    MESSAGE = "message"
    IGNORED = "ignored"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"


class Delivery(StrEnum):
    """State of a letter. ``suppressed``: written down, never to leave (ceilings)."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class Agent:
    """One of the desk's people. ``technical``: counts as the technical specialist of a shift (§2)."""

    login: str
    name: str
    email: str
    role: Role = Role.AGENT
    technical: bool = False
    active: bool = True


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who handed a mail in, for whom. ``mail_from`` "" is the null return path (RFC 5321 4.5.5), None is not known."""

    mail_from: str | None = None
    rcpt_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail at a door, before anything was read. ``door`` smtp|imap|pipe|form|api|agent; ``mailbox`` tells
    several of one kind apart; ``received_at`` is the desk's time of arrival, never the Date header; ``kept_at`` is when
    the desk first saw it, where that is another time.

    ``door_key``: an arrival with a known key is a repetition of a kept one and is not kept again.
    """

    raw: bytes
    door: str
    received_at: datetime
    door_key: str
    mailbox: str = ""
    envelope: Envelope = Envelope()
    peer: str = ""
    kept_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class JournalRow:
    """A kept arrival and what became of it. ``raw`` is empty where a list was asked for."""

    id: int
    received_at: datetime
    door: str
    mailbox: str
    envelope: Envelope
    sender: str | None
    subject: str | None
    disposition: Disposition
    cause: str | None
    ticket: int | None
    attempts: int
    raw: bytes = b""
    kept_at: datetime | None = None
    message: int | None = None
    peer: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket's present state. ``number`` 1042 and ``key`` "VD-1042" name it; ``version`` grows with every change.

    ``*_due`` and ``next_due`` are derived from the events by `intake.clocks` and kept for the queue's order.
    """

    number: int
    key: str
    type: Type
    status: Status
    subject: str
    source: Source
    opened_at: datetime
    regulation: str
    contact_name: str = ""
    contact_address: str | None = None
    criticality: Criticality | None = None
    topic: str | None = None
    product: str | None = None
    licensee: str | None = None
    assignee: str | None = None
    estimate_hours: str | None = None
    estimated_at: datetime | None = None
    reaction_due: datetime | None = None
    acknowledged_at: datetime | None = None
    reacted_at: datetime | None = None
    answered_at: datetime | None = None
    awaiting_since: datetime | None = None
    answer_due: datetime | None = None
    completion_due: datetime | None = None
    agreed_due: datetime | None = None
    paused: bool = False
    closed_at: datetime | None = None
    status_before: Status | None = None
    rating: int | None = None
    next_due: datetime | None = None
    next_due_kind: str | None = None
    updated_at: datetime | None = None
    merged_into: int | None = None
    spam: bool = False
    snoozed_until: datetime | None = None
    type_sure: bool = True
    unread: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True)
class StoredAttachment:
    """``id`` is random and says nothing; ``part`` finds the bytes again in the message's raw mail or letter."""

    id: str
    filename: str
    content_type: str
    size: int
    part: int
    inline: bool = False
    content_id: str | None = None


@dataclass(frozen=True, slots=True)
class TicketMessage:
    """One message of a ticket's conversation. ``text`` is the new text, ``full_text`` everything that was read;
    ``authentication`` what our relay said of the sender."""

    id: int
    ticket: int
    direction: Direction
    automatic: bool
    sender_name: str
    sender_address: str | None
    at: datetime
    text: str
    full_text: str
    subject: str = ""
    author: str | None = None
    unconfirmed: bool = False
    message_id: str | None = None
    journal: int | None = None
    outbox: int | None = None
    delivery: Delivery | None = None
    delivery_error: str | None = None
    warnings: tuple[str, ...] = ()
    attachments: tuple[StoredAttachment, ...] = ()
    authentication: Authentication = UNKNOWN


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a ticket, never rewritten. ``before`` and ``after`` are short texts (keys, logins,
    times in ISO 8601) or None; ``actor`` a login, "client", "desk" or a department's key."""

    at: datetime
    actor: str
    kind: str
    before: str | None = None
    after: str | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to leave: the exact bytes, and who gets it."""

    kind: str
    ticket: int | None
    message_id: str
    recipients: tuple[str, ...]
    raw: bytes
    automatic: bool
    envelope_from: str
    state: Delivery = Delivery.QUEUED
    reason: str | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A letter on its way. ``recipients`` holds (address, state, error) for each; ``raw`` empty in lists."""

    id: int
    ticket: int | None
    kind: str
    message_id: str
    state: Delivery
    attempts: int
    created_at: datetime
    next_try_at: datetime | None
    error: str | None
    envelope_from: str
    recipients: tuple[tuple[str, Delivery, str | None], ...] = ()
    repeated: bool = False
    automatic: bool = False
    raw: bytes = b""
    leased_until: datetime | None = None
    first_failed_at: datetime | None = None

    def open_recipients(self) -> tuple[str, ...]:
        """Whom it still has to reach."""
        return tuple(a for a, state, _ in self.recipients if state in (Delivery.QUEUED, Delivery.UNCERTAIN))

    def untouched(self, now: datetime) -> bool:
        """Whether nobody has tried to send it, nor is about to: queued, not leased, not yet due."""
        waits = self.next_try_at is not None and self.next_try_at > now
        return self.state is Delivery.QUEUED and not self.attempts and self.leased_until is None and waits
