"""A question that Slack did not take goes by mail (§8): it always leaves, and the ticket says how."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from intake.desk.answering import Answering
from intake.letters.addresses import valid_address
from intake.letters.asking import Material, Question, department_letter
from intake.letters.posting import KINDS, REMINDER, StoredPost, posted_words
from intake.merging import merged_into
from intake.model import Delivery, Event, Status
from intake.second_line import department_message, missed

if TYPE_CHECKING:
    from datetime import datetime

    from intake.escalations import Asked, Escalation
    from intake.model import OutboxRow, Ticket
    from intake.ports import Transaction
    from intake.settings import Department

SLACK, MAIL = "slack", "mail"


class Replacing(Answering):
    """What follows where a post cannot leave."""

    def letter_settled(self, tx: Transaction, letter: OutboxRow, now: datetime) -> None:
        """See `Answering.letter_settled`; a post that Slack refused, or twice did not answer, goes by mail instead."""
        super().letter_settled(tx, letter, now)
        if letter.kind not in KINDS or not _ended_badly(letter):
            return
        stored = StoredPost.read(letter.raw)
        escalation = tx.escalations.by_asked(stored.asked)
        if escalation is None or all(part.id != stored.asked for part in escalation.waiting):
            return
        asked = escalation.part(stored.asked)
        department = self._settings.department(asked.department)
        ticket = merged_into(tx, tx.tickets.get(escalation.ticket))
        reachable = department is not None and valid_address(department.email or "")
        if department is None or not reachable or MAIL in asked.channels or ticket.status is Status.CLOSED:
            return
        self._mail_instead(tx, letter, escalation, _by_mail(asked, letter), department, ticket, now)

    def _mail_instead(
        self,
        tx: Transaction,
        post: OutboxRow,
        escalation: Escalation,
        asked: Asked,
        department: Department,
        ticket: Ticket,
        now: datetime,
    ) -> None:
        """The words of the post as a letter; from now on the department is written to."""
        question = self._as_posted(tx, post, escalation, asked)
        regulation = self._regulations.of(escalation.regulation)
        letter, rendered = department_letter(self._writer, question, asked, department, regulation, now)
        outbox = tx.outbox.add(letter, now)
        author = None if question.reminder else escalation.by
        said = department_message(self._settings, question.escalation, letter, rendered, outbox, author, now)
        tx.escalations.tie(tx.messages.add(replace(said, ticket=ticket.number)), asked.id)
        tx.escalations.reroute(asked.id, asked.channels)
        self._apply(tx, ticket, {}, [Event(now, "desk", "channel_replaced", SLACK, f"{asked.department}: {MAIL}")])

    def _as_posted(self, tx: Transaction, post: OutboxRow, escalation: Escalation, asked: Asked) -> Question:
        words = posted_words(post.raw)
        agent = tx.people.agent(escalation.by)
        reminder = words if post.kind == REMINDER else ""
        told = words if asked.told_at is not None and not reminder else ""
        return Question(
            tx.tickets.get(escalation.ticket),
            escalation if reminder else replace(escalation, question=words),
            agent.name if agent is not None else self._settings.name,
            missed(tx, escalation, escalation.part(asked.id)) if reminder else Material(),
            reminder=reminder,
            told=told,
            mailed=False,
        )


def _ended_badly(letter: OutboxRow) -> bool:
    """Whether nothing is tried any more; twice unanswered, the post may stand there all the same."""
    unsure = letter.state is Delivery.UNCERTAIN and letter.repeated and letter.next_try_at is None
    return letter.state is Delivery.FAILED or unsure


def _by_mail(asked: Asked, post: OutboxRow) -> Asked:
    """The part as it is asked now: over Slack too, where the post may have arrived."""
    kept = asked.channels if post.state is Delivery.UNCERTAIN else tuple(c for c in asked.channels if c != SLACK)
    return replace(asked, channels=(*kept, MAIL))
