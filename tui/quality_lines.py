"""The lines of the quality screen: figures, bars, signs, never colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from textual.content import Content

from intake.quality import labels
from intake.quality.advice import needs_help, next_level
from intake.visible import visible

if TYPE_CHECKING:
    from intake.quality import Closing, Figures, Standing
    from intake.quality.report import Part

NAME, BAR = 18, 8
COLOURS = {"good": "$success", "normal": "$warning", "unacceptable": "$error"}
TREND = 5


def desk_lines(trend: Sequence[Standing]) -> Content:
    """The desk's month, and the months before it."""
    standing = trend[-1]
    report = standing.report
    over = "на оценённые обращения" if report.official == "rated" else "на все завершённые обращения"
    average = standing.desk.official(report.official)
    named = "" if average[1] is None else f" {level_names(standing)[average[1]]} уровень,"
    months = [Content.assemble(f"{_short(one)} ", _average(one.desk.official(one.report.official))) for one in trend]
    return Content("\n").join(
        [
            Content.assemble(("Служба поддержки  ", "bold"), _average(average), f"{named} {over}"),
            Content(figures_words(standing.desk)),
            Content(_work_words(report.desk)),
            Content.assemble("По месяцам: ", Content("  ").join(months[-TREND:])),
        ]
    )


def _short(standing: Standing) -> str:
    return f"{standing.report.month.number:02}.{standing.report.month.year % 100:02}"


def level_names(standing: Standing) -> dict[str, str]:
    """The levels' names in the regulation's words, by key."""
    quality = standing.report.regulation.rules.quality
    return {level.key: level.name.lower() for level in (quality.good, quality.normal, quality.unacceptable)}


def initials(name: str) -> str:
    """ "Ткаченко И. А." from a surname with given names; anything else, as it is; short enough for its column."""
    words = visible(name).split()
    short = " ".join([words[0], *(f"{word[0]}." for word in words[1:])]) if 2 <= len(words) <= 3 else " ".join(words)
    return short if len(short) <= NAME else short[: NAME - 1] + "…"


def ordered(standing: Standing) -> list[Part]:
    """Those who closed something, the lowest average first; then those without one."""

    def key(part: Part) -> tuple[bool, Decimal, str]:
        average = standing.agents[part.key].official(standing.report.official)[0]
        return average is None, average or Decimal(0), part.key

    return sorted((p for p in standing.report.agents if standing.agents[p.key].closed), key=key)


def agent_line(standing: Standing, part: Part) -> Content:
    """One agent: name, average, bar, rated of closed, marks from the lowest, what the next level takes."""
    figures = standing.agents[part.key]
    average, level = figures.official(standing.report.official)
    marks = "·".join(map(str, part.work.marks))
    return Content.assemble(
        initials(part.name).ljust(NAME + 1),
        _average((average, level)),
        " ",
        _bar(standing, average, level, BAR),
        f"  {figures.rated} из {figures.closed}".ljust(12),
        marks.ljust(12),
        (next_level(figures, standing.report.regulation.rules.quality), "dim"),
    )


def agent_words(trend: Sequence[Standing], part: Part) -> Content:
    """All figures of one agent, and why he may need help."""
    standing = trend[-1]
    earlier = [one for one in trend[:-1] if one.report.month == standing.report.month.plus(-1)]
    found = [h for h in needs_help(standing, earlier[-1] if earlier else None) if h.login == part.key]
    lines = [Content(figures_words(standing.agents[part.key])), Content(_work_words(part))]
    if found:
        lines.append(Content.assemble(("Нужна помощь: ", "bold $error"), visible("; ".join(found[0].reasons))))
    return Content("\n").join(lines)


def figures_words(figures: Figures) -> str:
    """ "Завершено 23, оценено 16, сумма 62; на оценённые 3,9 ▲, на все 2,7 ▲"."""

    def words(average: Decimal | None, level: str | None) -> str:
        return labels.figure(average) + (f" {labels.MARKS[level]}" if level is not None else "")

    rated, closed = words(figures.by_rated, figures.by_rated_level), words(figures.by_closed, figures.by_closed_level)
    counts = f"Завершено {figures.closed}, оценено {figures.rated}, сумма {figures.sum}"
    return f"{counts}; на оценённые {rated}, на все {closed}"


def ticket_line(closing: Closing) -> Content:
    """One ticket behind the figures."""
    mark = str(closing.rating) if closing.rating is not None else labels.NOTHING
    late = " реакция позже срока" if closing.reaction_in_time is False else ""
    product = f" · {visible(closing.product)}" if closing.product else ""
    return Content.assemble(
        (f"{mark}  ", "bold"), f"{closing.key}  {visible(closing.subject)[:80]}{product}", (late, "dim")
    )


def _work_words(part: Part) -> str:
    work = part.work
    return (
        f"Ответили {labels.percent(work.response_rate)}; в срок: реакция {labels.percent(work.reaction.share)}"
        f" ({labels.duration(work.reaction.median)}), завершение {labels.percent(work.completion.share)}"
        f" ({labels.duration(work.completion.median)})"
    )


def _average(found: tuple[Decimal | None, str | None]) -> Content:
    average, level = found
    if level is None:
        return Content("  —  ")
    return Content.styled(f"{labels.figure(average)} {labels.MARKS[level]}", f"bold {COLOURS[level]}")


def _bar(standing: Standing, average: Decimal | None, level: str | None, width: int) -> Content:
    if average is None or level is None:
        return Content(" " * width)
    quality = standing.report.regulation.rules.quality
    share = (average - quality.lowest) / (quality.highest - quality.lowest)
    full = max(0, min(width, round(share * width)))
    return Content.assemble(("█" * full, COLOURS[level]), ("░" * (width - full), "dim"))
