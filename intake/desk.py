"""The desk's use cases, one method each, one transaction each. Screens, pages and the command line call these."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from intake.clocks import derived
from intake.deeds import letter_message
from intake.errors import Conflict, NotFound, Refused
from intake.model import (
    Agent,
    Criticality,
    Delivery,
    Direction,
    Event,
    OutboxRow,
    Role,
    Status,
    StoredAttachment,
    Ticket,
    Type,
)
from intake.ports import NewMessage

if TYPE_CHECKING:
    from intake.letters.contexts import Rendered
    from intake.letters.enclosures import Enclosure
    from intake.letters.writing import LetterWriter
    from intake.model import Letter
    from intake.ports import Store, Transaction
    from intake.regulations import Regulations
    from intake.settings import DeskSettings


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter as it would leave, to be seen whole before it does."""

    ticket: Ticket
    letter: Letter
    rendered: Rendered
    attachments: tuple[StoredAttachment, ...]


class Desk:
    """What agents do. ``expected`` is the version of the ticket the agent saw: Conflict where it is older than the
    stored one, None to act on whatever stands."""

    def __init__(
        self,
        store: Store,
        regulations: Regulations,
        writer: LetterWriter,
        settings: DeskSettings,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._regulations = regulations
        self._writer = writer
        self._settings = settings
        self._clock = clock

    def number_of(self, named: str) -> int:
        """The ticket an agent named: "1042", "VD-1042" or "vd-1042". Raises NotFound."""
        text = named.strip()
        with self._store.read() as tx:
            found = tx.tickets.by_key(text)
            if found is None and text.isdecimal():
                found = tx.tickets.by_key(f"{self._settings.ticket_prefix}-{int(text)}") or tx.tickets.get(int(text))
        if found is None:
            raise NotFound(f"no ticket {named}")
        return found.number

    def agent(self, login: str) -> Agent:
        """The active agent of that login. The first one on a desk without agents becomes its lead. Raises Refused."""
        with self._store.read() as tx:
            found = tx.people.agent(login)
            anybody = found is not None or bool(tx.people.agents(active=False))
        if found is not None and found.active:
            return found
        if anybody:
            raise Refused(f"{login} is not an agent of this desk: otklik agents add {login} …")
        first = Agent(login, login, "", Role.LEAD)
        self._store.write(lambda tx: tx.people.put_agents([first]))
        return first

    def assign(self, number: int, login: str | None, by: str, expected: int | None = None) -> Ticket:
        """Give a ticket to an agent, or back to the queue with None."""
        if login is not None:
            self.agent(login)
        now = self._clock()

        def change(ticket: Ticket) -> tuple[dict[str, Any], list[Event]]:
            if ticket.assignee == login:
                raise Refused(f"{ticket.key} уже у {login}" if login else f"{ticket.key} ни у кого")
            return {"assignee": login}, [Event(now, by, "assigned", ticket.assignee, login)]

        return self._change(number, change, expected)

    def take(self, number: int, by: str, expected: int | None = None) -> Ticket:
        """Take a ticket for oneself; one that has just come goes to Процесс by it."""
        now = self._clock()

        def change(ticket: Ticket) -> tuple[dict[str, Any], list[Event]]:
            if ticket.assignee == by:
                raise Refused(f"{ticket.key} уже у вас")
            if ticket.status is Status.CLOSED:
                raise Refused(f"{ticket.key} завершено")
            events = [Event(now, by, "assigned", ticket.assignee, by)]
            if ticket.status is not Status.REQUEST:
                return {"assignee": by, "unread": False}, events
            events.append(Event(now, by, "status", ticket.status.value, Status.IN_PROGRESS.value))
            return {"assignee": by, "unread": False, "status": Status.IN_PROGRESS}, events

        return self._change(number, change, expected)

    def set_status(self, number: int, status: Status, by: str, expected: int | None = None) -> Ticket:
        """Move a ticket (§4). Raises Refused with the reason where the transition is not allowed."""
        now = self._clock()

        def change(ticket: Ticket) -> tuple[dict[str, Any], list[Event]]:
            why = self._regulations.of(ticket.regulation).why_not(ticket.status, status)
            if why is not None:
                raise Refused(why)
            changes: dict[str, Any] = {"status": status, "status_before": ticket.status}
            if ticket.assignee is None and status is not Status.REQUEST:
                changes["assignee"] = by
            return changes, [Event(now, by, "status", ticket.status.value, status.value)]

        return self._change(number, change, expected)

    def close(self, number: int, by: str, expected: int | None = None) -> Ticket:
        """§5 speaks of completion; the ticket counts for whoever it is assigned to now."""
        return self.set_status(number, Status.CLOSED, by, expected)

    def set_type(self, number: int, type_: Type, by: str, expected: int | None = None) -> Ticket:
        """Correct the type (§3); the deadlines follow."""
        now = self._clock()

        def change(ticket: Ticket) -> tuple[dict[str, Any], list[Event]]:
            changes: dict[str, Any] = {"type": type_, "type_sure": True}
            if ticket.type is type_:
                return changes, []
            if type_ is not Type.BUG:
                changes["criticality"] = None
            return changes, [Event(now, by, "type", ticket.type.value, type_.value)]

        return self._change(number, change, expected)

    def set_criticality(
        self, number: int, criticality: Criticality | None, by: str, expected: int | None = None
    ) -> Ticket:
        """How critical a bug is; the completion deadline follows (own rule within §5)."""
        now = self._clock()

        def change(ticket: Ticket) -> tuple[dict[str, Any], list[Event]]:
            if ticket.type is not Type.BUG:
                raise Refused("Критичность бывает только у ошибки")
            return {"criticality": criticality}, [Event(now, by, "criticality", ticket.criticality, criticality)]

        return self._change(number, change, expected)

    def set_estimate(self, number: int, hours: str, by: str, expected: int | None = None) -> Ticket:
        """The estimate of an improvement in working hours (§5), counted from now."""
        from intake.regulation.terms import estimate_of

        text = hours.strip().replace(",", ".")
        try:
            estimate_of(text)
        except ValueError as error:
            raise Refused(f"Трудоёмкость {hours!r}: нужно число рабочих часов") from error
        now = self._clock()

        def change(ticket: Ticket) -> tuple[dict[str, Any], list[Event]]:
            if ticket.type is not Type.IMPROVEMENT:
                raise Refused("Трудоёмкость оценивают только у доработки")
            changes = {"estimate_hours": text, "estimated_at": now}
            return changes, [Event(now, by, "estimate", ticket.estimate_hours, text)]

        return self._change(number, change, expected)

    def set_topic(self, number: int, topic: str | None, by: str, expected: int | None = None) -> Ticket:
        """The second-line topic (§7)."""
        now = self._clock()

        def change(ticket: Ticket) -> tuple[dict[str, Any], list[Event]]:
            known = self._regulations.of(ticket.regulation).rules.second_line.topics
            if topic is not None and topic not in known:
                raise Refused(f"Тема {topic!r}: есть {', '.join(known)}")
            return {"topic": topic}, [Event(now, by, "topic", ticket.topic, topic)]

        return self._change(number, change, expected)

    def note(self, number: int, text: str, by: str) -> Ticket:
        """Write something only the desk sees."""
        if not text.strip():
            raise Refused("Пустая заметка")
        now = self._clock()

        def work(tx: Transaction) -> Ticket:
            ticket = tx.tickets.get(number)
            agent = tx.people.agent(by)
            tx.messages.add(
                NewMessage(
                    ticket=number,
                    direction=Direction.NOTE,
                    at=now,
                    text=text,
                    full_text=text,
                    sender_name=agent.name if agent is not None else by,
                    author=by,
                )
            )
            return self._apply(tx, ticket, {}, [Event(now, by, "noted")])

        return self._store.write(work)

    def draft_reply(self, number: int, text: str, by: str, enclosures: Sequence[Enclosure] = ()) -> Draft:
        """The letter `send` would queue. Raises Refused for an empty text or a ticket without an address."""
        if not text.strip():
            raise Refused("Пустой ответ")
        agent = self.agent(by)
        with self._store.read() as tx:
            ticket = tx.tickets.get(number)
            heard = [m for m in tx.messages.of(number) if m.direction is Direction.IN and not m.automatic]
            references = tx.messages.last_ids(number)
        answered = next((m for m in reversed(heard) if not m.unconfirmed), None)
        regulation = self._regulations.of(ticket.regulation)
        letter, rendered = self._writer.reply(
            ticket, agent, text, answered, references, regulation, self._clock(), enclosures
        )
        return Draft(ticket, letter, rendered, _stored(enclosures))

    def send(self, draft: Draft, text: str, by: str, expected: int | None = None) -> Ticket:
        """Queue a drafted letter, by which the ticket is answered; the agent who answers an unassigned one has it."""
        now = self._clock()

        def work(tx: Transaction) -> Ticket:
            ticket = self._current(tx, draft.ticket.number, expected)
            outbox = tx.outbox.add(replace(draft.letter, not_before=now + self._settings.limits.undo_window), now)
            message = letter_message(ticket, draft.letter, draft.rendered, outbox, self._settings, by, now)
            stored = tx.messages.add(replace(message, text=text, attachments=draft.attachments))
            changes: dict[str, Any] = {"unread": False}
            events = [Event(now, by, "replied", None, str(stored))]
            if ticket.assignee is None:
                changes["assignee"] = by
                events.insert(0, Event(now, by, "assigned", None, by))
            if ticket.status is Status.REQUEST:
                changes["status"] = Status.IN_PROGRESS
                events.append(Event(now, by, "status", ticket.status.value, Status.IN_PROGRESS.value))
            return self._apply(tx, ticket, changes, events)

        return self._store.write(work)

    def reply(self, number: int, text: str, by: str, enclosures: Sequence[Enclosure] = ()) -> Ticket:
        """`draft_reply` and `send` in one go."""
        return self.send(self.draft_reply(number, text, by, enclosures), text, by)

    def mark_read(self, number: int) -> None:
        """An agent has seen what came."""

        def work(tx: Transaction) -> None:
            ticket = tx.tickets.get(number)
            if ticket.unread:
                tx.tickets.update(ticket, unread=False)

        self._store.write(work)

    def letter_settled(self, tx: Transaction, letter: OutboxRow, now: datetime) -> None:
        """What the state of a letter means for its ticket: called in the transaction that settles it."""
        if letter.ticket is None or letter.state not in (Delivery.SENT, Delivery.FAILED, Delivery.UNCERTAIN):
            return
        ticket = tx.tickets.get(letter.ticket)
        if letter.state is Delivery.SENT and letter.kind == "acknowledgement":
            self._apply(tx, ticket, {}, [Event(now, "desk", "acknowledged", None, letter.message_id)])
        elif letter.state is not Delivery.SENT:
            kind = "letter_failed" if letter.state is Delivery.FAILED else "letter_uncertain"
            changes = {"unread": True} if letter.state is Delivery.FAILED else {}
            self._apply(tx, ticket, changes, [Event(now, "desk", kind, letter.kind, letter.error)])

    def _change(
        self,
        number: int,
        change: Callable[[Ticket], tuple[dict[str, Any], list[Event]]],
        expected: int | None,
    ) -> Ticket:
        return self._store.write(partial(self._changed, number, change, expected))

    def _changed(
        self,
        number: int,
        change: Callable[[Ticket], tuple[dict[str, Any], list[Event]]],
        expected: int | None,
        tx: Transaction,
    ) -> Ticket:
        ticket = self._current(tx, number, expected)
        changes, events = change(ticket)
        return self._apply(tx, ticket, changes, events)

    def _current(self, tx: Transaction, number: int, expected: int | None) -> Ticket:
        ticket = tx.tickets.get(number)
        if expected is not None and ticket.version != expected:
            raise Conflict(f"{ticket.key} изменилось, пока вы его смотрели")
        return ticket

    def _apply(self, tx: Transaction, ticket: Ticket, changes: dict[str, Any], events: list[Event]) -> Ticket:
        """Write changes and events, and what follows from them."""
        tx.tickets.add_events(ticket.number, events)
        moved = replace(ticket, **changes)
        clocks = derived(moved, tx.tickets.events(ticket.number), self._regulations.of(ticket.regulation))
        return tx.tickets.update(ticket, **{**changes, **clocks, "updated_at": self._clock()})


def _stored(enclosures: Sequence[Enclosure]) -> tuple[StoredAttachment, ...]:
    """A letter's files as attachments of its message; their bytes stay in the letter."""
    from intake.letters.enclosures import enclosure_parts

    return tuple(
        StoredAttachment(secrets.token_urlsafe(12), e.filename, e.content_type, len(e.data), part, e.inline)
        for e, part in zip(enclosures, enclosure_parts(True, len(enclosures)), strict=True)
    )
