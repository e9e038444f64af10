"""Who needs help, and why: read off a month and the one before it. The desk's own rule, not a clause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from intake.quality.figures import Term, fives_needed
from intake.quality.labels import figure
from intake.wording import plural, plural_form

if TYPE_CHECKING:
    from intake.quality.closings import Closing
    from intake.quality.figures import Figures
    from intake.quality.report import Part
    from intake.quality.reports import Standing
    from intake.regulation.rules import Quality

FALL = Decimal("0.3")
"""A figure that fell by so much since the month before is worth a talk."""
FEW = 5
"""Below so many tickets nothing follows from a share."""
LATE, LATE_SHARE = 3, Decimal(90)
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Help:
    """One person to talk to. ``urgent``: the level is unacceptable; ``tickets`` are those with low marks."""

    login: str
    name: str
    average: Decimal | None
    level: str | None
    before: Decimal | None
    urgent: bool
    reasons: tuple[str, ...]
    tickets: tuple[str, ...]


def next_level(figures: Figures, quality: Quality) -> str:
    """ "ещё 2 пятёрки до 4,7": how many highest marks the next level takes; nothing at the top, without marks, or where
    the average is not over rated tickets."""
    if not figures.rated or quality.denominator != "rated" or figures.by_rated_level == "good":
        return ""
    target = quality.normal.bound if figures.by_rated_level == "unacceptable" else quality.good.bound
    needed = fives_needed(figures.sum, figures.rated, target, quality.highest, quality.round_to)
    if not needed:
        return ""
    fives = ("пятёрка", "пятёрки", "пятёрок") if quality.highest == 5 else ("высшая", "высшие", "высших")
    return f"ещё {needed} {plural_form(needed, *fives)} до {figure(target)}"


def needs_help(standing: Standing, before: Standing | None) -> list[Help]:
    """Those in need, the most urgent first; nobody where all is well."""
    found = [_help(standing, before, part) for part in standing.report.agents]
    needing = [one for one in found if one is not None]
    return sorted(needing, key=lambda one: (not one.urgent, one.average or Decimal(99), one.login))


def _help(standing: Standing, before: Standing | None, part: Part) -> Help | None:
    report = standing.report
    average, level = standing.agents[part.key].official(report.official)
    was = None
    if before is not None and part.key in before.agents:
        was = before.agents[part.key].official(before.report.official)[0]
    low = [c for c in report.closings if c.agent == part.key and _is_low(standing, c)]
    fell = average is not None and was is not None and was - average >= FALL
    late = _is_late(part.work.reaction)
    unrated = not part.figures.rated and part.figures.closed >= FEW
    if level != "unacceptable" and not fell and not late and not unrated:
        return None
    reasons = [*_marks(standing, part, low, was, average), *_terms(part, late)]
    shown = tuple(f"{c.key} ({c.rating})" for c in sorted(low, key=lambda c: (c.rating or 0, c.number))[:SHOWN])
    return Help(part.key, part.name, average, level, was, level == "unacceptable", tuple(reasons), shown)


def _is_low(standing: Standing, closing: Closing) -> bool:
    return closing.rating is not None and closing.rating <= standing.report.regulation.rules.quality.alarm_at_most


def _marks(
    standing: Standing, part: Part, low: Sequence[Closing], was: Decimal | None, average: Decimal | None
) -> list[str]:
    quality = standing.report.regulation.rules.quality
    found = part.figures
    reasons: list[str] = []
    if not found.rated and found.closed:
        closed = plural(found.closed, "завершённое обращение", "завершённых обращения", "завершённых обращений")
        reasons.append(f"ни одной оценки на {closed}")
    if was is not None and average is not None and was - average >= FALL:
        reasons.append(f"за месяц упало с {figure(was)} до {figure(average)}")
    if low:
        reasons.append(f"оценки {quality.alarm_at_most} и ниже: {len(low)} из {found.rated}")
        reasons += _mostly(low)
    short = next_level(found, quality)
    if short and found.by_rated_level == "unacceptable":
        reasons.append(short)
    return reasons


def _mostly(low: Sequence[Closing]) -> list[str]:
    """The product that low marks are about, where more than one is and at least half of them are."""
    products = Counter(c.product for c in low if c.product)
    for product, count in products.most_common(1):
        if count >= 2 and 2 * count >= len(low):
            return [f"чаще всего о продукте «{product}» ({count})"]
    return []


def _is_late(term: Term) -> bool:
    """Several times, and not as an exception."""
    return term.of - term.in_time >= LATE and term.share is not None and term.share < LATE_SHARE


def _terms(part: Part, late: bool) -> list[str]:
    reaction, completion = part.work.reaction, part.work.completion
    found = []
    if late:
        found.append(f"реакция позже срока: {reaction.of - reaction.in_time} из {reaction.of}")
    if _is_late(completion):
        found.append(f"завершено позже срока: {completion.of - completion.in_time} из {completion.of}")
    return found
