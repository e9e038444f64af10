"""Letters taken back before they leave, with everything their sending did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from intake.desk.base import DeskBase
from intake.errors import Refused
from intake.model import Direction, Event, OutboxRow, Status, Ticket, TicketMessage
from intake.recalled import RECALLED, standing, taken_back, written_by_sending

if TYPE_CHECKING:
    from datetime import datetime

    from intake.ports import Transaction

STATUS = "status_"


@dataclass(frozen=True, slots=True)
class Recalled:
    """What was taken back: the ticket as it is again, the text, and the status the letter told of (None: a reply)."""

    ticket: Ticket
    text: str
    status: Status | None


class Recalling(DeskBase):
    """Undo within the send window. What left is left: a correction is a new letter."""

    def recall(self, number: int, by: str) -> Recalled:
        """Take back the last letter an agent sent in a ticket, in one transaction: letter and message go, the status,
        the assignee and the clocks are what they were, unless somebody has changed them since; the text is the agent's
        draft again. Raises Refused with the reason."""
        now = self._clock()

        def work(tx: Transaction) -> Recalled:
            ticket = tx.tickets.get(number)
            message, letter = _last_letter(tx, ticket, by)
            if why := _why_not(ticket, letter, now):
                raise Refused(why)
            events = tx.tickets.events(number)
            undone = written_by_sending(events, message, letter.kind)
            tx.messages.withdraw(message.id)
            tx.ratings.withdraw_ask(letter.message_id)
            if not tx.outbox.withdraw(letter.id, now):
                raise Refused(_gone(ticket))
            text = message.text if letter.kind == "reply" or any(e.kind == "replied" for e in undone) else ""
            _keep(tx, number, by, letter, text, now)
            told = Event(now, by, RECALLED, taken_back(undone), letter.kind)
            after = self._apply(tx, ticket, _as_before(ticket, events, undone), [told])
            return Recalled(after, text, _status_of(letter))

        return self._store.write(work)


def _last_letter(tx: Transaction, ticket: Ticket, by: str) -> tuple[TicketMessage, OutboxRow]:
    sent = [m for m in tx.messages.of(ticket.number) if m.direction is Direction.OUT and m.outbox is not None]
    mine = [m for m in sent if m.author == by]
    if not mine:
        raise Refused(f"{ticket.key}: вы не отправляли писем, возвращать нечего")
    message = max(mine, key=lambda one: one.id)
    assert message.outbox is not None
    return message, tx.outbox.get(message.outbox)


def _why_not(ticket: Ticket, letter: OutboxRow, now: datetime) -> str | None:
    if not letter.untouched(now):
        return _gone(ticket)
    if ticket.spam and _status_of(letter) is not None:
        return f"{ticket.key} с тех пор отмечено как спам: сначала верните его в работу"
    if ticket.rating is not None and _status_of(letter) is Status.CLOSED:
        return f"{ticket.key}: клиент уже поставил оценку, завершение не вернуть"
    return None


def _gone(ticket: Ticket) -> str:
    return f"{ticket.key}: письмо уже отправляется, вернуть его нельзя. Исправление — новым письмом"


def _status_of(letter: OutboxRow) -> Status | None:
    return Status(letter.kind.removeprefix(STATUS)) if letter.kind.startswith(STATUS) else None


def _as_before(ticket: Ticket, events: Sequence[Event], undone: Sequence[Event]) -> dict[str, Any]:
    """The columns the sending changed, as they were; those that somebody has changed since stay."""
    ids = {event.id for event in undone}
    left = standing([event for event in events if event.id not in ids])
    changes: dict[str, Any] = {}
    for event in undone:
        later = any(other.kind == event.kind and other.id > event.id for other in left)
        if event.kind == "assigned" and not later and ticket.assignee == event.after:
            changes["assignee"] = event.before
        elif event.kind == "status" and not later and ticket.status == event.after and event.before is not None:
            changes["status"] = Status(event.before)
            earlier = [other.before for other in left if other.kind == "status" and other.after == event.before]
            changes["status_before"] = Status(earlier[-1]) if earlier and earlier[-1] is not None else None
    return changes


def _keep(tx: Transaction, number: int, by: str, letter: OutboxRow, text: str, now: datetime) -> None:
    """The text as a draft again, before what the agent may have begun since."""
    kind = draft_kind(_status_of(letter))
    begun = tx.people.draft(by, number, kind)
    tx.people.keep_draft(by, number, kind, "\n\n".join(filter(None, (text, begun))), now)


def draft_kind(status: Status | None) -> str:
    """Under which name the text of a letter is kept while it is written."""
    return "reply" if status is None else f"{STATUS}{status.value}"
