"""The contact that is offered for a ticket, as its events and messages tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from intake.letters.addresses import valid_address
from intake.model import Event, TicketMessage

OFFERED = "contact_offered"


def offered_contact(events: Iterable[Event]) -> str | None:
    """The address of the author of a forwarded mail that nobody has decided on yet."""
    offered: str | None = None
    for event in events:
        if event.kind == OFFERED:
            offered = event.after
        elif event.kind == "contact":
            offered = None
    return offered if offered is not None and valid_address(offered) else None


def known_name(messages: Sequence[TicketMessage], address: str) -> str:
    """The name an address goes by in a conversation, "" where none is told."""
    from intake.mail.forwards import authors_named

    wanted = address.lower()
    for message in messages:
        if message.sender_name and (message.sender_address or "").lower() == wanted:
            return message.sender_name
    named = (author for message in messages for author in authors_named(message.full_text))
    return next((one.name for one in named if one.address.lower() == wanted), "")
