"""How a simulation is printed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from intake.simulating import Comparison, Load, Side

if TYPE_CHECKING:
    from intake.quality import Figures, Report
    from intake.regulation import Regulation

SHOWN = 40
Months = Sequence[tuple["Report", "Report"]]
"""Reports of months by the rules in force and by the simulated ones."""
OVER = {"rated": "over rated", "closed": "over all closed"}


def plain(found: Comparison, months: Months, zone: ZoneInfo) -> dict[str, Any]:
    """As one JSON object; times in the desk's zone."""
    return {
        "tickets": found.tickets,
        "in_force": _side(found.now, [now for now, _ in months]),
        "simulated": _side(found.then, [then for _, then in months]),
        "moved": [
            {"ticket": key, "deadline": name, "from": _moment(before, zone), "to": _moment(after, zone)}
            for key, name, before, after in found.moved
        ],
    }


def _side(side: Side, months: Sequence[Report]) -> dict[str, Any]:
    return {
        "reaction_late": side.reaction_late,
        "completion_late": side.completion_late,
        "quality": {str(month.month): _month(month) for month in months if month.desk.figures.closed},
        "escalations": dict(sorted(side.topics.items())),
        "departments": {
            key: {"tickets": load.tickets, "asked": load.asked, "late": load.late}
            for key, load in sorted(side.load.items())
        },
    }


def _moment(at: datetime | None, zone: ZoneInfo) -> str | None:
    return None if at is None else at.astimezone(zone).isoformat()


def _month(report: Report) -> dict[str, Any]:
    """The official average and level, what they rest on, and the same of each agent who closed anything."""
    quality = report.regulation.rules.quality
    return {
        **_official(report.desk.figures, report.official),
        "official": report.official,
        "good": quality.good.bound,
        "normal": quality.normal.bound,
        "desk": report.desk.figures.as_dict(),
        "agents": {
            part.key: {**_official(part.figures, report.official), **part.figures.as_dict()}
            for part in report.agents
            if part.figures.closed
        },
    }


def _official(figures: Figures, denominator: str) -> dict[str, Any]:
    average, level = figures.official(denominator)
    return {"average": average, "level": level}


def as_text(found: Comparison, months: Months, version: str, zone: ZoneInfo) -> str:
    """As a table: in force, simulated, and where they differ; times in the desk's zone."""
    rows = [
        ("", "in force", version),
        ("tickets", str(found.tickets), str(found.tickets)),
        ("reaction late", str(found.now.reaction_late), str(found.then.reaction_late)),
        ("completion late", str(found.now.completion_late), str(found.then.completion_late)),
    ]
    rows += [
        (f"load of {key}", _load(found.now.load.get(key)), _load(found.then.load.get(key)))
        for key in sorted({*found.now.load, *found.then.load})
    ]
    for now, then in months:
        rows += _quality(now, then)
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [_line(row, widths, changed=row[1] != row[2] and row is not rows[0]) for row in rows]
    lines.append(f"deadlines moved: {len(found.moved)}")
    lines += [
        f"  {key} {name}: {_shown(before, zone)} → {_shown(after, zone)}"
        for key, name, before, after in found.moved[:SHOWN]
    ]
    if len(found.moved) > SHOWN:
        lines.append(f"  … and {len(found.moved) - SHOWN} more (--json lists all)")
    return "\n".join(lines)


def _load(load: Load | None) -> str:
    """Of a department; the questions only where it was asked any."""
    if load is None:
        return "none"
    asked = f", asked {load.asked}, late {load.late}" if load.asked else ""
    return f"{load.tickets} tickets{asked}"


def _shown(at: datetime | None, zone: ZoneInfo) -> str:
    return "none" if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _line(row: tuple[str, str, str], widths: Sequence[int], *, changed: bool) -> str:
    cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
    return "  ".join([*cells, "changed" if changed else ""]).rstrip()


def _quality(now: Report, then: Report) -> list[tuple[str, str, str]]:
    """A month: how it is counted, the desk, each agent who closed anything; nothing for a month without closings."""
    if not now.desk.figures.closed:
        return []
    rows = [
        (f"quality {now.month}", _rule(now.regulation), _rule(then.regulation)),
        ("  desk", _words(now.desk.figures, now.official), _words(then.desk.figures, then.official)),
    ]
    other = {part.key: part.figures for part in then.agents}
    return rows + [
        (f"  {part.key}", _words(part.figures, now.official), _words(other[part.key], then.official))
        for part in now.agents
        if part.figures.closed
    ]


def _rule(regulation: Regulation) -> str:
    quality = regulation.rules.quality
    return f"{OVER[quality.denominator]}; good {quality.good.bound}, normal {quality.normal.bound}"


def _words(figures: Figures, denominator: str) -> str:
    average, level = figures.official(denominator)
    return "no marks" if average is None else f"{average} {level}"
