"""Asking clients for a vote (§6) and counting it: one rule for the page and for a reply."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from intake.clocks import derived
from intake.letters.addresses import valid_address
from intake.model import Event, Role, Status, Ticket
from intake.quality.closings import assignee_at_closing
from intake.ratings import Ask, Vote
from intake.vote_words import vote_in

if TYPE_CHECKING:
    from intake.letters.writing import LetterWriter
    from intake.plans import Plan
    from intake.ports import Transaction
    from intake.regulation import Regulation
    from intake.regulation.rules import Quality
    from intake.regulations import Regulations
    from intake.signing import Signer

MOST_VOTES = 50
"""On one ticket: who changes his mind more often is a program."""
NONCE_LENGTH = 16
MARKS = ("очень плохо", "плохо", "удовлетворительно", "хорошо", "отлично")
LATE, REOPENED, SPAM, MERGED = "late", "reopened", "spam", "merged"


def ask_of(tx: Transaction, ticket: Ticket, agent: str, regulation: Regulation, now: datetime) -> Ask | None:
    """The question that may go with the letter of a closing; None where nobody is to be asked: no address, spam,
    merged, asked not long ago, or the rules give no time to vote."""
    quality = regulation.rules.quality
    contact = ticket.contact_address
    if contact is None or not valid_address(contact) or ticket.spam or ticket.merged_into is not None:
        return None
    if not quality.rating_days or tx.ratings.asked_after(contact, now - timedelta(days=quality.ask_again_days)):
        return None
    expires = now + timedelta(days=quality.rating_days)
    nonce = secrets.token_hex(NONCE_LENGTH // 2)
    return Ask(nonce, ticket.number, agent, regulation.rules.version, now, expires, "")


def mark_words(mark: int, quality: Quality) -> str:
    """A mark's name on the scale from 1 to 5; nothing on another one."""
    return MARKS[mark - 1] if (quality.lowest, quality.highest) == (1, len(MARKS)) else ""


def rate_token(signer: Signer, key: str, ask: Ask) -> str:
    """What a link to the rating page ends with: bound to ticket, agent, version of the rules and expiry."""
    return f"{ask.nonce}.{signer.token('rate', *_parts(key, ask))}"


def ask_of_token(tx: Transaction, signer: Signer, token: str) -> tuple[Ticket, Ask] | None:
    """The ticket and question that a link names; None for a forged one."""
    nonce, _, proof = token.partition(".")
    ask = tx.ratings.ask(nonce) if len(nonce) == NONCE_LENGTH else None
    ticket = tx.tickets.get(ask.ticket) if ask is not None else None
    parts = _parts(ticket.key, ask) if ticket is not None and ask is not None else (nonce,)
    # Compared in any case, so that the time taken says nothing.
    proven = signer.verified(proof, "rate", *parts)
    return (ticket, ask) if proven and ticket is not None and ask is not None else None


def _parts(key: str, ask: Ask) -> tuple[str, ...]:
    return ask.nonce, key, ask.agent, ask.regulation, ask.expires_at.isoformat()


@dataclass(frozen=True, slots=True)
class Ballot:
    """A vote as it was given."""

    score: int
    comment: str
    door: str
    at: datetime


def why_left_out(tx: Transaction, ticket: Ticket, ask: Ask, at: datetime) -> str | None:
    """Why a vote given now would not count, as a key of `intake.quality.labels.LEFT_OUT`; None where it would. After a
    later closing it does where that was the same agent's."""
    if ticket.spam:
        return SPAM
    if ticket.merged_into is not None:
        return MERGED
    if at > ask.expires_at:
        return LATE
    if ticket.status is not Status.CLOSED:
        return REOPENED
    if ticket.closed_at == ask.asked_at:
        return None
    closer = assignee_at_closing(ticket, tx.tickets.events(ticket.number)) or ""
    return None if closer == ask.agent else REOPENED


