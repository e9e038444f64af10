"""Everything intake makes of a mail before it knows the desk's tickets: read, screened, typed. Pure, no store."""

from __future__ import annotations

from dataclasses import dataclass

from intake import screening
from intake.mail.message import Message
from intake.model import Envelope, Type
from intake.screening import OwnAddresses, Verdict
from intake.settings import DeskSettings
from intake.typing import Model, Typing, classify


@dataclass(frozen=True, slots=True)
class FormNotes:
    """What a form said beside its text: organisation and product as they were typed, "" where nothing was."""

    organisation: str = ""
    product: str = ""
    type: Type | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A mail as understood; ``form`` where a person filled in a form, ``chosen_by`` the agent who wants it processed
    whatever the screening said."""

    message: Message
    verdict: Verdict
    typing: Typing
    form: FormNotes | None = None
    chosen_by: str | None = None


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

    return judged(read_message(raw), envelope, own, model)


def judged(message: Message, envelope: Envelope, own: OwnAddresses, model: Model | None = None) -> Reading:
    """Screen and type a mail that was read; ``model`` None is the package's own."""
    typing = classify(message.subject, message.reply or message.text, model=model)
    return Reading(message, screening.screen(message, own, envelope), typing)
