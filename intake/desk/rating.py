"""The client's vote on the page (§6)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from intake.desk.base import DeskBase
from intake.errors import NotFound, Refused
from intake.merging import merged_into
from intake.model import Direction, Ticket
from intake.ports import NewMessage
from intake.voting import Ballot, ask_of_token, cast, why_left_out

if TYPE_CHECKING:
    from intake.ports import Transaction
    from intake.ratings import Ask, Vote

LONGEST_COMMENT = 4000


@dataclass(frozen=True, slots=True)
class Rateable:
    """What a rating page shows. ``score`` and ``comment`` are the vote that stands; ``closed``: why no vote counts any
    more, None while one does."""

    ticket: Ticket
    lowest: int
    highest: int
    expires_at: datetime
    score: int | None
    comment: str
    closed: str | None


class Rating(DeskBase):
    """Votes by link."""

    def rateable(self, token: str) -> Rateable:
        """What a link leads to; nothing is written. Raises NotFound for a link that is none of ours."""
        with self._store.read() as tx:
            ticket, ask = self._asked(tx, token)
            return self._rateable(tx, ticket, ask)

    def rate(self, token: str, score: int, comment: str = "") -> Rateable:
        """Keep a vote; the last one within the time counts. A vote that comes too late, or for a ticket in work again,
        is kept and not counted: ``closed`` says so. Raises NotFound, Refused for a mark outside the scale."""
        now = self._clock()

        def work(tx: Transaction) -> Rateable:
            ticket, ask = self._asked(tx, token)
            quality = self._regulations.of(ask.regulation).rules.quality
            if not quality.lowest <= score <= quality.highest:
                raise Refused(f"Оценка — число от {quality.lowest} до {quality.highest}")
            said = comment.strip()[:LONGEST_COMMENT]
            votes = tx.ratings.votes([ticket.number])
            ballot = Ballot(score, said, "page", now)
            vote = cast(tx, ticket, ask, ballot, self._regulations, self._writer, now)
            if said and said not in [one.comment for one in votes]:
                final = merged_into(tx, tx.tickets.get(ticket.number))
                tx.messages.add(replace(_comment(ticket, vote), ticket=final.number))
                tx.tickets.update(final, unread=True)
            return self._rateable(tx, tx.tickets.get(ticket.number), ask)

        return self._store.write(work)

    def _asked(self, tx: Transaction, token: str) -> tuple[Ticket, Ask]:
        found = ask_of_token(tx, self._writer.signer, token)
        if found is None:
            raise NotFound("no such link")
        return found

    def _rateable(self, tx: Transaction, ticket: Ticket, ask: Ask) -> Rateable:
        quality = self._regulations.of(ask.regulation).rules.quality
        counted = [vote for vote in tx.ratings.votes([ticket.number]) if vote.left_out is None]
        stands = counted[-1] if counted and ticket.rating is not None else None
        return Rateable(
            ticket=ticket,
            lowest=quality.lowest,
            highest=quality.highest,
            expires_at=ask.expires_at,
            score=ticket.rating,
            comment=stands.comment if stands is not None else "",
            closed=why_left_out(tx, ticket, ask, self._clock()),
        )


def _comment(ticket: Ticket, vote: Vote) -> NewMessage:
    text = f"Оценка {vote.score}. {vote.comment}"
    return NewMessage(
        ticket=ticket.number,
        direction=Direction.IN,
        at=vote.at,
        text=text,
        full_text=text,
        sender_name=ticket.contact_name,
        sender_address=ticket.contact_address,
    )
