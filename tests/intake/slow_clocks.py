"""The clocks of a ticket the slow way: a history is lived event by event, then every minute is asked whether it counts.

Nothing of `intake.clocks` or the regulation's arithmetic is used, only what a minute's wall clock shows."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from intake.model import Criticality, Event, Source, Status, Ticket, Type
from tests.intake.regulation.slow_model import MINUTE, MinuteModel

WAITING = (Status.INFO_NEEDED, Status.PAYMENT, Status.VERIFICATION)
HOURS = {Criticality.CRITICAL: 24, Criticality.HIGH: 72, Criticality.MEDIUM: 168, Criticality.LOW: 336, None: 336}
GAPS = (1, 7, 40, 200, 900, 2000, 5000)


@dataclass
class Past:
    """A ticket's history and, kept beside it, what a bystander with a notebook would have written down."""

    opened_at: datetime
    type: Type
    criticality: Criticality | None = None
    estimate: int | None = None
    estimated_at: datetime | None = None
    status: Status = Status.REQUEST
    before_question: Status = Status.REQUEST
    events: list[Event] = field(default_factory=list)
    stopped: set[int] = field(default_factory=set)
    stopped_since: datetime | None = None
    reacted_at: datetime | None = None
    closed_at: datetime | None = None
    waits_since: datetime | None = None
    paused: bool = False

    def place(self, at: datetime) -> int:
        """The number of a minute."""
        return (at - self.opened_at) // MINUTE

    def agent_moves(self, at: datetime, to: Status) -> None:
        self.reacted_at = self.reacted_at or at
        self._move(at, "anna", to)
        if to in WAITING or to is Status.CLOSED:
            self.waits_since = None

    def agent_replies(self, at: datetime) -> None:
        self.reacted_at = self.reacted_at or at
        self.waits_since = None
        self._tell(at, "anna", "replied", None, "7")

    def agent_estimates(self, at: datetime, minutes: int) -> None:
        self.estimate, self.estimated_at = minutes, at
        self._tell(at, "anna", "estimate", None, str(minutes / 60))

    def agent_notes(self, at: datetime) -> None:
        self._tell(at, "anna", "noted", None, None)

    def client_writes(self, at: datetime) -> None:
        """To a closed ticket: it is open again; to one that asks him: back to what it was."""
        if self.status is Status.CLOSED:
            self._move(at, "client", Status.IN_PROGRESS)
        elif self.status is Status.INFO_NEEDED:
            self._move(at, "client", self.before_question)
        self._go_on(at)
        self.waits_since = at if self.waits_since is None else min(self.waits_since, at)
        self._tell(at, "client", "client_wrote", None, "8")

    def _move(self, at: datetime, who: str, to: Status) -> None:
        self._go_on(at)
        if to is Status.INFO_NEEDED:
            self.before_question = self.status
        self._tell(at, who, "status", self.status.value, to.value)
        self.status = to
        self.closed_at = at if to is Status.CLOSED else None
        if to in WAITING or to is Status.CLOSED:
            self.stopped_since = at
        self.paused = to in WAITING

    def _go_on(self, at: datetime) -> None:
        """The time since the clock was stopped, if it was, does not count."""
        if self.stopped_since is not None:
            self.stopped.update(range(self.place(self.stopped_since), self.place(at)))
        self.stopped_since, self.paused = None, False

    def _tell(self, at: datetime, who: str, kind: str, before: str | None, after: str | None) -> None:
        self.events.append(Event(at, who, kind, before, after))

    def ticket(self, number: int) -> Ticket:
        """As the desk would have it."""
        return Ticket(
            number=number,
            key=f"VD-{number}",
            type=self.type,
            status=self.status,
            subject="Обращение",
            source=Source.EMAIL,
            opened_at=self.opened_at,
            regulation="2.0",
            criticality=self.criticality,
            estimate_hours=None if self.estimate is None else str(self.estimate / 60),
            estimated_at=self.estimated_at,
            updated_at=self.opened_at,
        )

    def completion(self, slow: MinuteModel, clock: str) -> datetime | None:
        """Minute after minute until the term is used up."""
        if self.type is Type.IMPROVEMENT:
            if self.estimate is None or self.estimated_at is None:
                return None
            return self._walk(slow, self.estimated_at, self.estimate, worked_only=True, from_opening=False)
        hours = 24 if self.type is Type.CONSULTATION else HOURS[self.criticality]
        return self._walk(slow, self.opened_at, hours * 60, clock == "working", clock == "calendar_from_opening_hour")

    def _walk(
        self, slow: MinuteModel, since: datetime, minutes: int, worked_only: bool, from_opening: bool
    ) -> datetime:
        place, offset = (since - slow.first) // MINUTE, (self.opened_at - slow.first) // MINUTE
        while from_opening and not slow.flags[place]:
            place += 1
        while minutes:
            counts = bool(slow.flags[place]) if worked_only else True
            if counts and place - offset not in self.stopped:
                minutes -= 1
            place += 1
        return slow.first + place * MINUTE

    def expected(self, slow: MinuteModel, clock: str) -> dict[str, object]:
        """What the columns must say."""
        hour = timedelta(minutes=60)
        waits = self.waits_since if self.reacted_at is not None else None
        return {
            "reaction_due": slow.add(self.opened_at, hour),
            "reacted_at": self.reacted_at,
            "awaiting_since": self.waits_since,
            "answer_due": None if waits is None else slow.add(waits, hour),
            "completion_due": self.completion(slow, clock),
            "paused": self.paused,
            "closed_at": self.closed_at,
        }


def a_past(chance: random.Random, first: datetime, days: int) -> Past:
    """Whatever may happen to a ticket opened within so many days of ``first``; mail may be read later than it came."""
    opened = first + chance.randrange(days * 24 * 60) * MINUTE
    kind = chance.choice(list(Type))
    past = Past(opened, kind, chance.choice([*Criticality, None]) if kind is Type.BUG else None)
    now = opened
    for _ in range(chance.randrange(9)):
        now += chance.choice(GAPS) * MINUTE
        act = chance.choice(("move", "move", "move", "write", "write", "reply", "estimate", "note"))
        if act == "move":
            ways = [one for one in Status if one not in (past.status, Status.REQUEST)]
            past.agent_moves(now, Status.IN_PROGRESS if past.status is Status.CLOSED else chance.choice(ways))
        elif act == "write":
            past.client_writes(max(opened, now - chance.choice((0, 0, 0, 12)) * MINUTE))
        elif act == "reply":
            past.agent_replies(now)
        elif act == "estimate" and kind is Type.IMPROVEMENT:
            past.agent_estimates(now, chance.choice((15, 90, 540, 750, 3000)))
        else:
            past.agent_notes(now)
    return past
