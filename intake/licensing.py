"""Whose a sender is (§1): his address among the contacts, then his domain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.domains import comparable_domain, domain_of
from intake.public_mail import is_public_mail_domain

if TYPE_CHECKING:
    from intake.ports import Transaction
    from intake.registries import Licensee


def licensee_of(tx: Transaction, address: str | None) -> Licensee | None:
    """The licensee an address belongs to; None for a stranger. A domain where anybody can have an address tells
    nothing, even if the registry names it."""
    if address is None:
        return None
    found = tx.licensees.of_address(address)
    if found is not None:
        return found
    domain = comparable_domain(domain_of(address))
    return None if not domain or is_public_mail_domain(domain) else tx.licensees.of_domain(domain)


def same_licensee(tx: Transaction, one: str | None, other: str | None) -> bool:
    """Whether two addresses are of the same known licensee."""
    first = licensee_of(tx, one)
    second = licensee_of(tx, other) if first is not None else None
    return first is not None and second is not None and first.inn == second.inn
