"""Lives of tickets on a real desk, and what a month is to count of them, told in whole numbers and fractions."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from intake.model import Status
from intake.voting import rate_token
from tests.support.desks import TestDesk, mail

WEEK = timedelta(days=7)
Step = tuple[str, Any, timedelta]
"""What is done, with what, and how long after the step before."""


@dataclass
class Life:
    """A ticket as the model tells it. ``asked`` is the question a client can vote by: (at, for whom)."""

    number: int
    now: datetime
    assignee: str | None = None
    closed_at: datetime | None = None
    closer: str | None = None
    rating: int | None = None
    reopened: int = 0
    out: str | None = None
    asked: tuple[datetime, str] | None = None
    votes: list[tuple[datetime, int, str | None]] = field(default_factory=list)

    def reasons(self) -> list[tuple[str, int | None]]:
        """What of this ticket is not counted, and why."""
        assert self.closed_at is not None
        found: list[tuple[str, int | None]] = [] if self.out is None else [(self.out, self.rating)]
        counted = [vote for vote in self.votes if vote[2] is None]
        for vote in self.votes:
            at, score, reason = vote
            if reason is None and at < self.closed_at:
                reason = "earlier"
            elif reason is None and vote is not counted[-1]:
                reason = "changed"
            if reason is not None:
                found.append((reason, score))
        return found


def live(desk: TestDesk, start: datetime, client: int, steps: Sequence[Step], sink: int) -> Life:
    """Let one client's ticket live, on the desk and in the model. Steps that make no sense then are left out."""
    desk.clock.now = start
    row = desk.receive(mail(sender=f"c{client}@roscha.example", message_id=f"<{client}@roscha.example>"))
    assert row.ticket is not None
    life = Life(row.ticket, start)
    for what, value, after in steps:
        life.now = desk.clock.now = life.now + after
        STEPS[what](desk, life, value, sink)
    return life


def _assign(desk: TestDesk, life: Life, login: str, sink: int) -> None:
    del sink
    if life.out is None and login != life.assignee:
        desk.desk.assign(life.number, login, "anna")
        life.assignee = login


def _close(desk: TestDesk, life: Life, login: str, sink: int) -> None:
    del sink
    if life.closed_at is not None:
        return
    desk.desk.close(life.number, login)
    life.assignee = life.closer = life.assignee or login
    life.closed_at = life.now
    if life.asked is None or life.now - life.asked[0] >= WEEK:
        life.asked = life.now, life.assignee


def _reopen(desk: TestDesk, life: Life, login: str, sink: int) -> None:
    del sink
    if life.closed_at is None or life.out is not None:
        return
    desk.desk.set_status(life.number, Status.IN_PROGRESS, login)
    life.closed_at = life.closer = life.rating = None
    life.reopened += 1


def _vote(desk: TestDesk, life: Life, score: int, sink: int) -> None:
    del sink
    if life.asked is None:
        return
    reason = _why_not(life, *life.asked)
    with desk.store.read() as tx:
        ask, ticket = tx.ratings.last_ask(life.number), tx.tickets.get(life.number)
    assert ask is not None
    desk.desk.rate(rate_token(desk.signer, ticket.key, ask), score)
    same = bool(life.votes) and life.votes[-1][1:] == (score, reason) and (reason is not None or life.rating == score)
    if not same:
        life.votes.append((life.now, score, reason))
    if reason is None:
        life.rating = score


def _why_not(life: Life, asked_at: datetime, agent: str) -> str | None:
    if life.out is not None:
        return life.out
    if life.now > asked_at + WEEK:
        return "late"
    return None if life.closed_at is not None and life.closer == agent else "reopened"


def _spam(desk: TestDesk, life: Life, value: object, sink: int) -> None:
    del value, sink
    if life.closed_at is None and life.out is None:
        desk.desk.spam(life.number, "anna")
        life.out, life.closed_at = "spam", life.now


def _merge(desk: TestDesk, life: Life, value: object, sink: int) -> None:
    del value
    if life.closed_at is None and life.out is None:
        desk.desk.merge(life.number, sink, "anna")
        life.out, life.closed_at = "merged", life.now


STEPS: dict[str, Callable[[TestDesk, Life, Any, int], None]] = {
    "assign": _assign,
    "close": _close,
    "reopen": _reopen,
    "vote": _vote,
    "spam": _spam,
    "merge": _merge,
}


def belongs(life: Life, year: int, month: int, zone: str) -> bool:
    """Whether the last closing lies in a month of the zone's clocks."""
    if life.closed_at is None:
        return False
    local = life.closed_at.astimezone(ZoneInfo(zone))
    return (local.year, local.month) == (year, month)


def figures(lives: Sequence[Life]) -> dict[str, Any]:
    """Of closed tickets."""
    marks = [life.rating for life in lives if life.rating is not None]
    by_rated, by_closed = _tenths(sum(marks), len(marks)), _tenths(sum(marks), len(lives))
    return {
        "closed": len(lives),
        "rated": len(marks),
        "sum": sum(marks),
        "by_rated": by_rated and f"{by_rated // 10}.{by_rated % 10}",
        "by_rated_level": _level(by_rated),
        "by_closed": None if by_closed is None else f"{by_closed // 10}.{by_closed % 10}",
        "by_closed_level": _level(by_closed),
    }


def expected(lives: Sequence[Life], year: int, month: int, zone: str, logins: Sequence[str]) -> Mapping[str, Any]:
    """Desk and every agent of the registry."""
    mine = [life for life in lives if life.out is None and belongs(life, year, month, zone)]
    agents = {login: figures([life for life in mine if life.closer == login]) for login in logins}
    return {"desk": figures(mine), "agents": agents}


def _tenths(total: int, count: int) -> int | None:
    return None if not count else math.floor(Fraction(total, count) * 10 + Fraction(1, 2))


def _level(tenths: int | None) -> str | None:
    if tenths is None:
        return None
    return "good" if tenths >= 47 else "normal" if tenths >= 40 else "unacceptable"


def edge(year: int, month: int, zone: str) -> datetime:
    """The first instant of a month by the zone's clocks."""
    return datetime(year, month, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
