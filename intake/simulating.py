"""What would have come of past tickets under other rules: deadlines, breaches, departments' load. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake.clocks import derived
from intake.model import Event, Ticket
from intake.second_line import begun

if TYPE_CHECKING:
    from intake.escalations import Escalation
    from intake.regulation import Regulation

Past = tuple[Ticket, Sequence[Event], Sequence["Escalation"]]
"""A ticket with its events and its questions to the second line."""


@dataclass(slots=True)
class Load:
    """What falls to a department (§7): tickets of its topics, whether it was asked or not; questions it is asked, and
    those of them it answers late or not at all."""

    tickets: int = 0
    asked: int = 0
    late: int = 0


@dataclass(slots=True)
class Side:
    """The tickets of the span under one set of rules."""

    reaction_late: int = 0
    completion_late: int = 0
    topics: Counter[str] = field(default_factory=Counter)
    load: defaultdict[str, Load] = field(default_factory=lambda: defaultdict(Load))


@dataclass(slots=True)
class Comparison:
    """What changes: counts on both sides, and the tickets whose deadlines or fate differ."""

    tickets: int = 0
    moved: list[tuple[str, str, datetime | None, datetime | None]] = field(default_factory=list)
    now: Side = field(default_factory=Side)
    then: Side = field(default_factory=Side)


def compare(
    past: Iterable[Past],
    in_force: Callable[[Ticket], Regulation],
    other: Regulation,
    until: datetime,
) -> Comparison:
    """Replay tickets with their events under ``other`` rules beside their own. Nothing stored is changed. A deadline
    counts as missed when what it asks for came later, or has not come by ``until``."""
    found = Comparison()
    for ticket, events, escalations in past:
        if ticket.spam or ticket.merged_into is not None:
            continue
        found.tickets += 1
        own = derived(ticket, events, in_force(ticket))
        new = derived(ticket, events, other)
        before = _deadlines(own, escalations, in_force(ticket))
        after = _deadlines(new, escalations, other)
        found.moved += [
            (ticket.key, name, before.get(name), after.get(name))
            for name in dict.fromkeys([*before, *after])
            if before.get(name) != after.get(name)
        ]
        for side, columns, regulation in ((found.now, own, in_force(ticket)), (found.then, new, other)):
            side.reaction_late += _late(columns["reaction_due"], columns["reacted_at"], until)
            side.completion_late += _late(columns["completion_due"], columns["closed_at"], until)
            side.topics.update(one.topic for one in escalations)
            _burden(side, ticket, escalations, regulation, until)
    return found


def _deadlines(
    columns: dict[str, Any], escalations: Sequence[Escalation], regulation: Regulation
) -> dict[str, datetime | None]:
    found = {name: columns[name] for name in ("reaction_due", "completion_due")}
    for one in escalations:
        if one.topic in regulation.rules.second_line.topics:
            found[f"{one.topic} answer_due"] = regulation.second_line_due(one.topic, one.escalated_at).at
    return found


def _burden(
    side: Side, ticket: Ticket, escalations: Sequence[Escalation], regulation: Regulation, until: datetime
) -> None:
    topics = regulation.rules.second_line.topics
    concerned = {one.topic for one in escalations} | {ticket.topic or ""}
    for department in {name for key in concerned if key in topics for name in topics[key].departments}:
        side.load[department].tickets += 1
    for one in escalations:
        for department in topics[one.topic].departments if one.topic in topics else ():
            part = next((part for part in one.asked if part.department == department), None)
            since = one.escalated_at if part is None else begun(one, part)
            # A department the ticket's own rules did not ask is taken to answer when the others had.
            done = one.answered_at if part is None else part.answered_at or one.answered_at
            side.load[department].asked += 1
            side.load[department].late += _late(regulation.second_line_due(one.topic, since).at, done, until)


def _late(due: datetime | None, done: datetime | None, until: datetime) -> int:
    return int(due is not None and (done or until) > due)
