"""Questions to the second line (§7, §8): asking departments, marking their answers, quoting them to the client."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from intake.desk.base import DeskBase
from intake.errors import NotFound, Refused
from intake.escalations import Asked, Escalation, Reply
from intake.letters.asking import Question, department_letter
from intake.letters.posting import KINDS as SLACK_KINDS
from intake.letters.posting import department_post
from intake.model import Direction, Event, Status, Ticket
from intake.second_line import (
    ANSWERED,
    ASKED_BACK,
    CONFIRMED,
    REFUSED,
    chosen_channels,
    department_message,
    end_part,
    gathered,
)

if TYPE_CHECKING:
    from intake.letters.contexts import Rendered
    from intake.model import Letter
    from intake.ports import Transaction

Addressed = tuple[Asked, "Letter", "Rendered"]


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """A question to departments, or the answer to one of theirs, as it would leave: to be seen whole before it does.
    ``letters`` are (part, letter or post, its words)."""

    question: Question
    letters: tuple[Addressed, ...]


KINDS = {Reply.ANSWERED: ANSWERED, Reply.REFUSED: REFUSED, Reply.QUESTION: ASKED_BACK}


class Escalating(DeskBase):
    """What an agent asks of other departments."""

    def escalate(
        self,
        number: int,
        topic: str,
        by: str,
        text: str = "",
        messages: Sequence[int] | None = None,
        attachments: Sequence[str] | None = None,
    ) -> Ticket:
        """Ask the departments of a topic (§7) over its channels (§8), each by a letter or post of its own.

        ``messages`` (ids; None: all) of the client and the desk are shown to them, ``attachments`` (ids; None: all of
        these messages, as far as they fit) go with a letter. Where a channel can't be used, the other one is, and the
        ticket says so. Raises Refused: unknown topic, asked already, no way to a department, something internal."""
        return self.send_question(self.draft_question(number, topic, by, text, messages, attachments))

    def draft_question(
        self,
        number: int,
        topic: str,
        by: str,
        text: str = "",
        messages: Sequence[int] | None = None,
        attachments: Sequence[str] | None = None,
    ) -> QuestionDraft:
        """The letters and posts `send_question` would queue. See `escalate`."""
        now = self._clock()
        agent = self.agent(by)
        with self._store.read() as tx:
            ticket = tx.tickets.get(number)
            self._not_asked_twice(tx, ticket, topic)
            material = gathered(tx, ticket, messages, attachments)
        escalation = self._escalation(ticket, topic, agent.login, text, now)
        first = self._store.write(lambda tx: tx.escalations.reserve(len(escalation.asked)))
        parts = tuple(replace(asked, id=first + place) for place, asked in enumerate(escalation.asked))
        escalation = replace(escalation, asked=parts)
        question = Question(ticket, escalation, agent.name, material)
        return QuestionDraft(question, self._addressed(question, parts, now))

    def outlook(self, number: int, topic: str, by: str) -> Escalation:
        """Whom a question would go to, over what and until when, were it asked now. Raises Refused as `escalate`."""
        with self._store.read() as tx:
            ticket = tx.tickets.get(number)
            self._not_asked_twice(tx, ticket, topic)
        return self._escalation(ticket, topic, by, "", self._clock())

    def send_question(self, draft: QuestionDraft, expected: int | None = None) -> Ticket:
        """Ask what was drafted, from now on. Raises Conflict, and Refused where the day has changed meanwhile: the
        deadline in the letter would be another."""
        now = self._clock()
        asked = draft.question.escalation
        due = self._regulations.of(asked.regulation).second_line_due(asked.topic, now).at
        if due != asked.answer_due:
            raise Refused("Пока вы смотрели, наступил другой день и срок ответа стал другим: проверьте вопрос ещё раз")
        question = replace(draft.question, escalation=replace(asked, escalated_at=now))
        return self._store.write(partial(self._ask, question, draft.letters, expected, now))

    def answered(
        self,
        number: int,
        topic: str,
        by: str,
        department: str | None = None,
        reply: Reply = Reply.ANSWERED,
        message: int | None = None,
    ) -> Ticket:
        """Mark by hand that a department (None: each one still waited for) has answered, refused or asks back.
        ``message`` is its answer, where there is one. Raises Refused, NotFound."""
        now = self._clock()

        def work(tx: Transaction) -> Ticket:
            ticket = tx.tickets.get(number)
            escalation, parts = _marked(tx.escalations.of(number), topic, department, reply, ticket)
            if message is not None and message not in {m.id for m in tx.messages.of(number)}:
                raise NotFound(f"{ticket.key} has no message {message}")
            events = self._confirmed(tx, message, by, now)
            for asked in parts:
                marked = replace(
                    asked,
                    answered_at=asked.answered_at or now,
                    outcome=reply,
                    answered_by=by,
                    answer=message or asked.answer,
                )
                escalation = end_part(tx, escalation, marked, self._regulations.of(escalation.regulation))
                events.append(Event(now, by, KINDS[reply], topic, asked.department))
            return self._apply(tx, ticket, {}, events)

        return self._store.write(work)

    def _confirmed(self, tx: Transaction, message: int | None, by: str, now: datetime) -> list[Event]:
        """Whoever marks a message as a department's answer vouches for its sender."""
        if message is None or not (found := tx.messages.get(message)).unconfirmed:
            return []
        tx.escalations.confirm(message)
        return [Event(now, by, CONFIRMED, None, found.sender_address)]

    def quote_answer(self, number: int, message: int) -> str:
        """A department's answer as text to begin a reply to the client with; the agent edits it. Raises Refused for
        what is no answer of this ticket: confirmed, or marked as one by an agent."""
        with self._store.read() as tx:
            ticket = tx.tickets.get(number)
            found = tx.messages.get(message)
            marked = {asked.answer for escalation in tx.escalations.of(number) for asked in escalation.asked}
        if found.ticket != number or found.direction is not Direction.DEPT_IN:
            raise Refused(f"{ticket.key}: это не ответ подразделения")
        if (found.unconfirmed or found.automatic) and message not in marked:
            raise Refused("Отправитель не подтверждён: убедитесь, что это ответ подразделения, и отметьте его")
        lines = found.text.strip().split("\n")
        return "\n".join(f"> {line}".rstrip() for line in lines) + "\n"

    def _not_asked_twice(self, tx: Transaction, ticket: Ticket, topic: str) -> None:
        known = self._regulations.of(ticket.regulation).rules.second_line.topics
        if topic not in known:
            raise Refused(f"Тема {topic!r}: есть {', '.join(known)}")
        if ticket.spam or ticket.merged_into is not None or ticket.status is Status.CLOSED:
            raise Refused(f"{ticket.key} завершено: сначала откройте его заново")
        if any(e.topic == topic and e.waiting for e in tx.escalations.of(ticket.number)):
            raise Refused(f"{ticket.key}: «{known[topic].name}» уже спрошено, ответа ещё ждём")

    def _escalation(self, ticket: Ticket, topic: str, by: str, text: str, now: datetime) -> Escalation:
        regulation = self._regulations.of(ticket.regulation)
        rules = regulation.rules.second_line
        wanted = rules.topics[topic]
        asked = []
        for key in wanted.departments:
            department = self._settings.department(key)
            title = department.title if department is not None else rules.departments[key]
            channels = chosen_channels(wanted.channels, rules.fallback, department, slack=self._settings.slack)
            if not channels:
                raise Refused(f"{title}: некуда отправить вопрос, задайте [departments.{key}] email в otklik.toml")
            asked.append(Asked(key, title, channels))
        return Escalation(
            ticket=ticket.number,
            topic=topic,
            by=by,
            question=text.strip(),
            regulation=regulation.rules.version,
            escalated_at=now,
            answer_due=regulation.second_line_due(topic, now).at,
            channels=wanted.channels,
            asked=tuple(asked),
        )

    def _addressed(self, question: Question, parts: Sequence[Asked], now: datetime) -> tuple[Addressed, ...]:
        """A letter for each of these departments and its channels."""
        regulation = self._regulations.of(question.escalation.regulation)
        found: list[Addressed] = []
        for asked in parts:
            department = self._settings.department(asked.department)
            assert department is not None, "a department without settings has no channel"
            for channel in asked.channels:
                write = department_letter if channel == "mail" else department_post
                found.append((asked, *write(self._writer, question, asked, department, regulation, now)))
        return tuple(found)

    def _ask(
        self, question: Question, letters: Sequence[Addressed], expected: int | None, now: datetime, tx: Transaction
    ) -> Ticket:
        escalation = question.escalation
        ticket = self._current(tx, escalation.ticket, expected)
        self._not_asked_twice(tx, ticket, escalation.topic)
        tx.escalations.add(escalation)
        events = [Event(now, escalation.by, "escalated", None, escalation.topic)]
        for asked in escalation.asked:
            told = f"{asked.department}: {asked.channels[0]}"
            missing = [channel for channel in escalation.channels if channel not in asked.channels]
            events += [Event(now, "desk", "channel_replaced", channel, told) for channel in missing]
        self._leave(tx, question, letters, now)
        changes: dict[str, object] = {"unread": False}
        if ticket.topic is None:
            changes["topic"] = escalation.topic
            events.append(Event(now, escalation.by, "topic", None, escalation.topic))
        if ticket.assignee is None:
            changes["assignee"] = escalation.by
            events.insert(0, Event(now, escalation.by, "assigned", None, escalation.by))
        return self._apply(tx, ticket, changes, events)

    def _leave(self, tx: Transaction, question: Question, letters: Sequence[Addressed], now: datetime) -> None:
        """Queue what goes to departments, and show it in the ticket."""
        escalation = replace(question.escalation, question=question.told or question.escalation.question)
        for asked, letter, rendered in letters:
            outbox = tx.outbox.add(letter, now)
            files = () if letter.kind in SLACK_KINDS else question.material.enclosures
            by = question.by or escalation.by
            said = department_message(self._settings, escalation, letter, rendered, outbox, by, now, files)
            tx.escalations.tie(tx.messages.add(replace(said, ticket=question.ticket.number)), asked.id)


def _marked(
    escalations: Sequence[Escalation], topic: str, department: str | None, reply: Reply, ticket: Ticket
) -> tuple[Escalation, tuple[Asked, ...]]:
    """The latest escalation of a topic and the parts of it that are to be marked."""
    found = next((e for e in reversed(escalations) if e.topic == topic), None)
    if found is None:
        raise Refused(f"{ticket.key}: по теме {topic!r} никого не спрашивали")
    if department is None:
        parts = found.waiting
        if not parts:
            raise Refused(f"{ticket.key}: по теме {topic!r} ответа уже не ждём")
        return found, parts
    parts = tuple(a for a in found.asked if a.department == department)
    if not parts:
        raise Refused(
            f"{ticket.key}: {department!r} не спрашивали, есть {', '.join(a.department for a in found.asked)}"
        )
    if parts[0].outcome is reply:
        raise Refused(f"{ticket.key}: у {department!r} это уже отмечено")
    return found, parts
