"""What a shift leaves to the next one before closing time. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.model import Ticket
from intake.wording import moment_words

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

MOST_LINES = 50


@dataclass(frozen=True, slots=True)
class HandOver:
    """Tickets nobody has answered: ``now`` are due by closing time or late already, ``next`` fall due after the next
    opening; ``absent`` wait for somebody who is not here today, by login."""

    now: tuple[Ticket, ...]
    next: tuple[Ticket, ...]
    absent: Mapping[str, Sequence[Ticket]]

    def __bool__(self) -> bool:
        return bool(self.now or self.next or self.absent)

    def lines(self, zone: ZoneInfo, at: datetime) -> list[str]:
        """The letter, in Russian."""
        found = [
            *_part("Без ответа, срок сегодня или прошёл:", self.now, zone, at),
            *_part("Без ответа, срок наступит после открытия:", self.next, zone, at),
        ]
        for login, tickets in self.absent.items():
            found += _part(f"Сегодня не в смене {login}, обращения может взять любой из смены:", tickets, zone, at)
        return found


def hand_over(waiting: Iterable[Ticket], absent: Mapping[str, Sequence[Ticket]], closes: datetime) -> HandOver:
    """Of the tickets that wait for the desk those that came before closing time and that nobody has reacted to, or
    whose client awaits an answer."""
    today: list[Ticket] = []
    later: list[Ticket] = []
    for ticket in waiting:
        due, since = _due(ticket), _since(ticket)
        if due is not None and since is not None and since < closes:
            (today if due <= closes else later).append(ticket)
    return HandOver(tuple(today), tuple(later), absent)


def _due(ticket: Ticket) -> datetime | None:
    return ticket.reaction_due if ticket.reacted_at is None else ticket.answer_due


def _since(ticket: Ticket) -> datetime | None:
    return ticket.opened_at if ticket.reacted_at is None else ticket.awaiting_since


def _part(title: str, tickets: Sequence[Ticket], zone: ZoneInfo, at: datetime) -> list[str]:
    if not tickets:
        return []
    more = len(tickets) - MOST_LINES
    tail = [f"… и ещё {more}"] if more > 0 else []
    return [title, *(_line(ticket, zone, at) for ticket in tickets[:MOST_LINES]), *tail]


def _line(ticket: Ticket, zone: ZoneInfo, at: datetime) -> str:
    due = _due(ticket) or ticket.next_due
    until = f" — до {moment_words(zone, due, at)}" if due is not None else ""
    return f"{ticket.key} {ticket.subject}{until}" + (f" ({ticket.assignee})" if ticket.assignee else "")
