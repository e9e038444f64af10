"""Taking, moving and correcting tickets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from intake.desk.base import DeskBase
from intake.desk.mentions import lines_for, mentioned
from intake.errors import Refused
from intake.model import Criticality, Direction, Event, Status, Ticket, Type
from intake.ports import NewMessage, Transaction
from intake.regulation.errors import OutsideCalendar


class Handling(DeskBase):
    """What an agent does to a ticket itself."""

    def assign(self, number: int, login: str | None, by: str, expected: int | None = None) -> Ticket:
        """Give a ticket to an agent, or back to the queue with None. Anybody takes one, gives away his own or one that
        nobody has; a colleague's is moved on by a lead."""
        if login is not None:
            self.agent(login)
        now = self._clock()

        def work(tx: Transaction) -> Ticket:
            ticket = self._current(tx, number, expected)
            if ticket.assignee == login:
                raise Refused(f"{ticket.key} уже у {login}" if login else f"{ticket.key} ни у кого")
            if ticket.assignee not in (None, by) and login != by:
                self._require(tx, "assign_others", by)
            return self._apply(tx, ticket, {"assignee": login}, [Event(now, by, "assigned", ticket.assignee, login)])

        return self._store.write(work)

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

    def set_type(self, number: int, type_: Type, by: str, expected: int | None = None) -> Ticket:
        """Correct the type (§3); the deadlines follow."""
        now = self._clock()

        def change(ticket: Ticket) -> tuple[dict[str, Any], list[Event]]:
            changes: dict[str, Any] = {"type": type_, "type_sure": True}
            if ticket.type is type_:
                return changes, []
            events = [Event(now, by, "type", ticket.type.value, type_.value)]
            if type_ is not Type.BUG and ticket.criticality is not None:
                changes["criticality"] = None
                events.append(Event(now, by, "criticality", ticket.criticality, None))
            return changes, events

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
            amount = estimate_of(text)
        except ValueError as error:
            raise Refused(f"Трудоёмкость {hours!r}: нужно число рабочих часов") from error
        if not amount:
            raise Refused("Трудоёмкость: нужно больше нуля рабочих часов")
        now = self._clock()

        def change(ticket: Ticket) -> tuple[dict[str, Any], list[Event]]:
            if ticket.type is not Type.IMPROVEMENT:
                raise Refused("Трудоёмкость оценивают только у доработки")
            changes = {"estimate_hours": text, "estimated_at": now}
            return changes, [Event(now, by, "estimate", ticket.estimate_hours, text)]

        try:
            return self._change(number, change, expected)
        except OutsideCalendar as error:
            raise Refused(f"Трудоёмкость {text} ч: столько рабочего времени нет в календаре") from error

    def agree(self, number: int, until: datetime | None, by: str, expected: int | None = None) -> Ticket:
        """A date of completion agreed with the client, which stands whatever he is waited for (own rule); None takes
        it back, and the rules count again. Raises Refused for a date that is past, and for a closed ticket."""
        now = self._clock()
        if until is not None and until <= now:
            raise Refused("Согласовать можно только срок в будущем")

        def change(ticket: Ticket) -> tuple[dict[str, Any], list[Event]]:
            if ticket.status is Status.CLOSED:
                raise Refused(f"{ticket.key} завершено")
            if until is None and ticket.agreed_due is None:
                raise Refused(f"У {ticket.key} нет согласованного срока")
            before, after = (None if at is None else at.isoformat() for at in (ticket.agreed_due, until))
            return {}, [Event(now, by, "agreed", before, after)]

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
        """Write something only the desk sees; colleagues it names as ``@login`` get a letter."""
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
            called = mentioned(text, tx.people.agents(), by)
            author = agent.name if agent is not None else by
            lines = lines_for(author, text)
            letter = self._writer.staff("mention", called, f"Вас упомянули в {ticket.key}", lines, ticket, now)
            if letter is not None:
                tx.outbox.add(letter, now)
            events = [Event(now, by, "noted"), *(Event(now, by, "mentioned", None, one.login) for one in called)]
            return self._apply(tx, ticket, {}, events)

        return self._store.write(work)

    def mark_read(self, number: int) -> None:
        """An agent has seen what came."""

        def work(tx: Transaction) -> None:
            ticket = tx.tickets.get(number)
            if ticket.unread:
                tx.tickets.update(ticket, unread=False)

        self._store.write(work)
