"""The figures of §6 on exact decimals: sum of ratings over rated tickets, and over all closed ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Any

from intake.regulation.quality import round_half_up

if TYPE_CHECKING:
    from intake.quality.closings import Closing
    from intake.regulation import Regulation
    from intake.regulation.rules import LevelKey


@dataclass(frozen=True, slots=True)
class Figures:
    """A month of the desk or of one agent. Averages are rounded as the regulation says, None without a denominator;
    levels are read off the rounded averages."""

    closed: int
    rated: int
    sum: int
    by_rated: Decimal | None
    by_rated_level: LevelKey | None
    by_closed: Decimal | None
    by_closed_level: LevelKey | None

    def official(self, denominator: str) -> tuple[Decimal | None, LevelKey | None]:
        """The average that counts: over "rated" or over all "closed" tickets."""
        if denominator == "closed":
            return self.by_closed, self.by_closed_level
        return self.by_rated, self.by_rated_level

    def as_dict(self) -> dict[str, Any]:
        """By name."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


@dataclass(frozen=True, slots=True)
class Term:
    """How a term of §5 was kept: in time, of how many that had one; ``share`` in percent, ``median`` how long."""

    in_time: int
    of: int
    share: Decimal | None
    median: timedelta | None


@dataclass(frozen=True, slots=True)
class Work:
    """What stands beside the figures. ``marks`` counts ratings from the lowest to the highest; ``response_rate`` is
    the share of closed tickets that were rated, in percent; a reaction is measured in working time, a completion in
    elapsed time."""

    marks: tuple[int, ...]
    response_rate: Decimal | None
    reopened: int
    reaction: Term
    completion: Term


def figures(ratings: Sequence[int | None], regulation: Regulation) -> Figures:
    """The figures of closed tickets from their ratings, None where there is none."""
    given = [rating for rating in ratings if rating is not None]
    total, rated, closed = sum(given), len(given), len(ratings)
    by_rated, by_rated_level = _average(total, rated, regulation)
    by_closed, by_closed_level = _average(total, closed, regulation)
    return Figures(closed, rated, total, by_rated, by_rated_level, by_closed, by_closed_level)


def _average(total: int, count: int, regulation: Regulation) -> tuple[Decimal | None, LevelKey | None]:
    if not count:
        return None, None
    rounded = regulation.round_half_up(Decimal(total) / Decimal(count))
    return rounded, regulation.quality_level(rounded).key


def work(closings: Sequence[Closing], lowest: int, highest: int) -> Work:
    """What these closings tell beside their ratings."""
    marks = Counter(c.rating for c in closings)
    rated = len(closings) - marks[None]
    return Work(
        marks=tuple(marks[mark] for mark in range(lowest, highest + 1)),
        response_rate=percent(rated, len(closings)),
        reopened=sum(c.reopened > 0 for c in closings),
        reaction=_term((c.reaction_in_time, c.reaction) for c in closings),
        completion=_term((c.completion_in_time, c.completion) for c in closings),
    )


def _term(tickets: Iterable[tuple[bool | None, timedelta | None]]) -> Term:
    found = list(tickets)
    judged = [in_time for in_time, _ in found if in_time is not None]
    return Term(
        sum(judged), len(judged), percent(sum(judged), len(judged)), median([t for _, t in found if t is not None])
    )


def median(times: Sequence[timedelta]) -> timedelta | None:
    """The middle one, or the mean of the two in the middle."""
    if not times:
        return None
    ordered, half = sorted(times), len(times) // 2
    return ordered[half] if len(times) % 2 else (ordered[half - 1] + ordered[half]) / 2


def percent(part: int, whole: int) -> Decimal | None:
    """A share in percent, rounded half up to 0.1; None of nothing."""
    return round_half_up(Decimal(100 * part) / Decimal(whole)) if whole else None


def fives_needed(
    total: int, rated: int, target: Decimal, highest: int = 5, step: Decimal = Decimal("0.1")
) -> int | None:
    """How many further highest marks lift the rounded average to ``target``: 0 where it is there, None where no number
    of them can."""
    bound = target - step / 2
    missing = bound * rated - total
    if missing <= 0 and rated:
        return 0
    if highest <= bound:
        return None
    return max(1, int((missing / (highest - bound)).to_integral_value(ROUND_CEILING)))
