"""Votes and frozen months on a database. See `intake.ratings.Ratings`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from intake.errors import Refused
from intake.model import Event, Ticket
from intake.ratings import Ask, FrozenMonth, Vote
from storage.rows import Rows, moment, stamp, storable
from storage.tickets import _COLUMNS, _ticket

_ASK = "nonce, ticket, agent, regulation, asked_at, expires_at, message_id"
_VOTE = "ticket, agent, score, comment, at, door, left_out, id"
_TOLD = "('assigned', 'status', 'merged', 'unmerged', 'rated', 'recalled')"
_MARKS = 500


class StoredRatings:
    """See `intake.ratings.Ratings`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def closed(self, since: datetime, until: datetime) -> list[tuple[Ticket, list[Event]]]:
        """See `Ratings.closed`."""
        span = (stamp(since), stamp(until))
        found = self._rows.all(
            f"SELECT {_COLUMNS} FROM tickets WHERE closed_at >= ? AND closed_at < ? ORDER BY number", span
        )
        told: dict[int, list[Event]] = {}
        for row in self._rows.all(
            "SELECT e.ticket, e.at, e.actor, e.kind, e.before, e.after, e.id FROM events e"
            " JOIN tickets t ON t.number = e.ticket"
            f" WHERE t.closed_at >= ? AND t.closed_at < ? AND e.kind IN {_TOLD} ORDER BY e.ticket, e.id",
            span,
        ):
            told.setdefault(row[0], []).append(Event(moment(row[1]), *row[2:]))
        tickets = map(_ticket, found)
        return [(ticket, told.get(ticket.number, [])) for ticket in tickets]

    def first_closing(self) -> datetime | None:
        """See `Ratings.first_closing`."""
        found = self._rows.one("SELECT MIN(closed_at) FROM tickets")
        return None if found is None or found[0] is None else moment(found[0])

    def add_ask(self, ask: Ask) -> None:
        """See `Ratings.add_ask`."""
        values = {
            "nonce": ask.nonce,
            "ticket": ask.ticket,
            "agent": ask.agent,
            "regulation": ask.regulation,
            "asked_at": stamp(ask.asked_at),
            "expires_at": stamp(ask.expires_at),
            "message_id": ask.message_id,
        }
        self._rows.insert("rating_asks", values, returning=None)

    def withdraw_ask(self, message_id: str) -> None:
        """See `Ratings.withdraw_ask`."""
        self._rows.run("DELETE FROM rating_asks WHERE message_id = ?", (message_id,))

    def ask(self, nonce: str) -> Ask | None:
        """See `Ratings.ask`."""
        return _ask(self._rows.one(f"SELECT {_ASK} FROM rating_asks WHERE nonce = ?", (nonce,)))

    def last_ask(self, ticket: int) -> Ask | None:
        """See `Ratings.last_ask`."""
        where = "WHERE ticket = ? ORDER BY asked_at DESC, nonce LIMIT 1"
        return _ask(self._rows.one(f"SELECT {_ASK} FROM rating_asks {where}", (ticket,)))

    def asked_after(self, contact: str, at: datetime) -> bool:
        """See `Ratings.asked_after`."""
        self._rows.hold(f"asks of {contact.lower()}")
        found = self._rows.one(
            "SELECT 1 FROM rating_asks a JOIN tickets t ON t.number = a.ticket"
            " WHERE LOWER(t.contact_address) = LOWER(?) AND a.asked_at > ? LIMIT 1",
            (contact, stamp(at)),
        )
        return found is not None

    def add_vote(self, vote: Vote) -> None:
        """See `Ratings.add_vote`."""
        values = {
            "ticket": vote.ticket,
            "agent": vote.agent,
            "score": vote.score,
            "comment": storable(vote.comment),
            "at": stamp(vote.at),
            "door": vote.door,
            "left_out": vote.left_out,
        }
        self._rows.insert("ratings", values, returning=None)

    def votes(self, tickets: Sequence[int]) -> list[Vote]:
        """See `Ratings.votes`."""
        found: list[Vote] = []
        for start in range(0, len(tickets), _MARKS):
            some = tuple(tickets[start : start + _MARKS])
            marks = ", ".join("?" * len(some))
            rows = self._rows.all(f"SELECT {_VOTE} FROM ratings WHERE ticket IN ({marks})", some)
            found += map(_vote, rows)
        return sorted(found, key=lambda vote: (vote.at, vote.id))

    def forget_import(self, ticket: int) -> None:
        """See `Ratings.forget_import`."""
        for table, column in (("ratings", "ticket"), ("events", "ticket"), ("tickets", "number")):
            self._rows.run(f"DELETE FROM {table} WHERE {column} = ?", (ticket,))

    def freeze(self, frozen: FrozenMonth) -> None:
        """See `Ratings.freeze`."""
        values = {
            "month": frozen.month,
            "frozen_at": stamp(frozen.frozen_at),
            "frozen_by": frozen.frozen_by,
            "digest": frozen.digest,
            "figures": frozen.figures,
            "inputs": frozen.inputs,
        }
        if self._rows.insert_new("quality_months", values, conflict="month", returning="month") is None:
            raise Refused(f"{frozen.month} is frozen already")

    def frozen(self, month: str) -> FrozenMonth | None:
        """See `Ratings.frozen`."""
        found = self._rows.one(
            "SELECT month, frozen_at, frozen_by, digest, figures, inputs FROM quality_months WHERE month = ?", (month,)
        )
        return None if found is None else FrozenMonth(found[0], moment(found[1]), *found[2:])

    def go_on_after(self, number: int) -> None:
        """See `Ratings.go_on_after`."""
        highest = self._rows.count("SELECT COALESCE(MAX(number), 0) FROM tickets")
        first = {"name": "last_ticket", "value": str(max(number, highest))}
        if self._rows.insert_new("notes", first, conflict="name", returning="name") is None:
            self._rows.run(
                "UPDATE notes SET value = ? WHERE name = 'last_ticket' AND CAST(value AS BIGINT) < ?",
                (str(number), number),
            )


def _ask(found: tuple[Any, ...] | None) -> Ask | None:
    if found is None:
        return None
    nonce, ticket, agent, regulation, asked_at, expires_at, message_id = found
    return Ask(nonce, ticket, agent, regulation, moment(asked_at), moment(expires_at), message_id)


def _vote(found: tuple[Any, ...]) -> Vote:
    ticket, agent, score, comment, at, door, left_out, row = found
    return Vote(ticket, agent, score, comment, moment(at), door, left_out, row)
