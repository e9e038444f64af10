"""What the printed report of a month is made from: finished Russian, and numbers for its charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from intake.quality import labels
from intake.quality.advice import Help, needs_help, next_level
from intake.visible import visible
from intake.wording import plural

if TYPE_CHECKING:
    from intake.quality.figures import Figures
    from intake.quality.report import Part
    from intake.quality.reports import Standing
    from intake.regulation.rules import Quality


@dataclass(frozen=True, slots=True)
class LevelWords:
    """A level: key, name, sign, and from which figure on, in words."""

    key: str
    name: str
    sign: str
    bound: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table. ``history`` is the official average of each month of the trend, None where there is none;
    ``next_level`` how many highest marks the next level takes, in words."""

    key: str
    name: str
    figures: Figures
    official: Decimal | None
    level: LevelWords | None
    change: Decimal | None
    marks: tuple[int, ...]
    response: str
    reaction: str
    reaction_median: str
    completion: str
    completion_median: str
    reopened: int
    next_level: str
    history: tuple[Decimal | None, ...] = ()

    @property
    def closed(self) -> int:
        """How many tickets the figures stand for."""
        return self.figures.closed


@dataclass(frozen=True, slots=True)
class QualityPage:
    """The report. ``idle`` are the agents who closed nothing, ``months`` name the trend's points, ``bounds`` are the
    thresholds (normal, good)."""

    title: str
    month: str
    desk_name: str
    made: str
    desk: Row
    agents: tuple[Row, ...]
    idle: tuple[Row, ...]
    help: tuple[Help, ...]
    groups: tuple[tuple[str, tuple[Row, ...]], ...]
    levels: tuple[LevelWords, ...]
    bounds: tuple[Decimal, Decimal]
    scale: tuple[int, int]
    months: tuple[str, ...]
    official: str
    clause: str
    version: str
    rated_first: bool
    left_out: tuple[str, ...]
    frozen: str | None
    amendments: tuple[str, ...]


def page_of(standing: Standing, trend: Sequence[Standing], desk_name: str, zone: tzinfo, now: datetime) -> QualityPage:
    """The page of a month; ``trend`` are the months up to it, oldest first, itself the last."""
    report = standing.report
    quality = report.regulation.rules.quality
    words = {key: _level(quality, key) for key in ("good", "normal", "unacceptable")}
    earlier = [one for one in trend if one.report.month < report.month]
    before = earlier[-1] if earlier and earlier[-1].report.month == report.month.plus(-1) else None
    shown = [*earlier, standing]
    maker = _Rows(standing, before, shown, words)
    agents = [maker.agent(part) for part in report.agents]
    return QualityPage(
        title=f"Качество обработки обращений: {report.month.words}",
        month=report.month.words,
        desk_name=desk_name,
        made=f"{now.astimezone(zone):%d.%m.%Y %H:%M}",
        desk=maker.desk(),
        agents=tuple(sorted((row for row in agents if row.closed), key=_worst_first)),
        idle=tuple(row for row in agents if not row.closed),
        help=tuple(needs_help(standing, before)),
        groups=tuple(
            (title, tuple(maker.row(part, part.figures, ()) for part in parts))
            for title, parts in (
                ("По типам", report.types),
                ("По продуктам", report.products),
                ("По лицензиатам", report.licensees[:10]),
            )
        ),
        levels=tuple(words.values()),
        bounds=(quality.normal.bound, quality.good.bound),
        scale=(quality.lowest, quality.highest),
        months=tuple(str(one.report.month) for one in shown),
        official="на оценённые обращения" if report.official == "rated" else "на все завершённые обращения",
        clause=quality.clause,
        version=report.regulation.rules.version,
        rated_first=report.official == "rated",
        left_out=tuple(_left_out(standing)),
        frozen=_frozen(standing, zone),
        amendments=tuple(_amended(standing)),
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    standing: Standing
    before: Standing | None
    shown: Sequence[Standing]
    words: dict[str, LevelWords]

    def desk(self) -> Row:
        history = tuple(one.desk.official(one.report.official)[0] for one in self.shown)
        return self.row(self.standing.report.desk, self.standing.desk, history, "Служба поддержки")

    def agent(self, part: Part) -> Row:
        nobody = None
        history = tuple(
            one.agents[part.key].official(one.report.official)[0] if part.key in one.agents else nobody
            for one in self.shown
        )
        return self.row(part, self.standing.agents[part.key], history)

    def row(self, part: Part, figures: Figures, history: tuple[Decimal | None, ...], name: str = "") -> Row:
        average, level = figures.official(self.standing.report.official)
        was = history[-2] if self.before is not None and len(history) > 1 else None
        work = part.work
        return Row(
            key=part.key,
            name=visible(name or part.name) or "не указано",
            figures=figures,
            official=average,
            level=self.words[level] if level is not None else None,
            change=average - was if average is not None and was is not None else None,
            marks=work.marks,
            response=labels.percent(work.response_rate),
            reaction=labels.percent(work.reaction.share),
            reaction_median=labels.duration(work.reaction.median),
            completion=labels.percent(work.completion.share),
            completion_median=labels.duration(work.completion.median),
            reopened=work.reopened,
            next_level=next_level(figures, self.standing.report.regulation.rules.quality),
            history=history,
        )


def _worst_first(row: Row) -> tuple[Any, ...]:
    return (row.official is None, row.official or Decimal(0), row.key)


def _level(quality: Quality, key: str) -> LevelWords:
    level = getattr(quality, key)
    bound = labels.figure(level.bound)
    return LevelWords(key, level.name, labels.MARKS[key], f"{bound} и {'ниже' if key == 'unacceptable' else 'выше'}")


def _left_out(standing: Standing) -> list[str]:
    found: dict[str, list[str]] = {}
    for one in standing.report.left_out:
        mark = f" ({one.score})" if one.score is not None else ""
        found.setdefault(labels.LEFT_OUT.get(one.reason, one.reason), []).append(f"{one.ticket}{mark}")
    return [f"{reason}: {', '.join(keys)}" for reason, keys in found.items()]


def _frozen(standing: Standing, zone: tzinfo) -> str | None:
    frozen = standing.frozen
    if frozen is None:
        return None
    count = len(standing.amendments)
    later = plural(count, "поправка", "поправки", "поправок") if count else "поправок нет"
    return f"Показатели зафиксированы {frozen.frozen_at.astimezone(zone):%d.%m.%Y %H:%M} ({frozen.frozen_by}); {later}"


def _amended(standing: Standing) -> list[str]:
    def words(value: tuple[str | None, int | None] | None) -> str:
        if value is None:
            return "не учитывалось"
        return f"{value[0] or 'без ответственного'}, {'без оценки' if value[1] is None else f'оценка {value[1]}'}"

    return [f"{one.ticket}: {words(one.before)} → {words(one.after)}" for one in standing.amendments]
