"""Tickets put together, taken apart, and put away."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from intake.clocks import derived
from intake.desk.base import DeskBase
from intake.errors import NotFound, Refused
from intake.merging import merged_into
from intake.model import Direction, Event, Source, Status, Ticket

if TYPE_CHECKING:
    from intake.ports import Transaction

UNDO_MERGE = timedelta(hours=1)


class Shelving(DeskBase):
    """Merge, split, link, spam, snooze."""

    def merge(self, number: int, into: int, by: str, expected: int | None = None) -> Ticket:
        """Make a ticket part of another: its conversation goes there, and what is written to it from now on. It counts
        nowhere any more. The ticket merged into. Raises Refused."""
        now = self._clock()

        def work(tx: Transaction) -> Ticket:
            ticket, named = self._current(tx, number, expected), tx.tickets.get(into)
            target = merged_into(tx, named)
            if named.number == ticket.number:
                raise Refused(f"{ticket.key} нельзя объединить само с собой")
            if ticket.merged_into is not None:
                raise Refused(_part_of(ticket, merged_into(tx, ticket)))
            if target.number == ticket.number:
                raise Refused(_part_of(named, ticket))
            moved = [m.id for m in tx.messages.of(number)]
            tx.messages.move(moved, target.number)
            undo = json.dumps({"messages": moved, "status": ticket.status.value})
            changes = {"merged_into": target.number, "status": Status.CLOSED, "unread": False}
            events = [Event(now, by, "merged", undo, target.key)]
            if ticket.status is not Status.CLOSED:
                events.append(Event(now, by, "status", ticket.status.value, Status.CLOSED.value))
            self._apply(tx, ticket, changes, events)
            since = ticket.awaiting_since
            waits = since is not None and target.status is not Status.CLOSED
            wrote = [Event(now, by, "absorbed", since.isoformat() if since and waits else None, ticket.key)]
            return self._apply(tx, target, {"unread": target.unread or ticket.unread}, wrote)

        return self._store.write(work)

    def unmerge(self, number: int, by: str) -> Ticket:
        """Undo a merge within the hour. The ticket as it was. Raises Refused."""
        now = self._clock()

        def work(tx: Transaction) -> Ticket:
            ticket = tx.tickets.get(number)
            merged = [e for e in tx.tickets.events(number) if e.kind == "merged"]
            if ticket.merged_into is None or not merged:
                raise Refused(f"{ticket.key} ни с чем не объединено")
            if now - merged[-1].at > UNDO_MERGE:
                raise Refused("Объединение отменяют в течение часа")
            undo = json.loads(merged[-1].before or "{}")
            final = merged_into(tx, ticket)
            there = {m.id for m in tx.messages.of(final.number)}
            # What was split off since, or has gone back with an earlier merge undone, is elsewhere now.
            tx.messages.move([message for message in undo["messages"] if message in there], number)
            target = tx.tickets.get(ticket.merged_into)
            for left in {target.number: target, final.number: final}.values():
                self._apply(tx, left, {}, [Event(now, by, "released", ticket.key, None)])
            back = Status(undo["status"])
            events = [Event(now, by, "unmerged", target.key, None)]
            if back is not ticket.status:
                events.append(Event(now, by, "status", ticket.status.value, back.value))
            return self._apply(tx, ticket, {"merged_into": None, "status": back}, events)

        return self._store.write(work)

    def split(self, number: int, message: int, by: str) -> Ticket:
        """Make a client's message a ticket of its own, opened when the message came. Raises Refused, NotFound."""
        now = self._clock()

        def work(tx: Transaction) -> Ticket:
            ticket = tx.tickets.get(number)
            found = tx.messages.get(message)
            if found.ticket != number:
                raise NotFound(f"{ticket.key} has no message {message}")
            if found.direction is not Direction.IN:
                raise Refused("Отделить можно только сообщение клиента")
            if [m.id for m in tx.messages.of(number) if m.direction is Direction.IN] == [message]:
                raise Refused("Это единственное сообщение клиента в обращении")
            fresh_number = tx.tickets.reserve(1)
            regulation = self._regulations.at(found.at)
            fresh = Ticket(
                number=fresh_number,
                key=f"{self._settings.ticket_prefix}-{fresh_number}",
                type=ticket.type,
                type_sure=False,
                status=Status.REQUEST,
                subject=found.subject or ticket.subject,
                source=Source.AGENT,
                opened_at=found.at,
                updated_at=now,
                regulation=regulation.rules.version,
                contact_name=found.sender_name or ticket.contact_name,
                contact_address=found.sender_address or ticket.contact_address,
                licensee=ticket.licensee,
                product=ticket.product,
                unread=True,
            )
            fresh = replace(fresh, **derived(fresh, (), regulation))
            tx.tickets.insert(fresh)
            tx.tickets.add_events(fresh_number, [Event(found.at, by, "opened", ticket.key, Source.AGENT.value)])
            tx.messages.move([message], fresh_number)
            self._apply(tx, ticket, {}, [Event(now, by, "split", str(message), fresh.key)])
            tx.tickets.link(number, fresh_number)
            return fresh

        return self._store.write(work)

    def link(self, number: int, other: int, by: str) -> Ticket:
        """Relate two tickets. Raises Refused."""
        now = self._clock()

        def work(tx: Transaction) -> Ticket:
            ticket, related = tx.tickets.get(number), tx.tickets.get(other)
            if ticket.number == related.number:
                raise Refused(f"{ticket.key} нельзя связать само с собой")
            if not tx.tickets.link(number, other):
                raise Refused(f"{ticket.key} и {related.key} уже связаны")
            self._apply(tx, related, {}, [Event(now, by, "linked", None, ticket.key)])
            return self._apply(tx, ticket, {}, [Event(now, by, "linked", None, related.key)])

        return self._store.write(work)

    def spam(self, number: int, by: str, expected: int | None = None) -> Ticket:
        """Put a ticket away as spam: closed without a letter, counted nowhere."""
        now = self._clock()

        def change(ticket: Ticket) -> tuple[dict[str, Any], list[Event]]:
            if ticket.spam:
                raise Refused(f"{ticket.key} уже отмечено как спам")
            if ticket.merged_into is not None:
                raise Refused(f"{ticket.key} объединено с другим: отмечают то обращение, или отменяют объединение")
            events = [Event(now, by, "spam", None, None)]
            if ticket.status is not Status.CLOSED:
                events.append(Event(now, by, "status", ticket.status.value, Status.CLOSED.value))
            return {"spam": True, "status": Status.CLOSED, "unread": False}, events

        return self._change(number, change, expected)

    def snooze(self, number: int, until: datetime | None, by: str, expected: int | None = None) -> Ticket:
        """Hide a ticket from the queue until a time, or until the client writes; None shows it again."""
        now = self._clock()
        if until is not None and until <= now:
            raise Refused("Отложить можно только на будущее")

        def change(ticket: Ticket) -> tuple[dict[str, Any], list[Event]]:
            if until is not None and ticket.status is Status.CLOSED:
                raise Refused(f"{ticket.key} завершено")
            shown = None if until is None else until.isoformat()
            return {"snoozed_until": until}, [Event(now, by, "snoozed", None, shown)]

        return self._change(number, change, expected)


def _part_of(ticket: Ticket, whole: Ticket) -> str:
    return f"{ticket.key} уже часть {whole.key}"
