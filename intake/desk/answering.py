"""Answers to the client, and what becomes of letters."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake.desk.base import DeskBase
from intake.errors import Refused
from intake.letters.conversation import letter_message
from intake.model import Delivery, Direction, Event, OutboxRow, Status, StoredAttachment, Ticket

if TYPE_CHECKING:
    from intake.letters.contexts import Rendered
    from intake.letters.enclosures import Enclosure
    from intake.model import Letter
    from intake.ports import Transaction


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter as it would leave, to be seen whole before it does."""

    ticket: Ticket
    letter: Letter
    rendered: Rendered
    attachments: tuple[StoredAttachment, ...]


class Answering(DeskBase):
    """Letters that an agent's act sets off."""

    def draft_reply(self, number: int, text: str, by: str, enclosures: Sequence[Enclosure] = ()) -> Draft:
        """The letter `send` would queue. Raises Refused for an empty text or a ticket without an address."""
        if not text.strip():
            raise Refused("Пустой ответ")
        agent = self.agent(by)
        with self._store.read() as tx:
            ticket = tx.tickets.get(number)
            _answerable(ticket)
            heard = [m for m in tx.messages.of(number) if m.direction is Direction.IN and not m.automatic]
            references = tx.messages.last_ids(number)
        answered = next((m for m in reversed(heard) if not m.unconfirmed), None)
        regulation = self._regulations.of(ticket.regulation)
        letter, rendered = self._writer.reply(
            ticket, agent, text, answered, references, regulation, self._clock(), enclosures
        )
        return Draft(ticket, letter, rendered, _stored(enclosures))

    def send(self, draft: Draft, text: str, by: str, expected: int | None = None, *, held: bool = False) -> Ticket:
        """Queue a drafted letter, by which the ticket is answered; the agent who answers an unassigned one has it.
        ``held``: it waits for the undo window, and can be taken back so long."""
        now = self._clock()
        letter = self.held(draft.letter, now) if held else draft.letter

        def work(tx: Transaction) -> Ticket:
            ticket = self._current(tx, draft.ticket.number, expected)
            _answerable(ticket)
            outbox = tx.outbox.add(letter, now)
            message = letter_message(ticket, letter, draft.rendered, outbox, self._settings, by, now)
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


def _answerable(ticket: Ticket) -> None:
    """A merged ticket's conversation goes on in another one, and nobody writes to who sends spam. Raises Refused."""
    if ticket.merged_into is not None:
        raise Refused(f"{ticket.key} объединено с другим: отвечают в том обращении")
    if ticket.spam:
        raise Refused(f"{ticket.key} отмечено как спам: верните его в работу, чтобы ответить")


def _stored(enclosures: Sequence[Enclosure]) -> tuple[StoredAttachment, ...]:
    """A letter's files as attachments of its message; their bytes stay in the letter."""
    from intake.letters.enclosures import enclosure_parts

    return tuple(
        StoredAttachment(secrets.token_urlsafe(12), e.filename, e.content_type, len(e.data), part, e.inline)
        for e, part in zip(enclosures, enclosure_parts(True, len(enclosures)), strict=True)
    )
