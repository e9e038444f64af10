"""A filled-in form on its way: written as a mail of our own, kept in the journal like any other, and told back.

The header fields written here mean something only in rows that our own form or API put into the journal: a mail from
outside that carries them is a mail like any other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from intake.letters.composing import LetterHead, compose
from intake.letters.enclosures import Enclosure
from intake.letters.headers import single_line
from intake.model import JournalRow, Type
from intake.screening.recipients import may_write_to
from intake.screening.verdicts import Verdict
from intake.typing.verdict import Evidence, Guess

if TYPE_CHECKING:
    from intake.mail.message import Message
    from intake.reading import Reading
    from intake.settings import DeskSettings

FORM_DOORS = frozenset({"form", "api", "agent"})
"""Doors at which the desk itself writes the mail; ``agent``: on a licensee's behalf (§3)."""
UNPROVEN = "address typed into a form, not proven"
_PREFIX = "X-Otklik-Form-"


@dataclass(frozen=True, slots=True)
class FilledForm:
    """What a person filled in. ``type`` None: to be told from the text, as with a mail."""

    name: str
    email: str
    subject: str
    body: str
    organisation: str = ""
    product: str = ""
    type: Type | None = None
    files: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True)
class FormNotes:
    """What a form said beside its text: organisation and product as they were typed, "" where nothing was."""

    organisation: str = ""
    product: str = ""
    type: Type | None = None


NO_NOTES = FormNotes()


def form_mail(form: FilledForm, door_key: str, request: str, settings: DeskSettings, now: datetime) -> bytes:
    """The form as a mail (RFC 5322) from its person to the desk.

    ``door_key`` names the submission, so the same one makes the same Message-ID; ``request`` is a digest of what was
    asked, to tell a repetition from another request under the same key. Raises Refused for a wrong ``email``.
    """
    said = {"Organisation": form.organisation, "Product": form.product, "Type": form.type or "", "Request": request}
    head = LetterHead(
        from_name=form.name,
        from_address=form.email,
        to=((settings.name, settings.address),),
        subject=form.subject,
        message_id=f"<form.{door_key[:40]}@{settings.domain}>",
        date=now,
        extra=tuple((_PREFIX + name, value) for name, value in said.items() if single_line(value)),
    )
    return compose(head, form.body, None, form.files)


def request_digest(raw: bytes) -> str:
    """The ``request`` a kept form was written with, "" where there is none."""
    from intake.mail.reading import read_header_only

    return read_header_only(raw).header(f"{_PREFIX}Request".lower()) or ""


def form_notes(row: JournalRow, message: Message) -> FormNotes:
    """What the form of a row said beside its text; nothing for rows of other doors, whatever they carry."""
    if row.door not in FORM_DOORS:
        return NO_NOTES
    kind = _said(message, "Type")
    return FormNotes(
        _said(message, "Organisation"), _said(message, "Product"), Type(kind) if kind in set(Type) else None
    )


def as_told(row: JournalRow, reading: Reading, settings: DeskSettings) -> Reading:
    """A form's row as what it is: a person's request, all of it new text, of the type that was chosen.

    Rows of other doors stay as they were read.
    """
    if row.door not in FORM_DOORS:
        return reading
    message = reading.message
    notes = form_notes(row, message)
    warnings = (*message.warnings, UNPROVEN) if row.door == "form" else message.warnings
    told = replace(message, reply=message.text, signature=None, report=None, warnings=warnings)
    typing = reading.typing
    if notes.type is not None:
        chosen = Guess(notes.type.value, 1.0, (Evidence(notes.type.value, "chosen in the form", 1.0),), sure=True)
        typing = replace(typing, type=chosen)
    return replace(reading, message=told, verdict=_verdict(row, told, settings), typing=typing)


def _verdict(row: JournalRow, message: Message, settings: DeskSettings) -> Verdict:
    """No rule about mail applies to a form; only an address of our own gets no letter."""
    from intake.reading import own_addresses

    own = own_addresses(settings)
    allowed = any(may_write_to(sender.address, own) for sender in message.sender)
    return Verdict("ordinary", row.door, False, allowed, False, "ticket", "filled in by a person", not allowed)


def _said(message: Message, name: str) -> str:
    return message.header(f"{_PREFIX}{name}".lower()) or ""
