"""What is to be done with one mail, decided on a snapshot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from intake.authentication import UNKNOWN, Authentication, sender_checked
from intake.clocks import derived
from intake.department_mail import DepartmentMail, department_mail
from intake.letters.addresses import valid_address
from intake.licensing import licensee_of
from intake.mail.message import Address, Message
from intake.matching import Match, match
from intake.model import Disposition, JournalRow, Letter, Source, Status, Ticket, Type
from intake.ports import Outcome
from intake.reading import FormNotes, Reading, own_addresses
from intake.screening.recipients import may_write_to
from intake.senders import answer_address, identity
from intake.settings import DeskSettings
from intake.signing import Signer
from intake.tombstones import FORGOTTEN

if TYPE_CHECKING:
    from intake.letters.contexts import Rendered
    from intake.letters.writing import LetterWriter
    from intake.ports import Transaction
    from intake.regulation import Regulation
    from intake.regulations import Regulations

Kind = Literal["open", "join", "show", "report", "ignore", "quarantine", "duplicate", "department"]
NO_MATCH = Match()
NO_FORM = FormNotes()
LATE = timedelta(hours=24)
"""Mail that lay in a mailbox for longer before it was first seen gets no automatic letter."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One mail's future. ``ticket`` is the one it joins, or the draft of the one it opens (number 0 until written)."""

    kind: Kind
    row: JournalRow
    reading: Reading
    cause: str
    content_key: str
    ticket: Ticket | None = None
    message: int | None = None
    matched: Match = NO_MATCH
    regulation: Regulation | None = None
    letter: Letter | None = None
    rendered: Rendered | None = None
    letter_allowed: bool = False
    older: str | None = None
    department: DepartmentMail | None = None
    offered: str | None = None
    authentication: Authentication = UNKNOWN

    @property
    def opens(self) -> bool:
        """Whether it needs a number."""
        return self.kind == "open"

    @property
    def sender(self) -> Address | None:
        """Who wrote it."""
        return identity(self.reading.message)

    def outcome(self, disposition: Disposition, cause: str | None = None) -> Outcome:
        """The journal's words for it."""
        sender = self.sender
        return Outcome(
            disposition,
            cause or self.cause,
            ticket=self.ticket.number if self.ticket is not None else None,
            message=self.message,
            sender=sender.address if sender is not None else None,
            subject=self.reading.message.subject,
        )

    def written(self, number: int, writer: LetterWriter, settings: DeskSettings, now: datetime) -> Plan:
        """The plan of a new ticket with its number and, where one may leave, its acknowledgement."""
        assert self.ticket is not None, "a plan that opens has a draft"
        assert self.regulation is not None, "a draft is bound to a version of the regulation"
        ticket = replace(self.ticket, number=number, key=f"{settings.ticket_prefix}-{number}")
        ticket = replace(ticket, **derived(ticket, (), self.regulation))
        if not self.letter_allowed:
            return replace(self, ticket=ticket)
        message = self.reading.message
        references = [*message.references[-10:], *((message.message_id,) if message.message_id else ())]
        older = self.older if self.matched.ticket is not None else None
        letter, rendered = writer.acknowledgement(
            ticket, self.regulation, message.message_id, references, now, older_key=older
        )
        return replace(self, ticket=ticket, letter=letter, rendered=rendered)


def plan(
    tx: Transaction,
    row: JournalRow,
    reading: Reading,
    signer: Signer,
    settings: DeskSettings,
    regulations: Regulations,
) -> Plan:
    """Decide, on a snapshot, what becomes of a mail."""
    message, verdict = reading.message, reading.verdict
    key = message.content_key
    made = Plan("ignore", row, reading, f"{verdict.rule}: {verdict.why}", key)
    twin = tx.messages.by_content(key) if key else None
    if twin is not None and twin.journal != row.id:
        return _twin_of(made, tx.tickets.get(twin.ticket), twin.id)
    writer = identity(message)
    if tx.tombstones.knows(key, message.message_id, writer.address if writer is not None else None):
        return replace(made, cause=FORGOTTEN)
    if verdict.becomes == "quarantined":
        return replace(made, kind="quarantine")
    if verdict.becomes == "report":
        return replace(made, kind="report")
    sender = identity(message)
    address = sender.address if sender is not None else None
    typed = reading.form is not None
    checked = UNKNOWN if typed else sender_checked(message, row, settings)
    believed = None if checked.dmarc == "fail" else address
    found = match(tx, message, row.envelope, believed, signer, settings, typed=typed)
    asked = None if typed else department_mail(tx, message, row.envelope, address, found, signer, settings, checked)
    made = replace(made, authentication=checked)
    if asked is not None and verdict.becomes != "ignored":
        return replace(made, kind="department", cause=f"joined by {asked.by}", ticket=asked.ticket, department=asked)
    made = replace(made, matched=found, ticket=found.ticket)
    if verdict.becomes == "automatic":
        return replace(made, kind="show" if found.ticket is not None else "ignore")
    if verdict.becomes == "ignored":
        return replace(made, ticket=None)
    known = found.ticket is not None or (address is not None and bool(tx.tickets.find({"contact_address": address}, 1)))
    if verdict.becomes == "ignored_unless_known" and not known:
        return made
    return _offering(tx, _named_licensee(tx, _join_or_open(made, settings, regulations)), settings)


