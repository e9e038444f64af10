"""Answering what a department asks back (§7, §8): in the thread of the question, with a term that begins anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from intake.desk.escalating import Escalating, QuestionDraft
from intake.errors import Refused
from intake.letters.asking import Question
from intake.merging import merged_into
from intake.model import Event, Status
from intake.second_line import TOLD, chosen_channels, due_of, nearest_due

if TYPE_CHECKING:
    from intake.desk.escalating import Addressed
    from intake.escalations import Asked, Escalation
    from intake.model import Ticket
    from intake.ports import Transaction


class Telling(Escalating):
    """What an agent tells a department that has asked back."""

    def tell(self, number: int, topic: str, by: str, text: str, department: str | None = None) -> Ticket:
        """`draft_telling` and `send_telling` in one go."""
        return self.send_telling(self.draft_telling(number, topic, by, text, department))

    def draft_telling(
        self, number: int, topic: str, by: str, text: str, department: str | None = None
    ) -> QuestionDraft:
        """The letter or post, in the thread of the question, to a department that has asked back (None: the only one
        that has). Raises Refused: it is still waited for, nothing was asked, an empty text, no way to it."""
        now, agent = self._clock(), self.agent(by)
        if not text.strip():
            raise Refused("Пустой ответ подразделению")
        with self._store.read() as tx:
            ticket = merged_into(tx, tx.tickets.get(number))
            escalation, part = _asked_back(tx.escalations.of(ticket.number), topic, department, ticket)
            sent = tx.messages.of(ticket.number)
            tied = tx.escalations.asked_of([m.id for m in sent])
        thread = tuple(m.message_id for m in sent if tied.get(m.id) == part.id and m.message_id)
        part = self._reachable(part, escalation)
        told = _waited_for(escalation, part, now)
        question = Question(ticket, told, agent.name, references=thread, told=text.strip(), by=agent.login)
        return QuestionDraft(question, self._addressed(question, [told.part(part.id)], now))

    def send_telling(self, draft: QuestionDraft, expected: int | None = None) -> Ticket:
        """Queue what was drafted; the department's term begins anew. Raises Conflict, and Refused where the day has
        changed meanwhile, or the part is waited for again."""
        now, drafted = self._clock(), draft.question
        part = draft.letters[0][0]
        regulation = self._regulations.of(drafted.escalation.regulation)
        due = regulation.second_line_due(drafted.escalation.topic, now).at
        if due != due_of(drafted.escalation, part, regulation):
            raise Refused("Пока вы смотрели, наступил другой день и срок ответа стал другим: проверьте ещё раз")
        return self._store.write(partial(self._tell_again, drafted, part, draft.letters, expected, now))

    def _tell_again(
        self,
        drafted: Question,
        seen: Asked,
        letters: Sequence[Addressed],
        expected: int | None,
        now: datetime,
        tx: Transaction,
    ) -> Ticket:
        ticket = self._current(tx, drafted.ticket.number, expected)
        stands = tx.escalations.by_asked(seen.id)
        assert stands is not None, "it was there when the letter was drafted"
        _may_be_told(stands, stands.part(seen.id), ticket)
        regulation = self._regulations.of(stands.regulation)
        told = _waited_for(stands, stands.part(seen.id), now)
        tx.escalations.reopen(seen.id, nearest_due(told, regulation))
        self._leave(tx, drafted, letters, now)
        event = Event(now, drafted.by, TOLD, told.topic, seen.department)
        if told.ticket != ticket.number:
            self._apply(tx, tx.tickets.get(told.ticket), {}, [event])
            return self._apply(tx, ticket, {"unread": False}, [])
        return self._apply(tx, ticket, {"unread": False}, [event])

    def _reachable(self, part: Asked, escalation: Escalation) -> Asked:
        rules = self._regulations.of(escalation.regulation).rules.second_line
        department = self._settings.department(part.department)
        channels = chosen_channels(part.channels, rules.fallback, department, slack=self._settings.slack)
        if not channels:
            raise Refused(f"{part.title}: некуда отправить ответ, задайте [departments.{part.department}] email")
        return replace(part, channels=channels)


def _waited_for(escalation: Escalation, part: Asked, now: datetime) -> Escalation:
    again = replace(part, answered_at=None, outcome=None, answered_by=None, answer=None, told_at=now)
    return replace(escalation.with_part(again), answered_at=None)


def _asked_back(
    escalations: Sequence[Escalation], topic: str, department: str | None, ticket: Ticket
) -> tuple[Escalation, Asked]:
    found = next((e for e in reversed(escalations) if e.topic == topic), None)
    if found is None:
        raise Refused(f"{ticket.key}: по теме {topic!r} никого не спрашивали")
    parts = [part for part in found.asked if part.answered_at is not None and department in (None, part.department)]
    if len(parts) > 1:
        raise Refused(f"{ticket.key}: которому подразделению? {', '.join(part.department for part in parts)}")
    if not parts:
        raise Refused(f"{ticket.key}: по теме {topic!r} подразделение ещё ничего не ответило")
    _may_be_told(found, parts[0], ticket)
    return found, parts[0]


def _may_be_told(escalation: Escalation, part: Asked, ticket: Ticket) -> None:
    if part.answered_at is None:
        raise Refused(f"{ticket.key}: {part.title} ещё не ответил на «{escalation.question or escalation.topic}»")
    if ticket.spam or ticket.status is Status.CLOSED:
        raise Refused(f"{ticket.key} завершено: сначала откройте его заново")
