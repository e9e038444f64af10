"""Tickets that were merged, followed to where they went."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intake.model import Ticket
    from intake.ports import Transaction


def merged_into(tx: Transaction, ticket: Ticket) -> Ticket:
    """The end of a chain of merged tickets."""
    passed = set()
    while ticket.merged_into is not None and ticket.number not in passed:
        passed.add(ticket.number)
        ticket = tx.tickets.get(ticket.merged_into)
    return ticket
