"""The lines of the quality screen: figures, bars, signs, never colour alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from textual.content import Content

from intake.quality import labels
from intake.quality.advice import needs_help, next_level
from intake.visible import visible

if TYPE_CHECKING:
    from intake.quality import Closing, Figures, Standing
    from intake.quality.report import LeftOut, Part

NAME, BAR = 18, 8
COLOURS = {"good": "$success", "normal": "$warning", "unacceptable": "$error"}
TREND, NEXT = 5, 22
GROUPS = {"agents": "сотрудники", "types": "типы", "products": "продукты", "licensees": "лицензиаты"}
FILTERS: dict[str, Callable[[Closing], bool]] = {
    "unrated": lambda c: c.rating is None,
    "reaction": lambda c: c.reaction_in_time is False,
    "completion": lambda c: c.completion_in_time is False,
    "reopened": lambda c: c.reopened > 0,
}
LATE_WORDS = {"reaction": "реакция позже срока", "completion": "завершено позже срока", "reopened": "открыто снова"}


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
            help_line(trend),
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
    return _cut(short)


def _cut(text: str) -> str:
    return text if len(text) <= NAME else text[: NAME - 1] + "…"


def ordered(standing: Standing) -> list[Part]:
    """Those who closed something, the lowest average first; then those without one."""

    def key(part: Part) -> tuple[bool, Decimal, str]:
        average = standing.agents[part.key].official(standing.report.official)[0]
        return average is None, average or Decimal(0), part.key

    return sorted((p for p in standing.report.agents if standing.agents[p.key].closed), key=key)


def help_line(trend: Sequence[Standing]) -> Content:
    """Who needs help and the first reason, most urgent first: what is to be seen before anything else."""
    standing = trend[-1]
    found = needs_help(standing, _before(trend))
    if not found:
        calm = "никому" if standing.desk.closed else "завершённых обращений нет"
        return Content.assemble(("Нужна помощь: ", "bold"), calm)
    said = [
        Content.assemble((initials(one.name), "bold $error" if one.urgent else "bold"), f" — {visible(one.reasons[0])}")
        for one in found
    ]
    return Content.assemble(("Нужна помощь: ", "bold"), Content("; ").join(said))


def group_parts(standing: Standing, group: str) -> list[Part]:
    """The rows of a view: agents, or the desk by type, product or licensee."""
    report = standing.report
    if group == "agents":
        return ordered(standing)
    return list({"types": report.types, "products": report.products, "licensees": report.licensees}[group])


def group_tickets(standing: Standing, group: str, part: Part) -> list[Closing]:
    """The tickets behind a row."""
    keys: dict[str, Callable[[Closing], str | None]] = {
        "agents": lambda c: c.agent,
        "types": lambda c: c.type,
        "products": lambda c: c.product,
        "licensees": lambda c: c.licensee,
    }
    return [c for c in standing.report.closings if (keys[group](c) or "") == part.key]


def part_line(trend: Sequence[Standing], group: str, part: Part, wide: bool) -> Content:
    """One row: name, average, bar, rated of closed, marks from the lowest, what the next level takes; where there is
    room, an agent's months."""
    standing = trend[-1]
    figures = standing.agents[part.key] if group == "agents" else part.figures
    average, level = figures.official(standing.report.official)
    marks = "·".join(map(str, part.work.marks))
    name = initials(part.name) if group == "agents" else _cut(visible(part.name) or "не указано")
    months = [Content("  "), _months(trend, part)] if wide and group == "agents" else []
    return Content.assemble(
        name.ljust(NAME + 1),
        _average((average, level)),
        " ",
        _bar(standing, average, level, BAR),
        f"  {figures.rated} из {figures.closed}".ljust(12),
        marks.ljust(12),
        (next_level(figures, standing.report.regulation.rules.quality).ljust(NEXT if months else 0), "dim"),
        *months,
    )


def _before(trend: Sequence[Standing]) -> Standing | None:
    return next((one for one in trend[:-1] if one.report.month == trend[-1].report.month.plus(-1)), None)


def _months(trend: Sequence[Standing], part: Part) -> Content:
    """ "09.26 4,8 ●  10.26 3,9 ▲" of one agent."""
    known = [(one, one.agents[part.key].official(one.report.official)) for one in trend if part.key in one.agents]
    return Content("  ").join(Content.assemble(f"{_short(one)} ", _average(found)) for one, found in known[-TREND:])


def part_words(part: Part) -> Content:
    """All figures of a type, product or licensee."""
    return Content("\n").join([Content(figures_words(part.figures)), Content(_work_words(part))])


def agent_words(trend: Sequence[Standing], part: Part) -> Content:
    """All figures of one agent, his months, and why he may need help."""
    standing = trend[-1]
    found = [h for h in needs_help(standing, _before(trend)) if h.login == part.key]
    lines = [Content(figures_words(standing.agents[part.key])), Content(_work_words(part))]
    if len(trend) > 1:
        lines.append(Content.assemble("По месяцам: ", _months(trend, part)))
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
    told = [words for key, words in LATE_WORDS.items() if FILTERS[key](closing)]
    late = f" {', '.join(told)}" if told else ""
    product = f" · {visible(closing.product)}" if closing.product else ""
    return Content.assemble(
        (f"{mark}  ", "bold"), f"{closing.key}  {visible(closing.subject)[:80]}{product}", (late, "dim")
    )


def left_out_line(one: LeftOut) -> Content:
    """A ticket or vote that is not counted, and why."""
    mark = str(one.score) if one.score is not None else labels.NOTHING
    return Content.assemble((f"{mark}  ", "bold"), f"{one.ticket}  {labels.LEFT_OUT.get(one.reason, one.reason)}")


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
