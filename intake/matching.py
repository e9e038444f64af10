"""Which ticket a message belongs to: the signed address, then the thread, then the subject's tag of a known sender."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from intake.errors import NotFound
from intake.licensing import same_licensee
from intake.mail.message import Message
from intake.merging import merged_into
from intake.model import Envelope, Ticket
from intake.public_mail import is_public_mail_domain
from intake.settings import DeskSettings
from intake.signing import Signer
from intake.subjects import ticket_keys_in

if TYPE_CHECKING:
    from intake.ports import Transaction

MOST_KEYS = 10
"""Of those that a subject names."""


@dataclass(frozen=True, slots=True)
class Match:
    """The ticket found and by what. ``confirmed``: the sender takes part in it. ``claimed``: the subject names a
    ticket that the sender has no part in; the message opens a new one that says so."""

    ticket: Ticket | None = None
    by: Literal["address", "thread", "subject"] | None = None
    confirmed: bool = False
    claimed: str | None = None


def match(
    tx: Transaction,
    message: Message,
    envelope: Envelope,
    sender: str | None,
    signer: Signer,
    settings: DeskSettings,
    *,
    typed: bool = False,
) -> Match:
    """Find the ticket in the order of the design; a merged ticket is followed to where it went.

    ``typed``: the sender's address was only typed into a form, which anybody can do. Then nothing but the signed
    address joins a ticket."""
    if typed:
        signed = _by_address(tx, message, envelope, signer)
        return Match(signed, "address", takes_part(tx, signed, sender)) if signed is not None else Match()
    for by, found in (
        ("address", _by_address(tx, message, envelope, signer)),
        ("thread", _by_thread(tx, message)),
    ):
        if found is not None:
            return Match(found, by, takes_part(tx, found, sender))  # type: ignore[arg-type]
    return _by_subject(tx, message, sender, settings)


def takes_part(tx: Transaction, ticket: Ticket, sender: str | None) -> bool:
    """Whether an address wrote in this ticket before, or is of the same organisation as those who did."""
    if sender is None:
        return False
    known = tx.messages.participants(ticket.number)
    domain = sender.rpartition("@")[2].lower()
    if sender.lower() in known:
        return True
    if not is_public_mail_domain(domain) and any(address.endswith("@" + domain) for address in known):
        return True
    return same_licensee(tx, sender, ticket.contact_address)


def _by_address(tx: Transaction, message: Message, envelope: Envelope, signer: Signer) -> Ticket | None:
    named = (*envelope.rcpt_to, *(a.address for a in (*message.to, *message.cc)))
    for address in named[:100]:
        key = signer.ticket_of_address(address)
        found = tx.tickets.by_key(key) if key is not None else None
        if found is not None:
            return merged_into(tx, found)
    return None


def _by_subject(tx: Transaction, message: Message, sender: str | None, settings: DeskSettings) -> Match:
    """The first ticket named that the sender takes part in; without one, the first that he has no part in is told."""
    claimed: str | None = None
    for key in ticket_keys_in(message.subject, settings.ticket_prefix)[:MOST_KEYS]:
        named = tx.tickets.by_key(key)
        if named is None:
            continue
        final = merged_into(tx, named)
        if takes_part(tx, final, sender):
            return Match(final, "subject", confirmed=True)
        claimed = claimed or named.key
    return Match(claimed=claimed)


def _by_thread(tx: Transaction, message: Message) -> Ticket | None:
    wanted = [*message.in_reply_to, *reversed(message.references)][:100]
    known = tx.messages.tickets_by_id(wanted)
    for message_id in wanted:
        if message_id in known:
            try:
                return merged_into(tx, tx.tickets.get(known[message_id][0]))
            except NotFound:
                continue
    return None
