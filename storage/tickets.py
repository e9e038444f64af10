"""Tickets and events on a database. See `intake.ports.Tickets`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from intake.errors import Conflict, NotFound
from intake.model import Criticality, Event, Source, Status, Ticket, Type
from intake.ports import QueuePage
from intake.search import parsed
from storage.finding import Finder
from storage.rows import NEVER, Rows, moment, moment_or_none, stamp, stamp_or_none, storable
from storage.search import StoredSearch

_FIELDS = tuple(f.name for f in fields(Ticket))
_COLUMNS = ", ".join(_FIELDS)
_TIMES = frozenset(
    {
        "estimated_at",
        "opened_at",
        "updated_at",
        "reaction_due",
        "acknowledged_at",
        "reacted_at",
        "answered_at",
        "awaiting_since",
        "answer_due",
        "completion_due",
        "agreed_due",
        "closed_at",
        "next_due",
        "snoozed_until",
    }
)
_FLAGS = frozenset({"paused", "spam", "type_sure", "unread"})
_SEARCHED = ("key", "subject", "product", "contact_name", "contact_address", "licensee")
_WAITS_FOR_CLIENT = frozenset({Status.INFO_NEEDED, Status.PAYMENT, Status.VERIFICATION})
_ENUMS: dict[str, Any] = {
    "type": Type,
    "status": Status,
    "status_before": Status,
    "source": Source,
    "criticality": Criticality,
}


class StoredTickets:
    """See `intake.ports.Tickets`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def reserve(self, count: int) -> int:
        """See `Tickets.reserve`."""
        last = self._counted(count)
        if last is None:
            highest = self._rows.count("SELECT COALESCE(MAX(number), 0) FROM tickets")
            start = {"name": "last_ticket", "value": str(max(highest, 1000))}
            self._rows.insert_new("notes", start, conflict="name", returning="name")
            last = self._counted(count)
        assert last is not None
        return last - count + 1

    def _counted(self, count: int) -> int | None:
        found = self._rows.one(
            "UPDATE notes SET value = CAST(CAST(value AS BIGINT) + ? AS TEXT) WHERE name = 'last_ticket'"
            " RETURNING value",
            (count,),
        )
        return None if found is None else int(found[0])

    def insert(self, ticket: Ticket) -> None:
        """See `Tickets.insert`."""
        values = {name: _column(name, getattr(ticket, name)) for name in _FIELDS}
        self._rows.insert("tickets", {**values, **_derived(ticket)}, returning=None)
        StoredSearch(self._rows).add_ticket(ticket)

    def update(self, before: Ticket, **changes: Any) -> Ticket:
        """See `Tickets.update`."""
        after = replace(before, **changes, version=before.version + 1)
        values = {name: _column(name, value) for name, value in changes.items()}
        values = {**values, "version": after.version, **_derived(after)}
        met = self._rows.update("tickets", values, "number = ? AND version = ?", (before.number, before.version))
        if not met:
            raise Conflict(f"{before.key} was changed by somebody else meanwhile")
        if any(getattr(before, name) != getattr(after, name) for name in _SEARCHED):
            StoredSearch(self._rows).reindex([before.number])
        return after

    def get(self, number: int) -> Ticket:
        """See `Tickets.get`."""
        found = self._rows.one(f"SELECT {_COLUMNS} FROM tickets WHERE number = ?{self._rows.for_update}", (number,))
        if found is None:
            raise NotFound(f"no ticket {number}")
        return _ticket(found)

    def by_key(self, key: str) -> Ticket | None:
        """See `Tickets.by_key`."""
        found = self._rows.one(f"SELECT {_COLUMNS} FROM tickets WHERE key = ?", (key.upper(),))
        return None if found is None else _ticket(found)

    def page(self, page: QueuePage) -> list[Ticket]:
        """See `Tickets.page`."""
        where, params = _queue(page.category, page.mine, page.free)
        if page.after is not None:
            due, number = page.after
            where.append("(next_due, number) > (?, ?)")
            params += [NEVER if due is None else stamp(due), number]
        if page.now is not None:
            where.append("(snoozed_until IS NULL OR snoozed_until <= ?)")
            params.append(stamp(page.now))
        found = self._rows.all(
            f"SELECT {_COLUMNS} FROM tickets WHERE {' AND '.join(where)} ORDER BY next_due, number LIMIT ?",
            (*params, page.limit),
        )
        return [_ticket(row) for row in found]

    def find(self, where: Mapping[str, Any], limit: int = 50, before: int | None = None) -> list[Ticket]:
        """See `Tickets.find`."""
        query = parsed(str(where.get("words", "")))
        tables, order, clauses, params = Finder(self._rows).source(query)
        for name, value in where.items():
            if name != "words":
                clauses.append(f'tickets."{name}" = ?')
                params.append(_column(name, value))
        if before is not None:
            clauses.append(f"{order} < ?")
            params.append(before)
        found = self._rows.all(
            f"SELECT {_COLUMNS} FROM {tables} WHERE {' AND '.join(clauses)} ORDER BY {order} DESC LIMIT ?",
            (*params, limit),
        )
        return [_ticket(row) for row in found]

    def similar(self, number: int, limit: int = 5) -> list[Ticket]:
        """See `Tickets.similar`."""
        return [self.get(other) for other in Finder(self._rows).similar(number, limit)]

    def opened(self, since: datetime, until: datetime) -> list[Ticket]:
        """See `Tickets.opened`."""
        found = self._rows.all(
            f"SELECT {_COLUMNS} FROM tickets WHERE opened_at >= ? AND opened_at < ? ORDER BY opened_at, number",
            (stamp(since), stamp(until)),
        )
        return [_ticket(row) for row in found]

    def counts(self, now: datetime, login: str | None) -> Mapping[str, int]:
        """See `Tickets.counts`."""
        found = self._rows.one(
            "SELECT COUNT(*), COALESCE(SUM(CASE WHEN assignee = ? THEN 1 ELSE 0 END), 0),"
            " COALESCE(SUM(CASE WHEN assignee = '' AND category = 'desk' THEN 1 ELSE 0 END), 0),"
            " COALESCE(SUM(CASE WHEN category = 'client' THEN 1 ELSE 0 END), 0),"
            " COALESCE(SUM(CASE WHEN next_due < ? THEN 1 ELSE 0 END), 0)"
            " FROM tickets WHERE open = 1",
            (login or "?", stamp(now)),
        )
        names = ("all", "mine", "free", "client", "overdue")
        return dict(zip(names, map(int, found or (0,) * 5), strict=True))

    def add_events(self, number: int, events: Iterable[Event]) -> None:
        """See `Tickets.add_events`."""
        for event in events:
            self._rows.insert(
                "events",
                {
                    "ticket": number,
                    "at": stamp(event.at),
                    "actor": event.actor,
                    "kind": event.kind,
                    "before": None if event.before is None else storable(event.before),
                    "after": None if event.after is None else storable(event.after),
                },
                returning=None,
            )

    def link(self, number: int, other: int) -> bool:
        """See `Tickets.link`."""
        first, second = sorted((number, other))
        values = {"ticket": first, "other": second}
        return self._rows.insert_new("links", values, conflict="ticket, other", returning="id") is not None

    def links(self, number: int) -> list[int]:
        """See `Tickets.links`."""
        found = self._rows.all(
            "SELECT other FROM links WHERE ticket = ? UNION SELECT ticket FROM links WHERE other = ? ORDER BY 1",
            (number, number),
        )
        return [row[0] for row in found]

    def notice(self, number: int, kind: str, mark: str, now: datetime) -> bool:
        """See `Tickets.notice`."""
        values = {"ticket": number, "kind": kind, "mark": mark, "given_at": stamp(now)}
        return self._rows.insert_new("notices", values, conflict="ticket, kind, mark", returning="id") is not None

    def noticed(self, number: int) -> set[tuple[str, str]]:
        """See `Tickets.noticed`."""
        found = self._rows.all("SELECT kind, mark FROM notices WHERE ticket = ?", (number,))
        return {(row[0], row[1]) for row in found}

    def events(self, number: int) -> list[Event]:
        """See `Tickets.events`."""
        found = self._rows.all(
            "SELECT at, actor, kind, before, after, id FROM events WHERE ticket = ? ORDER BY id", (number,)
        )
        return [Event(moment(row[0]), *row[1:]) for row in found]


