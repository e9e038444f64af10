"""A month in a few sentences: the desk, who needs help and why, everybody else."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from intake.quality import labels
from intake.quality.advice import needs_help
from intake.visible import visible
from intake.wording import plural

if TYPE_CHECKING:
    from intake.quality.advice import Help
    from intake.quality.reports import Standing


def month_lines(trend: Sequence[Standing]) -> list[str]:
    """The letter of a month in Russian, a paragraph each; ``trend`` ends with it."""
    standing = trend[-1]
    report = standing.report
    earlier = [one for one in trend[:-1] if one.report.month == report.month.plus(-1)]
    before = earlier[-1] if earlier else None
    help_wanted = needs_help(standing, before)
    lines = [*_desk(standing, before), *map(_help, help_wanted)]
    if not help_wanted:
        lines.append("Помощь никому не нужна.")
    lines += _others(standing, {one.login for one in help_wanted})
    lines.append(f"Полный отчёт — во вложении quality-{report.month}.html: откройте его в браузере, печатается на А4.")
    return lines


def _desk(standing: Standing, before: Standing | None) -> list[str]:
    report, found = standing.report, standing.desk
    average, level = found.official(report.official)
    quality = report.regulation.rules.quality
    names = {one.key: one.name.lower() for one in (quality.good, quality.normal, quality.unacceptable)}
    was = None if before is None else before.desk.official(before.report.official)[0]
    said = f", {names[level]} уровень ({quality.clause})" if level is not None else ", оценок нет"
    change = f"; месяцем раньше {labels.figure(was)}" if was is not None else ""
    closed = plural(found.closed, "обращение", "обращения", "обращений")
    rate = labels.percent(report.desk.work.response_rate)
    return [
        f"Служба поддержки: {labels.figure(average)}{said}{change}.",
        f"Завершено {closed}, оценено {found.rated} ({rate}).",
    ]


def _help(one: Help) -> str:
    low = f" Прочитать: {', '.join(one.tickets)}." if one.tickets else ""
    return f"{visible(one.name)}: {labels.figure(one.average)}. Нужна помощь: {visible('; '.join(one.reasons))}.{low}"


def _others(standing: Standing, named: set[str]) -> list[str]:
    """Who closed something and needs no help, the lowest average first."""

    def average(login: str) -> Decimal | None:
        return standing.agents[login].official(standing.report.official)[0]

    parts = [p for p in standing.report.agents if p.key not in named and standing.agents[p.key].closed]
    parts.sort(key=lambda part: (average(part.key) is None, average(part.key) or Decimal(0), part.key))
    return [
        f"{visible(part.name)}: {labels.figure(average(part.key))}, оценено {standing.agents[part.key].rated}"
        f" из {standing.agents[part.key].closed}."
        for part in parts
    ]
