"""What departments say and press in Slack, as internal messages of the ticket."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from intake.desk.base import DeskBase
from intake.escalations import Reply
from intake.merging import merged_into
from intake.model import Direction, Event
from intake.ports import NewMessage
from intake.second_line import ANSWERED, begun, end_part

if TYPE_CHECKING:
    from datetime import datetime

    from intake.escalations import Escalation, Post
    from intake.model import Agent, Ticket
    from intake.ports import Transaction

TOOK = "dept_took"
DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class SlackReply:
    """A message in a thread of ours. ``ts`` names it in its channel; ``edited`` is when it was edited last, "" never,
    "deleted" where it is gone; ``author`` a person's name, ``email`` his address where Slack tells it."""

    channel: str
    thread_ts: str
    ts: str
    author: str
    text: str
    at: datetime
    edited: str = ""
    email: str = ""


class Listening(DeskBase):
    """Slack's way in. Each call may be repeated: what is known changes nothing."""

    def slack_said(self, said: SlackReply) -> bool:
        """Show a reply as internal. The first stops the department's clock, unless somebody there pressed «взять»:
        then «ответ готов» does; who asks answers nothing. Whether anything changed."""
        return self._store.write(lambda tx: self._said(tx, said))

    def slack_pressed(self, channel: str, ts: str, author: str, *, ready: bool) -> bool:
        """«взять» or «ответ готов» under a question; whether anything changed."""
        now = self._clock()

        def work(tx: Transaction) -> bool:
            found = _thread(tx, channel, ts)
            if found is None:
                return False
            post, escalation, _ = found
            asked = escalation.part(post.asked)
            if ready:
                return self._answered(tx, escalation, post.asked, author, None, now)
            if asked.answered_at is not None or self._taken(tx, escalation, asked.department):
                return False
            self._tell(tx, escalation, Event(now, asked.department, TOOK, escalation.topic, asked.department), author)
            return True

        return self._store.write(work)

    def _said(self, tx: Transaction, said: SlackReply) -> bool:
        found = _thread(tx, said.channel, said.thread_ts)
        if found is None:
            return False
        post, escalation, ticket = found
        known = tx.escalations.reply(said.channel, said.ts)
        if known is not None:
            return self._changed_reply(tx, said, escalation, post.asked, known)
        if said.edited == DELETED:
            return False
        said = replace(said, at=max(said.at, escalation.escalated_at))  # Slack's clock may be behind the desk's
        asked = escalation.part(post.asked)
        agent = _asking(tx, said, {escalation.by, ticket.assignee})
        message = tx.messages.add(
            NewMessage(
                ticket=ticket.number,
                direction=Direction.DEPT_IN if agent is None else Direction.DEPT_OUT,
                at=said.at,
                text=said.text,
                full_text=said.text,
                sender_name=f"{said.author} ({asked.title if agent is None else 'поддержка'}, Slack)",
                author=None if agent is None else agent.login,
            )
        )
        tx.escalations.tie(message, asked.id)
        tx.escalations.keep_reply(asked.id, said.channel, said.ts, message, said.edited)
        if agent is not None:
            return True
        taken = self._taken(tx, escalation, asked.department)
        if taken or not self._answered(tx, escalation, asked.id, said.author, message, said.at):
            self._tell(
                tx, escalation, Event(said.at, asked.department, "dept_wrote", escalation.topic, asked.department)
            )
        return True

    def _changed_reply(
        self, tx: Transaction, said: SlackReply, escalation: Escalation, asked: int, known: tuple[int | None, str]
    ) -> bool:
        message, edited = known
        if message is None or said.edited in ("", edited) or edited == DELETED:
            return False
        gone = said.edited == DELETED
        text = tx.messages.get(message).text if gone else said.text
        tx.messages.reread(message, text, text, ("deleted in Slack" if gone else "edited in Slack",))
        tx.escalations.keep_reply(asked, said.channel, said.ts, message, said.edited)
        department = escalation.part(asked).department
        kind = "dept_deleted" if gone else "dept_edited"
        self._tell(tx, escalation, Event(self._clock(), department, kind, escalation.topic, str(message)))
        return True

    def _answered(
        self, tx: Transaction, escalation: Escalation, asked: int, author: str, message: int | None, at: datetime
    ) -> bool:
        part = escalation.part(asked)
        if part.answered_at is not None:
            return False
        done = replace(
            part, answered_at=at, outcome=Reply.ANSWERED, answered_by=author, answer=message or self._last(tx, asked)
        )
        end_part(tx, escalation, done, self._regulations.of(escalation.regulation))
        self._tell(tx, escalation, Event(at, part.department, ANSWERED, escalation.topic, part.department))
        return True

    def _last(self, tx: Transaction, asked: int) -> int | None:
        escalation = tx.escalations.by_asked(asked)
        assert escalation is not None, "it was there in this transaction"
        ticket = merged_into(tx, tx.tickets.get(escalation.ticket))
        told = [m.id for m in tx.messages.of(ticket.number) if m.direction is Direction.DEPT_IN]
        tied = tx.escalations.asked_of(told)
        return max((message for message, part in tied.items() if part == asked), default=None)

    def _taken(self, tx: Transaction, escalation: Escalation, department: str) -> bool:
        since = max(begun(escalation, part) for part in escalation.asked if part.department == department)
        final = merged_into(tx, tx.tickets.get(escalation.ticket)).number
        events = [e for number in {escalation.ticket, final} for e in tx.tickets.events(number)]
        return any(
            e.kind == TOOK and e.actor == department and e.before == escalation.topic and e.at >= since for e in events
        )

    def _tell(self, tx: Transaction, escalation: Escalation, event: Event, author: str | None = None) -> None:
        """An event on the ticket, which calls its agent. ``author``: who pressed."""
        ticket = merged_into(tx, tx.tickets.get(escalation.ticket))
        shown = event if author is None else replace(event, after=author)
        self._apply(tx, ticket, {"unread": True, "snoozed_until": None}, [shown])


def _thread(tx: Transaction, channel: str, ts: str) -> tuple[Post, Escalation, Ticket] | None:
    """A thread of ours, its question and its ticket. What is known of them is read once the ticket is ours alone:
    another gateway may hear the same at the same time."""
    post = tx.escalations.thread(channel, ts)
    known = tx.escalations.by_asked(post.asked) if post is not None else None
    if post is None or known is None:
        return None
    ticket = merged_into(tx, tx.tickets.get(known.ticket))
    escalation = tx.escalations.by_asked(post.asked)
    return None if escalation is None else (post, escalation, ticket)


def _asking(tx: Transaction, said: SlackReply, ours: set[str | None]) -> Agent | None:
    """The agent who asks, where it is he who writes: known by his address, or by his name where Slack tells none.
    Other agents may be of the department."""
    people = [agent for agent in tx.people.agents() if agent.login in ours]
    if said.email:
        return next((agent for agent in people if agent.email.lower() == said.email.lower()), None)
    return next((agent for agent in people if agent.name.lower() == said.author.strip().lower()), None)
