"""The desk's watch: warnings given once, reminders to clients who are waited for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from intake.desk.braking import Braking
from intake.desk.moving import DESK, Moving
from intake.desk.rostering import Rostering
from intake.letters.addresses import valid_address
from intake.model import Agent, Event, Role, Status, Ticket
from intake.ports import QueuePage
from intake.voting import ask_of, with_letter
from intake.watching import Warned, warnings

if TYPE_CHECKING:
    from intake.ports import Transaction

LOOK_AHEAD = timedelta(days=7)
PAGE = 200
SCREEN_OPEN = timedelta(minutes=2)
REMINDER = "Напоминаем: мы ждём вашего ответа."
CLOSED_UNANSWERED = "Мы не получили ответа и завершаем обращение."
BREACH = frozenset({"reaction_breach", "answer_breach", "completion_breach"})


class Watching(Moving, Rostering, Braking):
    """What the gateway does every few seconds, on a thread of its own."""

    def seen(self, login: str) -> None:
        """An agent's screen is open: what he sees there need not be mailed to him."""
        now = self._clock().isoformat()
        self._store.write(lambda tx: tx.notes.set_value(f"screen:{login}", now))

    def watch(self) -> int:
        """Give every warning that is due and was not given; how many. Each is one transaction with its letter, so none
        is lost and none repeated, whatever stops the gateway."""
        given = 0
        for ticket, events, told in self._watched():
            regulation = self._regulations.of(ticket.regulation)
            for warned in warnings(ticket, events, regulation, self._clock()):
                if (warned.kind, warned.mark) not in told:
                    given += self._store.write(partial(self._warn, ticket, warned))
        return given + self.watch_roster() + self.watch_brake()

    def _watched(self) -> Iterator[tuple[Ticket, list[Event], set[tuple[str, str]]]]:
        """Tickets something may be due for, and what was told of them: those with a deadline soon, and those that wait
        for the client."""
        horizon = self._clock() + LOOK_AHEAD
        for category in ("desk", "client"):
            page = QueuePage(category=category, limit=PAGE)
            while True:
                with self._store.read() as tx:
                    found = tx.tickets.page(page)
                    near = [t for t in found if category == "client" or (t.next_due or horizon) < horizon]
                    watched = [(t, tx.tickets.events(t.number), tx.tickets.noticed(t.number)) for t in near]
                yield from watched
                if len(near) < PAGE:
                    break
                page = QueuePage(category=category, limit=PAGE, after=(found[-1].next_due, found[-1].number))

    def _warn(self, seen: Ticket, warned: Warned, tx: Transaction) -> int:
        now = self._clock()
        ticket = tx.tickets.get(seen.number)
        if ticket.version != seen.version and not self._still_due(tx, ticket, warned, now):
            return 0
        if not tx.tickets.notice(seen.number, warned.kind, warned.mark, now):
            return 0
        for kind in warned.covers:
            tx.tickets.notice(seen.number, kind, warned.mark, now)
        if warned.kind == "client_reminder":
            return self._remind(tx, ticket, now)
        if warned.kind == "client_closing":
            return self._close_unanswered(tx, ticket, now)
        to = self._told(tx, ticket, warned, now)
        letter = self._writer.staff(warned.kind, to, warned.subject, warned.lines, ticket, now)
        if letter is not None:
            tx.outbox.add(letter, now)
        if warned.kind in BREACH:
            self._apply(tx, ticket, {}, [Event(now, DESK, "breach", None, warned.kind.removesuffix("_breach"))])
        return 1

    def _still_due(self, tx: Transaction, ticket: Ticket, warned: Warned, now: datetime) -> bool:
        """Whether a warning holds for a ticket that was changed after it was looked at."""
        regulation = self._regulations.of(ticket.regulation)
        due = warnings(ticket, tx.tickets.events(ticket.number), regulation, now)
        return (warned.kind, warned.mark) in {(one.kind, one.mark) for one in due}

    def _told(self, tx: Transaction, ticket: Ticket, warned: Warned, now: datetime) -> list[Agent]:
        """The assignee and the leads; the leads alone, or everybody, where there is no assignee."""
        people = tx.people.agents()
        assignee = [a for a in people if a.login == ticket.assignee]
        if warned.kind == "client_wrote":
            return [a for a in assignee if not self._screen_open(tx, a.login, now)]
        leads = [a for a in people if a.role is not Role.AGENT]
        return list(dict.fromkeys([*assignee, *(leads or people)]))

    def _screen_open(self, tx: Transaction, login: str, now: datetime) -> bool:
        seen = tx.notes.value(f"screen:{login}")
        return seen is not None and now - datetime.fromisoformat(seen) < SCREEN_OPEN

    def _remind(self, tx: Transaction, ticket: Ticket, now: datetime) -> int:
        if not valid_address(ticket.contact_address or ""):
            return 0
        regulation = self._regulations.of(ticket.regulation)
        references = tx.messages.last_ids(ticket.number)
        letter = self._writer.status(
            ticket, ticket.status, self._settings.name, REMINDER, references, regulation, now, automatic=True
        )
        self._queue(tx, ticket, letter, DESK, now)
        self._apply(tx, ticket, {}, [Event(now, DESK, "reminded", None, ticket.status.value)])
        return 1

    def _close_unanswered(self, tx: Transaction, ticket: Ticket, now: datetime) -> int:
        regulation = self._regulations.of(ticket.regulation)
        if valid_address(ticket.contact_address or ""):
            references = tx.messages.last_ids(ticket.number)
            ask = ask_of(tx, ticket, ticket.assignee or "", regulation, now)
            letter = self._writer.status(
                ticket,
                Status.CLOSED,
                self._settings.name,
                CLOSED_UNANSWERED,
                references,
                regulation,
                now,
                automatic=True,
                ask=ask,
            )
            self._queue(tx, ticket, letter, DESK, now)
            if ask is not None:
                tx.ratings.add_ask(with_letter(ask, letter[0].message_id))
        events = [Event(now, DESK, "status", ticket.status.value, Status.CLOSED.value)]
        self._apply(tx, ticket, {"status": Status.CLOSED, "status_before": ticket.status}, events)
        return 1
