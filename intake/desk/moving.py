"""Statuses (§4): who may go where, and the letters that say what is expected of the client."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from intake.desk.base import DeskBase
from intake.errors import AskedMeanwhile, Conflict, Refused
from intake.letters.addresses import valid_address
from intake.letters.conversation import letter_message
from intake.model import Event, Status, Ticket
from intake.voting import ask_of, with_letter

if TYPE_CHECKING:
    from intake.letters.contexts import Rendered
    from intake.model import Letter
    from intake.ports import Transaction
    from intake.ratings import Ask

Written = tuple["Letter", "Rendered"]
CLIENT, DESK = "client", "desk"


@dataclass(frozen=True, slots=True)
class StatusDraft:
    """A ticket's next status, to be seen before it is set. ``letter`` None: the client is told nothing."""

    ticket: Ticket
    status: Status
    text: str
    letter: Written | None
    ask: Ask | None


class Moving(DeskBase):
    """A ticket's way through the statuses."""

    def why_not(self, ticket: Ticket, status: Status) -> str | None:
        """Why a ticket can't go to a status, in Russian; None when it can."""
        if ticket.merged_into is not None:
            return f"{ticket.key} объединено с другим: меняют то обращение, или отменяют объединение"
        return self._regulations.of(ticket.regulation).why_not(ticket.status, status)

    def set_status(
        self,
        number: int,
        status: Status,
        by: str,
        expected: int | None = None,
        *,
        text: str = "",
        quiet: bool = False,
    ) -> Ticket:
        """Move a ticket (§4). Where the rules say so, and ``quiet`` does not forbid it, the client gets a letter that
        says what is expected of him, with the agent's ``text``. Raises Refused with the reason."""
        try:
            return self.move(self.draft_status(number, status, by, text, quiet=quiet), by, expected)
        except AskedMeanwhile:
            return self.move(self.draft_status(number, status, by, text, quiet=quiet), by, expected)

    def draft_status(self, number: int, status: Status, by: str, text: str = "", *, quiet: bool = False) -> StatusDraft:
        """What `move` would do, and the letter that would tell the client. Raises Refused where `move` would."""
        now = self._clock()
        with self._store.read() as tx:
            ticket = tx.tickets.get(number)
            references = tx.messages.last_ids(number)
            agent = tx.people.agent(by)
            asking = status is Status.CLOSED and by not in (CLIENT, DESK) and not quiet
            regulation = self._regulations.of(ticket.regulation)
            ask = ask_of(tx, ticket, ticket.assignee or by, regulation, now) if asking else None
        if why := self.why_not(ticket, status):
            raise Refused(why)
        name = agent.name if agent is not None else self._settings.name
        letter = None if quiet else self._status_letter(ticket, status, name, text, references, now, ask)
        return StatusDraft(ticket, status, text, letter, ask)

    def move(self, draft: StatusDraft, by: str, expected: int | None = None, *, held: bool = False) -> Ticket:
        """Move a ticket as drafted; ``held``: its letter waits for the undo window, and can be taken back so long.
        Raises Refused, Conflict."""
        return self._store.write(partial(self._move, draft, by, expected, held, self._clock()))

    def close(
        self, number: int, by: str, expected: int | None = None, *, text: str = "", quiet: bool = False
    ) -> Ticket:
        """§5 speaks of completion; the ticket counts for whoever it is assigned to now."""
        return self.set_status(number, Status.CLOSED, by, expected, text=text, quiet=quiet)

    def confirm(self, number: int, works: bool, text: str = "") -> Ticket:
        """The client says on his page whether what was checked works (Проверка): yes closes the ticket, no returns it
        to work. Whoever closed it so is asked for a mark as after any closing; where it is too early to ask him again
        he gets no letter: he knows. Raises Refused where the ticket is not in Проверка."""
        now = self._clock()
        asking = self._asking(number, now) if works else None

        def work(tx: Transaction) -> Ticket:
            ticket = tx.tickets.get(number)
            if ticket.status is not Status.VERIFICATION:
                raise Refused("Обращение сейчас не на проверке")
            after = Status.CLOSED if works else Status.IN_PROGRESS
            events = [Event(now, CLIENT, "confirmed", None, "yes" if works else "no")]
            if not works:
                events.append(Event(now, CLIENT, "client_wrote"))
            events.append(Event(now, CLIENT, "status", ticket.status.value, after.value))
            changes = {"status": after, "status_before": ticket.status, "unread": True, "snoozed_until": None}
            if text.strip():
                tx.messages.add(_said_on_page(ticket, text, now))
            if asking is not None and asking[1].agent == (ticket.assignee or "") and self._may_ask(tx, ticket, now):
                letter, ask = asking
                self._queue(tx, ticket, letter, CLIENT, now)
                tx.ratings.add_ask(with_letter(ask, letter[0].message_id))
            return self._apply(tx, ticket, changes, events)

        return self._store.write(work)

    def _may_ask(self, tx: Transaction, ticket: Ticket, now: datetime) -> bool:
        return ask_of(tx, ticket, "", self._regulations.of(ticket.regulation), now) is not None

    def _asking(self, number: int, now: datetime) -> tuple[Written, Ask] | None:
        """The letter that asks for a mark after the client has closed a ticket; None where he is not to be asked."""
        with self._store.read() as tx:
            ticket = tx.tickets.get(number)
            ask = ask_of(tx, ticket, ticket.assignee or "", self._regulations.of(ticket.regulation), now)
            references = tx.messages.last_ids(number)
        if ask is None or ticket.status is not Status.VERIFICATION:
            return None
        name = self._settings.name
        letter = self._status_letter(ticket, Status.CLOSED, name, "", references, now, ask, automatic=True)
        return None if letter is None else (letter, ask)

    def _status_letter(
        self,
        ticket: Ticket,
        status: Status,
        name: str,
        text: str,
        references: list[str],
        now: datetime,
        ask: Ask | None,
        *,
        automatic: bool = False,
    ) -> Written | None:
        regulation = self._regulations.of(ticket.regulation)
        told = status.value in regulation.rules.statuses.tells_client or bool(text.strip())
        if not told or ticket.spam or ticket.merged_into is not None or not valid_address(ticket.contact_address or ""):
            return None
        return self._writer.status(
            ticket, status, name, text, references, regulation, now, automatic=automatic, ask=ask
        )

    def _move(
        self, draft: StatusDraft, by: str, expected: int | None, held: bool, now: datetime, tx: Transaction
    ) -> Ticket:
        ticket, status, letter = self._current(tx, draft.ticket.number, expected), draft.status, draft.letter
        if why := self.why_not(ticket, status):
            raise Refused(why)
        changes: dict[str, Any] = {"status": status, "status_before": ticket.status, "unread": False}
        events = [Event(now, by, "status", ticket.status.value, status.value)]
        if ticket.assignee is None and by not in (CLIENT, DESK):
            changes["assignee"] = by
            events.insert(0, Event(now, by, "assigned", None, by))
        if ticket.spam:
            changes["spam"] = False
            events.insert(0, Event(now, by, "not_spam"))
        if letter is not None:
            made = self.held(letter[0], now) if held else letter[0]
            stored = self._queue(tx, ticket, (made, letter[1]), by, now, draft.text)
            if draft.text.strip():
                events.insert(0, Event(now, by, "replied", None, str(stored)))
            if draft.ask is not None:
                if draft.ask.agent != (ticket.assignee or by):
                    raise Conflict(f"{ticket.key} изменилось, пока вы его смотрели")
                if not self._may_ask(tx, ticket, now):
                    raise AskedMeanwhile(f"{ticket.key}: пока вы смотрели, оценку у клиента уже попросили")
                # A vote counts for the closing it was asked at.
                tx.ratings.add_ask(replace(with_letter(draft.ask, letter[0].message_id), asked_at=now))
        return self._apply(tx, ticket, changes, events)

    def _queue(self, tx: Transaction, ticket: Ticket, letter: Written, by: str, now: datetime, text: str = "") -> int:
        """Queue a letter and show it in the conversation; the message's id."""
        made, rendered = letter
        outbox = tx.outbox.add(made, now)
        author = by if by not in (CLIENT, DESK) else None
        message = letter_message(ticket, made, rendered, outbox, self._settings, author, now)
        return tx.messages.add(replace(message, text=text, automatic=not text.strip()) if text.strip() else message)


def _said_on_page(ticket: Ticket, text: str, now: datetime) -> Any:
    from intake.model import Direction
    from intake.ports import NewMessage

    return NewMessage(
        ticket=ticket.number,
        direction=Direction.IN,
        at=now,
        text=text,
        full_text=text,
        sender_name=ticket.contact_name,
        sender_address=ticket.contact_address,
    )
