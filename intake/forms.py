"""A filled-in form on its way: written as a mail of our own, kept in the journal like any other, and told back.

The header fields written here mean something only in rows that our own form or API put into the journal: a mail from
outside that carries them is a mail like any other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from intake.form_mails import REST, FormSpec, filled_in
from intake.letters.addresses import valid_address
from intake.letters.composing import LetterHead, compose
from intake.letters.enclosures import Enclosure
from intake.letters.headers import single_line
from intake.mail.message import Address, Message
from intake.model import JournalRow, Type
from intake.reading import FormNotes, Reading
from intake.screening.recipients import may_write_to
from intake.screening.verdicts import Verdict
from intake.typing import classify
from intake.typing.verdict import Evidence, Guess

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intake.settings import DeskSettings

FORM_DOORS = frozenset({"form", "api", "agent"})
"""Doors at which the desk itself writes the mail; ``agent``: on a licensee's behalf (§3)."""
UNPROVEN = "address typed into a form, not proven"
_PREFIX = "X-Otklik-Form-"
_PARTS = re.compile(r"[<>()\[\]\s;,]+")


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


def as_told(row: JournalRow, reading: Reading, settings: DeskSettings) -> Reading:
    """A form's row, or the mail of a foreign form's robot, as what it is: a person's request, all of it new text, of
    the type that was chosen. Everything else stays as it was read."""
    if row.door in FORM_DOORS:
        return _told(row, reading, reading.message, _notes_of(reading.message), settings)
    specs = {sender: FormSpec(sender, dict(fields)) for sender, fields in settings.forms}
    fields = filled_in(reading.message, specs)
    if fields is None:
        return reading
    person = _person(fields)
    message = replace(
        reading.message,
        sender=(person,) if person is not None else (),
        reply_to=(),
        subject=single_line(fields.get("subject", "")) or reading.message.subject,
        text=_asked(fields) or reading.message.text,
    )
    notes = FormNotes(fields.get("organisation", ""), fields.get("product", ""), _type_named(fields.get("type", "")))
    return _told(row, reading, message, notes, settings)


def _told(row: JournalRow, reading: Reading, message: Message, notes: FormNotes, settings: DeskSettings) -> Reading:
    warnings = message.warnings if row.door in ("api", "agent") else (*message.warnings, UNPROVEN)
    told = replace(message, reply=message.text, signature=None, report=None, warnings=warnings)
    typing = reading.typing if message is reading.message else classify(told.subject, told.text)
    if notes.type is not None:
        chosen = Guess(notes.type.value, 1.0, (Evidence(notes.type.value, "chosen in the form", 1.0),), sure=True)
        typing = replace(typing, type=chosen)
    return replace(reading, message=told, verdict=_verdict(row, told, settings), typing=typing, form=notes)


def _notes_of(message: Message) -> FormNotes:
    """What our own form or API wrote beside the text."""
    kind = _said(message, "Type")
    return FormNotes(
        _said(message, "Organisation"), _said(message, "Product"), Type(kind) if kind in set(Type) else None
    )


def _person(fields: Mapping[str, str]) -> Address | None:
    """Who filled it in; None where the address is none, so that nobody is written to."""
    email = single_line(fields.get("email", ""))
    if not valid_address(email):
        parts = (part.removeprefix("mailto:") for part in _PARTS.split(email.lower()))
        named = {part for part in parts if "@" in part and valid_address(part)}
        email = named.pop() if len(named) == 1 else email
    return Address(single_line(fields.get("name", "")), email) if valid_address(email) else None


def _asked(fields: Mapping[str, str]) -> str:
    """What is asked, with what else the form told below it."""
    body = fields.get("body", "")
    return "\n\n".join(filter(None, (body, fields.get(REST, "")))) if body else ""


def _type_named(words: str) -> Type:
    """The type a person chose, by its key or the regulation's name; the feedback form's own (§3) where none is told."""
    named = {"консультация": Type.CONSULTATION, "ошибка": Type.BUG, "доработка": Type.IMPROVEMENT}
    folded = words.strip().casefold()
    return named.get(folded) or (Type(folded) if folded in set(Type) else Type.IMPROVEMENT)


def _verdict(row: JournalRow, message: Message, settings: DeskSettings) -> Verdict:
    """No rule about mail applies to a form; only an address of our own gets no letter."""
    from intake.reading import own_addresses

    own = own_addresses(settings)
    allowed = any(may_write_to(sender.address, own) for sender in message.sender)
    return Verdict("ordinary", row.door, False, allowed, False, "ticket", "filled in by a person", not allowed)


def _said(message: Message, name: str) -> str:
    return message.header(f"{_PREFIX}{name}".lower()) or ""