def _queue(category: str | None, mine: str | None, free: bool) -> tuple[list[str], list[Any]]:
    if category == "done":
        return ["open = 0"], []
    where, params = ["open = 1"], []
    if mine is not None or free:
        where.append("assignee = ?")
        params.append("" if free else mine)
    if category is not None:
        where.append("category = ?")
        params.append(category)
    return where, params


def _derived(ticket: Ticket) -> dict[str, Any]:
    """Columns the queue is found and searched by."""
    category = "done" if ticket.status is Status.CLOSED else "desk"
    if ticket.status in _WAITS_FOR_CLIENT:
        category = "client"
    words = (ticket.key, ticket.subject, ticket.contact_name, ticket.contact_address or "", ticket.licensee or "")
    return {
        "open": 0 if category == "done" else 1,
        "category": category,
        "haystack": storable(" ".join(words).casefold()),
    }


def _column(name: str, value: Any) -> Any:
    if name == "next_due":
        return NEVER if value is None else stamp(value)
    if name in _TIMES:
        return stamp_or_none(value)
    if name in _FLAGS:
        return int(value)
    if name == "assignee":
        return value or ""
    return storable(str(value)) if isinstance(value, str) else value


def _ticket(found: tuple[Any, ...]) -> Ticket:
    values = dict(zip(_FIELDS, found, strict=True))
    for name in _TIMES:
        values[name] = moment_or_none(values[name])
    for name in _FLAGS:
        values[name] = bool(values[name])
    for name, kind in _ENUMS.items():
        values[name] = None if values[name] is None else kind(values[name])
    values["assignee"] = values["assignee"] or None
    return Ticket(**values)
