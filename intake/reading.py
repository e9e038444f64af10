"""Everything intake makes of a mail before it knows the desk's tickets: read, screened, typed. Pure, no store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from intake import screening
from intake.mail.forwards import original_author
from intake.mail.message import Address, Message
from intake.model import Envelope, Type
from intake.screening import OwnAddresses, Verdict
from intake.settings import DeskSettings
from intake.typing import Model, Typing, classify

LOOKED_INTO = 3
"""Mails attached to one mail."""


@dataclass(frozen=True, slots=True)
class FormNotes:
    """What a form said beside its text: organisation and product as they were typed, "" where nothing was."""

    organisation: str = ""
    product: str = ""
    type: Type | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A mail as understood; ``form`` where a person filled in a form, ``chosen_by`` the agent who wants it processed
    whatever the screening said, ``original`` who wrote what the sender passes on."""

    message: Message
    verdict: Verdict
    typing: Typing
    form: FormNotes | None = None
    chosen_by: str | None = None
    original: Address | None = None


def own_addresses(settings: DeskSettings) -> OwnAddresses:
    """What the screening has to know of the desk."""
    return OwnAddresses(
        addresses=frozenset(settings.own_addresses),
        own_lists=frozenset(name.lower() for name in settings.own_lists),
        form_senders=frozenset(sender for sender, _ in settings.forms),
        message_id_domain=settings.domain,
        ticket_prefix=settings.ticket_prefix,
    )


def read(raw: bytes, envelope: Envelope, own: OwnAddresses, model: Model | None = None) -> Reading:
    """Read, screen and type one mail. Never raises on bad mail."""
    from intake.mail.reading import read_message

    message = read_message(raw)
    found = judged(message, envelope, own, model)
    return replace(found, original=original_author(message, _attached(raw, message)))


def _attached(raw: bytes, message: Message) -> Iterator[Message]:
    """The heads of the mails that are attached, read when asked for."""
    from intake.mail.reading import attachment_bytes, read_header_only

    mails = [one.part for one in message.attachments if one.content_type == "message/rfc822"]
    for part in mails[:LOOKED_INTO]:
        yield read_header_only(attachment_bytes(raw, part))


def judged(message: Message, envelope: Envelope, own: OwnAddresses, model: Model | None = None) -> Reading:
    """Screen and type a mail that was read; ``model`` None is the package's own."""
    typing = classify(message.subject, message.reply or message.text, model=model)
    return Reading(message, screening.screen(message, own, envelope), typing)
