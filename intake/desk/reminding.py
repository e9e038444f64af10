"""The watch over the second line: departments reminded, late answers told, agents woken. Each once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from email.utils import parseaddr
from functools import partial
from typing import TYPE_CHECKING

from intake.desk.watching import LOOK_AHEAD, Watching
from intake.letters.addresses import valid_address
from intake.letters.asking import Question, department_letter, due_words
from intake.letters.posting import department_post
from intake.merging import merged_into
from intake.model import Agent, Event, Role, Status, Ticket
from intake.second_line import LATE, begun, chosen_channels, department_message, due_of, missed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intake.escalations import Asked, Escalation
    from intake.ports import Transaction
    from intake.regulation import Regulation

REMINDER, BREACH, WROTE = "dept_reminder", "second_line_breach", "dept_wrote"


class Reminding(Watching):
    """The second line's part of what the gateway does every few seconds."""

    def watch(self) -> int:
        """See `Watching.watch`; with what departments are due."""
        return super().watch() + self._watch_departments() + self._tell_answers()

    def _watch_departments(self) -> int:
        now, given = self._clock(), 0
        with self._store.read() as tx:
            due = [(e, a, kind, mark) for e in tx.escalations.waiting() for a, kind, mark in self._due(e, now)]
            told = {e.ticket: tx.tickets.noticed(e.ticket) for e, _, _, _ in due}
        for escalation, asked, kind, mark in due:
            if (kind, mark) not in told[escalation.ticket]:
                given += self._store.write(partial(self._press, escalation, asked, kind, mark, now))
        return given

    def _due(self, escalation: Escalation, now: datetime) -> list[tuple[Asked, str, str]]:
        """(part, kind, mark) of what is to be told: the alarm once it is late, before that the latest reminder."""
        regulation = self._regulations.of(escalation.regulation)
        found = []
        for asked in escalation.waiting:
            if now > due_of(escalation, asked, regulation):
                found.append((asked, BREACH, _mark(asked)))
                continue
            moments = regulation.second_line_reminders(escalation.topic, begun(escalation, asked))
            if past := [at for at in moments if at <= now]:
                found.append((asked, REMINDER, f"{asked.id} {past[-1].isoformat()}"))
        return found

    def _press(self, seen: Escalation, part: Asked, kind: str, mark: str, now: datetime, tx: Transaction) -> int:
        escalation = tx.escalations.by_asked(part.id)
        ticket = merged_into(tx, tx.tickets.get(seen.ticket))
        if escalation is None or all(asked.id != part.id for asked in escalation.waiting):
            return 0
        if ticket.status is Status.CLOSED:
            return 0
        if not tx.tickets.notice(seen.ticket, kind, mark, now):
            return 0
        regulation = self._regulations.of(escalation.regulation)
        if kind == REMINDER:
            self._remind_department(tx, ticket, escalation, part, regulation, now)
        else:
            self._tell_late(tx, ticket, escalation, part, regulation, now)
        return 1

    def _remind_department(
        self,
        tx: Transaction,
        ticket: Ticket,
        escalation: Escalation,
        asked: Asked,
        regulation: Regulation,
        now: datetime,
    ) -> None:
        department = self._settings.department(asked.department)
        agent = tx.people.agent(escalation.by)
        words = f"Напоминаем: вашего ответа ждут {due_words(escalation, asked, regulation)}."
        sent = tx.messages.of(ticket.number)
        tied = tx.escalations.asked_of([m.id for m in sent])
        thread = tuple(m.message_id for m in sent if tied.get(m.id) == asked.id and m.message_id)
        name = agent.name if agent is not None else self._settings.name
        asked_about = tx.tickets.get(escalation.ticket)
        question = Question(
            asked_about,
            escalation,
            name,
            missed(tx, escalation, asked),
            reminder=words,
            references=thread,
            mailed="mail" in asked.channels,
        )
        rules = regulation.rules.second_line
        usable = chosen_channels(asked.channels, rules.fallback, department, slack=self._settings.slack)
        for channel in usable:
            assert department is not None, "who has no settings has no channel"
            write = department_letter if channel == "mail" else department_post
            letter, rendered = write(self._writer, question, asked, department, regulation, now)
            outbox = tx.outbox.add(letter, now)
            shown = department_message(self._settings, escalation, letter, rendered, outbox, None, now)
            tx.escalations.tie(tx.messages.add(replace(shown, ticket=ticket.number)), asked.id)
        self._apply(tx, ticket, {}, [Event(now, "desk", "dept_reminded", escalation.topic, asked.department)])

    def _tell_late(
        self,
        tx: Transaction,
        ticket: Ticket,
        escalation: Escalation,
        asked: Asked,
        regulation: Regulation,
        now: datetime,
    ) -> None:
        topic = regulation.rules.second_line.topics[escalation.topic].name
        lines = (
            f"Тема обращения: {ticket.subject}",
            f"Вторая линия, «{topic}»: {asked.title} не ответил {due_words(escalation, asked, regulation)}.",
            f"Вопрос: {escalation.question}" if escalation.question else "",
        )
        to = [*self._responsible(tx, ticket), *self._head(tx, asked)]
        subject = f"{ticket.key}: нет ответа, {asked.title}"
        letter = self._writer.staff(BREACH, list(dict.fromkeys(to)), subject, [w for w in lines if w], ticket, now)
        if letter is not None:
            tx.outbox.add(letter, now)
        self._apply(tx, ticket, {"unread": True}, [Event(now, "desk", LATE, escalation.topic, asked.department)])

    def _responsible(self, tx: Transaction, ticket: Ticket) -> list[Agent]:
        people = tx.people.agents()
        assignee = [a for a in people if a.login == ticket.assignee]
        leads = [a for a in people if a.role is not Role.AGENT]
        return [*assignee, *(leads or people)]

    def _head(self, tx: Transaction, asked: Asked) -> Sequence[Agent]:
        """The department's head as somebody to write to: an agent's login, an address, or "Name <address>"."""
        department = self._settings.department(asked.department)
        if department is None or not department.head:
            return ()
        agent = tx.people.agent(department.head)
        if agent is not None:
            return (agent,)
        name, address = parseaddr(department.head)
        return (Agent("", name or asked.title, address),) if valid_address(address) else ()

    def _tell_answers(self) -> int:
        """An answer that came is mailed to the assignee, unless he sees it on his screen."""
        now, given = self._clock(), 0
        with self._store.read() as tx:
            heard = [
                (escalation, asked)
                for escalation in tx.escalations.heard(now - LOOK_AHEAD)
                for asked in escalation.asked
                if asked.answer is not None
            ]
            told = {e.ticket: tx.tickets.noticed(e.ticket) for e, _ in heard}
        for escalation, asked in heard:
            if (WROTE, _mark(asked)) not in told[escalation.ticket]:
                given += self._store.write(partial(self._tell_answer, escalation, asked, now))
        return given

    def _tell_answer(self, escalation: Escalation, asked: Asked, now: datetime, tx: Transaction) -> int:
        ticket = merged_into(tx, tx.tickets.get(escalation.ticket))
        if not tx.tickets.notice(escalation.ticket, WROTE, _mark(asked), now):
            return 0
        to = [a for a in tx.people.agents() if a.login == ticket.assignee]
        away = [a for a in to if not self._screen_open(tx, a.login, now)]
        lines = (f"Тема обращения: {ticket.subject}", f"{asked.title} ответил на ваш вопрос.")
        letter = self._writer.staff(WROTE, away, f"{ticket.key}: ответ, {asked.title}", lines, ticket, now)
        if letter is None:
            return 0
        tx.outbox.add(letter, now)
        return 1


def _mark(asked: Asked) -> str:
    """A part, and its term where it has had another before."""
    return f"{asked.id} {asked.told_at.isoformat()}" if asked.told_at is not None else str(asked.id)
