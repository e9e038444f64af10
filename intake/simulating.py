"""What would have come of past tickets under other rules: deadlines and breaches. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from intake.clocks import derived
from intake.model import Event, Ticket

if TYPE_CHECKING:
    from intake.regulation import Regulation


@dataclass(slots=True)
class Side:
    """The tickets of the span under one set of rules."""

    reaction_late: int = 0
    completion_late: int = 0
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
    return found


def _late(due: datetime | None, done: datetime | None, until: datetime) -> int:
    return int(due is not None and (done or until) > due)


def _asked(events: Sequence[Event]) -> list[str]:
    return [event.after for event in events if event.kind == "escalated" and event.after]
