"""What would have come of past tickets under other rules: deadlines, breaches, quality levels. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from intake.clocks import derived
from intake.model import Event, Ticket

if TYPE_CHECKING:
    from intake.regulation import Regulation


@dataclass(slots=True)
class Side:
    """The tickets of the span under one set of rules. ``levels``: month → quality level on the official average."""

    reaction_late: int = 0
    completion_late: int = 0
    levels: dict[str, str] = field(default_factory=dict)
    averages: dict[str, Decimal] = field(default_factory=dict)
    load: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Comparison:
    """What changes: counts on both sides, and the tickets whose deadlines or fate differ."""

    tickets: int = 0
    moved: list[tuple[str, str, datetime | None, datetime | None]] = field(default_factory=list)
    now: Side = field(default_factory=Side)
    then: Side = field(default_factory=Side)


def compare(
    tickets: Iterable[tuple[Ticket, Sequence[Event]]],
    in_force: Callable[[Ticket], Regulation],
    other: Regulation,
    until: datetime,
) -> Comparison:
    """Replay tickets with their events under ``other`` rules beside their own. Nothing stored is changed. A deadline
    counts as missed when what it asks for came later, or has not come by ``until``."""
    found = Comparison()
    closed: list[Ticket] = []
    for ticket, events in tickets:
        if ticket.spam or ticket.merged_into is not None:
            continue
        found.tickets += 1
        own = derived(ticket, events, in_force(ticket))
        new = derived(ticket, events, other)
        for name in ("reaction_due", "completion_due"):
            if own[name] != new[name]:
                found.moved.append((ticket.key, name, own[name], new[name]))
        for side, columns in ((found.now, own), (found.then, new)):
            side.reaction_late += _late(columns["reaction_due"], columns["reacted_at"], until)
            side.completion_late += _late(columns["completion_due"], columns["closed_at"], until)
            side.load.update(_asked(events))
        if own["closed_at"] is not None:
            closed.append(ticket)
    _levels(found.now, closed, None, in_force)
    _levels(found.then, closed, other, in_force)
    return found


def _late(due: datetime | None, done: datetime | None, until: datetime) -> int:
    return int(due is not None and (done or until) > due)


def _asked(events: Sequence[Event]) -> list[str]:
    return [event.after for event in events if event.kind == "escalated" and event.after]


def _levels(
    side: Side, closed: Sequence[Ticket], other: Regulation | None, in_force: Callable[[Ticket], Regulation]
) -> None:
    """Level by month of closing in the desk's zone, on the average the rules call official (§6)."""
    months: dict[str, list[Ticket]] = {}
    for ticket in closed:
        rules = other or in_force(ticket)
        assert ticket.closed_at is not None, "only closed tickets count"
        months.setdefault(f"{ticket.closed_at.astimezone(rules.zone):%Y-%m}", []).append(ticket)
    for month, counted in sorted(months.items()):
        rules = other or in_force(counted[-1])
        marks = [t.rating for t in counted if t.rating is not None]
        by = len(marks) if rules.rules.quality.denominator == "rated" else len(counted)
        if by:
            average = rules.round_half_up(Decimal(sum(marks)) / by)
            side.averages[month] = average
            side.levels[month] = rules.quality_level(average).key
