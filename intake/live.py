"""The desk at this moment, for those who watch it: queue, today's reactions, cover of the shift. One view for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from intake.regulation.errors import OutsideCalendar
from intake.regulation.instants import instant, wall_clock
from intake.rosters import on_shift

if TYPE_CHECKING:
    from intake.ports import Transaction
    from intake.regulation import Regulation

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cover:
    """Who is on shift just now, and how many §2 asks for: nobody while the desk is closed. ``planned`` says whether
    the roster has anybody for today at all."""

    people: int
    technical: int
    people_needed: int
    technical_needed: int
    planned: bool

    @property
    def short(self) -> bool:
        """Whether §2 is not kept at this moment."""
        return self.people < self.people_needed or self.technical < self.technical_needed


@dataclass(frozen=True, slots=True)
class Live:
    """``queue`` is every open ticket, ``overdue`` those of them whose nearest deadline has passed. ``reactions`` is how
    many tickets had their first human reaction (§5) since midnight of the desk's zone; ``p50`` and ``p95`` how long
    these had waited, in working time, None without any."""

    queue: int
    overdue: int
    reactions: int
    p50: timedelta | None
    p95: timedelta | None
    cover: Cover


def live(tx: Transaction, regulation: Regulation, now: datetime) -> Live:
    """The desk now, under the rules in force. What it costs grows with the open tickets and those closed today."""
    counts = tx.tickets.counts(now, None)
    waited = _waited(tx, regulation, now)
    return Live(
        queue=counts["all"],
        overdue=counts["overdue"],
        reactions=len(waited),
        p50=quantile(waited, 50),
        p95=quantile(waited, 95),
        cover=_cover(tx, regulation, now),
    )


def quantile(ordered: Sequence[timedelta], percent: int) -> timedelta | None:
    """The value below which so many percent lie, between two neighbours in proportion: 50 is the median."""
    if not ordered:
        return None
    place, rest = divmod((len(ordered) - 1) * percent, 100)
    if not rest:
        return ordered[place]
    return ordered[place] + (ordered[place + 1] - ordered[place]) * rest / 100


def _waited(tx: Transaction, regulation: Regulation, now: datetime) -> list[timedelta]:
    today = now.astimezone(regulation.zone).date()
    midnight = instant(wall_clock(today, time(0), regulation.zone))
    found = []
    for opened_at, reacted_at in tx.gauges.reactions(midnight):
        try:
            found.append(regulation.working.between(opened_at, reacted_at))
        except OutsideCalendar:
            continue
    return sorted(found)


def _cover(tx: Transaction, regulation: Regulation, now: datetime) -> Cover:
    today = now.astimezone(regulation.zone).date()
    turns = tx.shifts.between(today - ONE_DAY, today)
    there = on_shift(turns, tx.people.agents(), regulation.zone, now)
    shift = regulation.rules.shift if _at_work(regulation, now) else None
    return Cover(
        people=len(there),
        technical=sum(agent.technical for agent in there),
        people_needed=shift.people if shift is not None else 0,
        technical_needed=shift.technical if shift is not None else 0,
        planned=any(turn.day == today for turn in turns),
    )


def _at_work(regulation: Regulation, now: datetime) -> bool:
    try:
        return regulation.working.is_working(now)
    except OutsideCalendar:
        return False