def _twin_of(made: Plan, ticket: Ticket, message: int) -> Plan:
    return replace(made, kind="duplicate", cause="same-content", ticket=ticket, message=message)


def _join_or_open(made: Plan, settings: DeskSettings, regulations: Regulations) -> Plan:
    ticket = made.matched.ticket
    if ticket is not None:
        by = made.matched.by
        regulation = regulations.of(ticket.regulation)
        until = timedelta(days=regulation.rules.statuses.reopen_days)
        if ticket.closed_at is None or made.row.received_at - ticket.closed_at <= until:
            return replace(made, kind="join", cause=f"joined by {by}", regulation=regulation)
    regulation = regulations.at(made.row.received_at)
    older = ticket.key if ticket is not None else made.matched.claimed
    draft = _draft(made, regulation, settings)
    return replace(
        made,
        kind="open",
        cause="opened",
        ticket=draft,
        regulation=regulation,
        older=older,
        letter_allowed=draft.contact_address is not None
        and made.reading.verdict.letter_allowed
        and not _seen_late(made.row),
    )


def _named_licensee(tx: Transaction, made: Plan) -> Plan:
    """A new ticket's licensee (§1); a stranger's stays what the form said, if anything."""
    if made.kind != "open" or made.ticket is None or made.sender is None:
        return made
    found = licensee_of(tx, made.sender.address)
    return made if found is None else replace(made, ticket=replace(made.ticket, licensee=found.name))


def _offering(tx: Transaction, made: Plan, settings: DeskSettings) -> Plan:
    """Offer the author of what an agent or a licensee passes on as the contact of the new ticket. He gets nothing until
    an agent agrees; an agent needs no acknowledgement of what he passes on, so that it is left for the author."""
    original, sender = made.reading.original, made.sender
    if made.kind != "open" or original is None or sender is None or made.authentication.dmarc == "fail":
        return made
    if not valid_address(original.address) or not may_write_to(original.address, own_addresses(settings)):
        return made
    agent = any(one.email.lower() == sender.address.lower() for one in tx.people.agents())
    if not agent and licensee_of(tx, sender.address) is None:
        return made
    return replace(made, offered=original.address, letter_allowed=made.letter_allowed and not agent)


def _seen_late(row: JournalRow) -> bool:
    return row.door == "imap" and row.kept_at is not None and row.kept_at - row.received_at > LATE


def _draft(made: Plan, regulation: Regulation, settings: DeskSettings) -> Ticket:
    """The ticket a mail opens, before it has a number."""
    message, typing = made.reading.message, made.reading.typing
    sender = identity(message)
    target = answer_address(message, own_addresses(settings))
    bug = typing.type.value == Type.BUG
    notes = made.reading.form or NO_FORM
    return Ticket(
        number=0,
        key="",
        type=Type(typing.type.value or Type.CONSULTATION),
        type_sure=typing.type.sure,
        status=Status.REQUEST,
        subject=_subject(message),
        source=_source(made),
        opened_at=made.row.received_at,
        updated_at=made.row.received_at,
        regulation=regulation.rules.version,
        contact_name=sender.name if sender is not None else "",
        contact_address=target.address if target is not None else None,
        criticality=typing.criticality.value if bug and typing.criticality.sure else None,  # type: ignore[arg-type]
        topic=typing.topic.value if typing.topic.sure else None,
        product=notes.product or None,
        licensee=notes.organisation or None,
        unread=True,
    )


def _source(made: Plan) -> Source:
    if made.row.door == "agent":
        return Source.AGENT
    return Source.FORM if made.reading.form is not None else Source.EMAIL


def _subject(message: Message) -> str:
    if message.subject.strip():
        return message.subject.strip()[:500]
    first = next((line.strip() for line in (message.reply or message.text).splitlines() if line.strip()), "")
    return first[:120] or "(без темы)"
