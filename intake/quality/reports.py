"""Months read from the store: as they stand, as they were frozen, and one after another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from intake.errors import Refused
from intake.quality.closings import Closing, closing
from intake.quality.figures import Figures, figures
from intake.quality.months import Month
from intake.quality.report import Report, report
from intake.quality.shapes import figures_from, figures_shape
from intake.ratings import FrozenMonth

if TYPE_CHECKING:
    from intake.model import Agent
    from intake.ports import Store, Transaction
    from intake.ratings import Vote
    from intake.regulation import Regulation
    from intake.regulations import Regulations


@dataclass(frozen=True, slots=True)
class Amendment:
    """What changed in a frozen month: a ticket's rating or agent, or that it counts at all (None: it did not, or does
    no more)."""

    ticket: str
    before: tuple[str | None, int | None] | None
    after: tuple[str | None, int | None] | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A month's report, and what was frozen of it: ``desk`` and ``agents`` are the figures that stand, frozen where
    they are; ``report`` is always counted anew."""

    report: Report
    desk: Figures
    agents: dict[str, Figures]
    frozen: FrozenMonth | None = None
    amendments: tuple[Amendment, ...] = ()


class QualityReports:
    """Reads and freezes months."""

    def __init__(self, store: Store, regulations: Regulations, timezone: str) -> None:
        self._store = store
        self._regulations = regulations
        self.zone = ZoneInfo(timezone)

    def month(self, month: Month) -> Standing:
        """A month as it stands."""
        with self._store.read() as tx:
            return self._standing(tx, month)

    def trend(self, last: Month, months: int) -> list[Standing]:
        """Up to so many months ending with ``last``, oldest first, none before the first closing."""
        with self._store.read() as tx:
            first = tx.ratings.first_closing()
            start = last.plus(1 - months)
            if first is not None:
                start = min(last, max(start, Month.of(first, self.zone)))
            return [self._standing(tx, month) for month in Month.span(start if first is not None else last, last)]

    def under(self, first: Month, last: Month, other: Regulation) -> list[tuple[Report, Report]]:
        """The months with closings from ``first`` to ``last``, oldest first, each counted by the rules in force at its
        end and by other ones: thresholds, rounding, denominator."""
        since, until = first.bounds(self.zone)[0], last.bounds(self.zone)[1]
        with self._store.read() as tx:
            times = [ticket.closed_at for ticket, _ in tx.ratings.closed(since, until)]
            months = sorted({Month.of(at, self.zone) for at in times if at is not None})
            counted = [(month, self._inputs(tx, month)) for month in months]
        return [(report(month, *found), report(month, *found[:-1], other)) for month, found in counted]

    def freeze(self, month: Month, by: str, now: datetime) -> Standing:
        """Keep a month's figures for good; a month kept already stays as it is. Raises Refused before it is over."""
        if now < month.bounds(self.zone)[1]:
            raise Refused(f"{month} is not over yet: only a month that has ended can be frozen")

        def work(tx: Transaction) -> Standing:
            if tx.ratings.frozen(str(month)) is None:
                tx.ratings.freeze(_frozen(self._standing(tx, month), by, now))
            return self._standing(tx, month)

        return self._store.write(work)

    def _standing(self, tx: Transaction, month: Month) -> Standing:
        made = self._report(tx, month)
        frozen = tx.ratings.frozen(str(month))
        if frozen is None:
            return Standing(made, made.desk.figures, {part.key: part.figures for part in made.agents})
        kept: dict[str, Any] = json.loads(frozen.figures)
        agents = {part.key: figures((), made.regulation) for part in made.agents}
        agents |= {login: figures_from(shape) for login, shape in kept["agents"].items()}
        return Standing(made, figures_from(kept["desk"]), agents, frozen, _amendments(frozen, made))

    def _report(self, tx: Transaction, month: Month) -> Report:
        return report(month, *self._inputs(tx, month))

    def _inputs(self, tx: Transaction, month: Month) -> tuple[list[Closing], list[Vote], list[Agent], Regulation]:
        since, until = month.bounds(self.zone)
        found = tx.ratings.closed(since, until)
        closings = [closing(t, events, self._regulations.of(t.regulation)) for t, events in found]
        votes = tx.ratings.votes([c.number for c in closings])
        in_force = self._regulations.at(until - timedelta.resolution)
        return closings, votes, tx.people.agents(active=False), in_force


def _frozen(standing: Standing, by: str, now: datetime) -> FrozenMonth:
    kept = {
        "desk": figures_shape(standing.desk),
        "agents": {login: figures_shape(found) for login, found in standing.agents.items()},
    }
    inputs = json.dumps(_inputs(standing.report.closings), separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(inputs.encode()).hexdigest()
    month = str(standing.report.month)
    return FrozenMonth(month, now, by, digest, json.dumps(kept, ensure_ascii=False), inputs)


def _inputs(closings: Sequence[Closing]) -> list[list[Any]]:
    """[key, closed at, agent, rating] of every ticket counted, by number: tickets and agents, no clients."""
    ordered = sorted(closings, key=lambda c: c.number)
    return [[c.key, c.closed_at.isoformat(), c.agent, c.rating] for c in ordered]


def _amendments(frozen: FrozenMonth, made: Report) -> tuple[Amendment, ...]:
    def by_key(inputs: list[list[Any]]) -> dict[str, tuple[str | None, int | None]]:
        return {key: (agent, rating) for key, _, agent, rating in inputs}

    was, now = by_key(json.loads(frozen.inputs)), by_key(_inputs(made.closings))
    return tuple(Amendment(key, was.get(key), now.get(key)) for key in {**was, **now} if was.get(key) != now.get(key))
