"""A month's report: the desk, each agent, and the same by type, product and licensee."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.quality.closings import Closing
from intake.quality.figures import Figures, Work, figures, work
from intake.quality.months import Month

if TYPE_CHECKING:
    from intake.model import Agent
    from intake.ratings import Vote
    from intake.regulation import Regulation


@dataclass(frozen=True, slots=True)
class Part:
    """One row of a report: ``key`` is a login, type, product or licensee, ``name`` how it is shown."""

    key: str
    name: str
    figures: Figures
    work: Work


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A closed ticket or a vote that is not counted, and why (``reason`` is a key, `labels.LEFT_OUT` its words)."""

    ticket: str
    reason: str
    score: int | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """A month. ``closings`` are the tickets behind the figures; ``agents`` all of the registry and all who closed."""

    month: Month
    regulation: Regulation
    desk: Part
    agents: tuple[Part, ...]
    types: tuple[Part, ...]
    products: tuple[Part, ...]
    licensees: tuple[Part, ...]
    left_out: tuple[LeftOut, ...]
    closings: tuple[Closing, ...]

    @property
    def official(self) -> str:
        """Which denominator the official average has: rated|closed."""
        return self.regulation.rules.quality.denominator


def report(
    month: Month, closed: Sequence[Closing], votes: Sequence[Vote], people: Sequence[Agent], regulation: Regulation
) -> Report:
    """Count a month. ``closed`` is whatever was last closed in it, ``votes`` are those on these tickets."""
    counted = [c for c in closed if c.left_out is None]
    names = {agent.login: agent.name for agent in people}
    logins = dict.fromkeys([*names, *sorted(c.agent for c in counted if c.agent is not None)])
    types = regulation.rules.types.named
    part = _Parts(regulation)
    return Report(
        month=month,
        regulation=regulation,
        desk=part.of("desk", "", counted),
        agents=tuple(part.of(a, names.get(a, a), [c for c in counted if c.agent == a]) for a in logins),
        types=part.by(counted, lambda c: c.type, {key: named.name for key, named in types.items()}),
        products=part.by(counted, lambda c: c.product),
        licensees=part.by(counted, lambda c: c.licensee),
        left_out=_left_out(closed, votes),
        closings=tuple(counted),
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    regulation: Regulation

    def of(self, key: str, name: str, closings: Sequence[Closing]) -> Part:
        rules = self.regulation.rules.quality
        ratings = [c.rating for c in closings]
        return Part(key, name, figures(ratings, self.regulation), work(closings, rules.lowest, rules.highest))

    def by(
        self, closings: Sequence[Closing], key: Callable[[Closing], str | None], names: Mapping[str, str] | None = None
    ) -> tuple[Part, ...]:
        """Groups, the largest first; what has no such key is a group of its own, named ""."""
        groups: dict[str, list[Closing]] = {}
        for one in closings:
            groups.setdefault(key(one) or "", []).append(one)
        ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
        return tuple(self.of(name, (names or {}).get(name, name), found) for name, found in ordered)


def _left_out(closed: Sequence[Closing], votes: Sequence[Vote]) -> tuple[LeftOut, ...]:
    by_number = {c.number: c for c in closed}
    tickets = [LeftOut(c.key, c.left_out, c.rating, c.number) for c in closed if c.left_out is not None]
    last = {vote.ticket: vote for vote in votes if vote.left_out is None}
    not_counted = []
    for vote in votes:
        closing = by_number[vote.ticket]
        reason = vote.left_out or _overtaken(vote, last[vote.ticket], closing)
        if reason is not None:
            not_counted.append(LeftOut(closing.key, reason, vote.score, closing.number))
    return tuple(tickets + not_counted)


def _overtaken(vote: Vote, last: Vote, closing: Closing) -> str | None:
    """Why a vote that counted once does no more: only the last one since the last closing does."""
    if vote.at < closing.closed_at:
        return "earlier"
    return "changed" if vote is not last else None
