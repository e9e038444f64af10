"""History taken over into the desk: all of it or nothing, and the same again changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.history import BadLine, Past
from intake.model import Event, Ticket
from intake.ratings import Vote

if TYPE_CHECKING:
    from intake.ports import Transaction

MARK = "imported"
"""Kind of the event that says a ticket came by import; ``after`` is the digest of its line."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Keys by what became of them: ``new``, ``same`` (nothing to do), ``replaced`` (the line has changed), ``kept``
    (the line has changed, but the ticket was worked on here since: left alone)."""

    new: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def take_over(tx: Transaction, lines: Sequence[tuple[int, Past]], now: datetime) -> Taken:
    """Write history (with its line numbers) in this transaction. Raises BadLine where a number is taken."""
    done: dict[str, list[str]] = {"new": [], "same": [], "replaced": [], "kept": []}
    for line, past in lines:
        standing = tx.tickets.by_key(past.ticket.key)
        fate = "new" if standing is None else _fate(tx, standing, past)
        done[fate].append(past.ticket.key)
        if fate == "replaced" and standing is not None:
            tx.ratings.forget_import(standing.number)
        if fate in ("new", "replaced"):
            _write(tx, line, past, now)
    if lines:
        tx.ratings.go_on_after(max(past.ticket.number for _, past in lines))
    return Taken(*map(tuple, done.values()))


def _fate(tx: Transaction, standing: Ticket, past: Past) -> str:
    marks = [e for e in tx.tickets.events(standing.number) if e.kind == MARK]
    if marks and marks[-1].after == past.digest:
        return "same"
    return "replaced" if marks and standing.version == 1 else "kept"


def _write(tx: Transaction, line: int, past: Past, now: datetime) -> None:
    ticket = past.ticket
    holders = tx.tickets.find({"number": ticket.number}, 1)
    if holders:
        raise BadLine(f"{line}: id {ticket.key}: number {ticket.number} is {holders[0].key} already")
    tx.tickets.insert(ticket)
    tx.tickets.add_events(ticket.number, [*past.events, Event(now, "desk", MARK, None, past.digest)])
    for event in past.events:
        if event.kind == "rated" and event.after is not None:
            vote = Vote(ticket.number, ticket.assignee or "", int(event.after), "", event.at, "import")
            tx.ratings.add_vote(vote)
