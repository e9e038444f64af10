"""After the form: the ticket's key and deadlines in words, or that it is kept and the letter follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from gateway.web.answers import page, refusal
from gateway.web.tokens import Forged, Tokens
from intake.client_view import completion_words
from intake.errors import NotFound
from intake.model import Delivery, Direction, Disposition, JournalRow, Ticket
from intake.pages import ReceivedPage
from intake.visible import visible
from intake.wording import deadline_words

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from gateway.web.backstage import Backstage
    from intake.ports import Transaction

LOOK_AGAIN = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Receipts:
    """``GET /feedback/received``."""

    backstage: Backstage
    tokens: Tokens

    async def show(self, request: Request) -> Response:
        """What became of a submission; 404 for a receipt that is none of ours."""
        try:
            door_key = self.tokens.submission(request.query_params.get("r", ""))
        except Forged:
            return refusal(self.backstage, request.url.path, 404)
        content = await self.backstage.off_loop(self._content, door_key)
        if content is None:
            return refusal(self.backstage, request.url.path, 404)
        return page(self.backstage, content)

    def _content(self, door_key: str) -> ReceivedPage | None:
        with self.backstage.store.read() as tx:
            row = tx.journal.known(door_key)
            if row is None:
                return None
            ticket = ticket_of(tx, row)
            if ticket is None:
                recent = self.backstage.clock() - row.received_at < LOOK_AGAIN
                return ReceivedPage(waiting=row.disposition is Disposition.NEW and recent)
            letter = self._letter_to(tx, ticket)
        return self._of(ticket, letter)

    def _letter_to(self, tx: Transaction, ticket: Ticket) -> str | None:
        """Whom the acknowledgement goes to, None where none does."""
        letters = [m for m in tx.messages.of(ticket.number) if m.automatic and m.direction is Direction.OUT]
        leaves = any(m.delivery not in (None, Delivery.SUPPRESSED, Delivery.FAILED) for m in letters)
        return ticket.contact_address if leaves else None

    def _of(self, ticket: Ticket, letter_to: str | None) -> ReceivedPage:
        regulation = self.backstage.regulations.of(ticket.regulation)
        due = ticket.reaction_due
        return ReceivedPage(
            key=ticket.key,
            subject=visible(ticket.subject),
            type_name=regulation.rules.types.named[ticket.type].name,
            reaction="" if due is None else deadline_words(regulation, ticket.opened_at, due),
            completion=completion_words(ticket, regulation),
            link=self.backstage.ticket_path(ticket.key),
            letter_to=None if letter_to is None else visible(letter_to),
        )


def ticket_of(tx: Transaction, row: JournalRow) -> Ticket | None:
    """The ticket a row became or joined."""
    if row.ticket is None:
        return None
    try:
        return tx.tickets.get(row.ticket)
    except NotFound:
        return None
