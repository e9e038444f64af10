"""What is believed of a sender: who he says he is, whether our relay confirms it, where an answer goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.domains import domain_of
from intake.public_mail import is_public_mail_domain
from intake.screening.recipients import may_write_to

if TYPE_CHECKING:
    from intake.mail.message import Address, Message
    from intake.screening.facts import OwnAddresses


def identity(message: Message) -> Address | None:
    """Who wrote: the first valid mailbox of ``From``, None when there is none.

    ``Reply-To``, ``Sender`` and the envelope never say who wrote: anybody may put anything there.
    """
    return next((sender for sender in message.sender if _is_address(sender.address)), None)


def answer_address(message: Message, own: OwnAddresses) -> Address | None:
    """Where letters about ``message`` go: its identity, or a ``Reply-To`` of the same domain. None: nowhere.

    RFC 5322 section 3.6.2 sends answers to ``Reply-To``. A letter to a third party because a stranger asked for it
    would be a reflection, so a ``Reply-To`` counts only when it is single and its domain is that of ``From``, and
    not that of a public mail provider, where neighbours are strangers.
    """
    author = identity(message)
    if author is None or not may_write_to(author.address, own):
        return None
    if len(message.reply_to) == 1 and may_write_to(message.reply_to[0].address, own):
        domain = domain_of(author.address)
        if domain_of(message.reply_to[0].address) == domain and not is_public_mail_domain(domain):
            return message.reply_to[0]
    return author


def _is_address(address: str) -> bool:
    local, at, domain = address.strip().rpartition("@")
    return bool(at and local and domain) and not any(letter.isspace() for letter in local + domain)