def cast(
    tx: Transaction,
    ticket: Ticket,
    ask: Ask,
    ballot: Ballot,
    regulations: Regulations,
    writer: LetterWriter | None,
    now: datetime,
    **changes: Any,
) -> Vote:
    """Keep a vote in this transaction; where it counts, the ticket has its rating, and the lead learns of a low one.

    ``changes`` are further columns of the ticket to write. The same vote again changes nothing."""
    vote = Vote(
        ticket=ticket.number,
        agent=ask.agent,
        score=ballot.score,
        comment=ballot.comment,
        at=ballot.at,
        door=ballot.door,
        left_out=why_left_out(tx, ticket, ask, ballot.at),
    )
    given = tx.ratings.votes([ticket.number])
    repeated = bool(given) and (given[-1].score, given[-1].comment, given[-1].left_out) == (
        vote.score,
        vote.comment,
        vote.left_out,
    )
    repeated = repeated and (vote.left_out is not None or ticket.rating == vote.score)
    if repeated or len(given) >= MOST_VOTES:
        if changes:
            tx.tickets.update(ticket, **changes, updated_at=now)
        return vote
    tx.ratings.add_vote(vote)
    regulation = regulations.of(ask.regulation)
    low = vote.left_out is None and vote.score <= regulation.rules.quality.alarm_at_most
    if vote.left_out is None:
        before = None if ticket.rating is None else str(ticket.rating)
        tx.tickets.add_events(ticket.number, [Event(ballot.at, "client", "rated", before, str(vote.score))])
    if low or vote.comment:
        changes["unread"] = True
    clocks = derived(ticket, tx.tickets.events(ticket.number), regulations.of(ticket.regulation))
    after = tx.tickets.update(ticket, **{**changes, **clocks, "updated_at": now})
    if low and writer is not None:
        _tell_lead(tx, after, vote, writer, regulation, now)
    return vote


def _tell_lead(
    tx: Transaction, ticket: Ticket, vote: Vote, writer: LetterWriter, regulation: Regulation, now: datetime
) -> None:
    people = tx.people.agents()
    agent = next((a.name for a in people if a.login == vote.agent), vote.agent) or "никто"
    lines = [
        f"Клиент оценил работу по обращению {ticket.key} на {vote.score}: «{ticket.subject}».",
        f"Обращение вёл: {agent}.",
        f"Комментарий клиента: {vote.comment}" if vote.comment else "Комментария нет.",
        f"Оценку клиент может изменить в течение {regulation.rules.quality.rating_days} дн. после письма.",
    ]
    leads = [a for a in people if a.role is Role.LEAD] or [a for a in people if a.role is Role.ADMIN]
    letter = writer.staff("low_rating", leads, f"Оценка {vote.score} по обращению {ticket.key}", lines, ticket, now)
    if letter is not None:
        tx.outbox.add(letter, now)


def vote_of_reply(tx: Transaction, ticket: Ticket, made: Plan, regulations: Regulations) -> tuple[Ask, int] | None:
    """The vote that a client's reply to a closing letter is; None where the reply is a message like any other."""
    message = made.reading.message
    if ticket.status is not Status.CLOSED or not made.matched.confirmed or message.attachments:
        return None
    ask = tx.ratings.last_ask(ticket.number)
    if ask is None:
        return None
    quality = regulations.of(ask.regulation).rules.quality
    score = vote_in(message.reply, quality.lowest, quality.highest)
    return None if score is None else (ask, score)


def voted_by_mail(
    tx: Transaction,
    ticket: Ticket,
    made: Plan,
    regulations: Regulations,
    writer: LetterWriter | None,
    now: datetime,
    keep: Callable[[], int],
) -> int | None:
    """Count a reply that is a vote; ``keep`` stores it as a message, whose id is the answer. None: it is no vote."""
    found = vote_of_reply(tx, ticket, made, regulations)
    if found is None:
        return None
    ask, score = found
    message = keep()
    cast(tx, ticket, ask, Ballot(score, "", "mail", made.row.received_at), regulations, writer, now)
    return message


def with_letter(ask: Ask, message_id: str) -> Ask:
    """The question once the letter that carries it is written."""
    return replace(ask, message_id=message_id)
