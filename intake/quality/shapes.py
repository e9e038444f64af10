"""Reports as plain data: for JSON, for what is frozen, for CSV."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from intake.quality.figures import Figures, Term, Work
from intake.regulation.quality import round_half_up

if TYPE_CHECKING:
    from intake.quality.report import Part
    from intake.quality.reports import Standing

SCOPES = ("agent", "type", "product", "licensee")
AVERAGES = ("by_rated", "by_closed")
CSV_COLUMNS = (
    *("scope", "login", "name", "closed", "rated", "sum", "by_rated", "by_rated_level", "by_closed", "by_closed_level"),
    *("response_rate", "reaction_in_time", "reaction_median_minutes", "completion_in_time", "completion_median_hours"),
    *("reopened", "marks"),
)


def figures_shape(figures: Figures) -> dict[str, Any]:
    """Figures as they are frozen: decimals as texts."""
    return {name: str(v) if isinstance(v, Decimal) else v for name, v in figures.as_dict().items()}


def figures_from(shape: dict[str, Any]) -> Figures:
    """The figures of `figures_shape`."""
    values: dict[str, Any] = {k: Decimal(v) if k in AVERAGES and v is not None else v for k, v in shape.items()}
    return Figures(**values)


def json_shape(standing: Standing) -> dict[str, Any]:
    """A month as one object: the figures that stand, then what they rest on."""
    made, frozen = standing.report, standing.frozen
    shape: dict[str, Any] = {
        "month": str(made.month),
        "desk": standing.desk.as_dict(),
        "agents": {login: found.as_dict() for login, found in standing.agents.items()},
        "official": made.official,
        "regulation": made.regulation.rules.version,
        "work": {"desk": work_shape(made.desk.work), "agents": {p.key: work_shape(p.work) for p in made.agents}},
    }
    for name, parts in (("types", made.types), ("products", made.products), ("licensees", made.licensees)):
        shape[name] = {p.key: {**p.figures.as_dict(), **work_shape(p.work)} for p in parts}
    shape["left_out"] = [{"ticket": x.ticket, "reason": x.reason, "score": x.score} for x in made.left_out]
    shape["frozen"] = None
    if frozen is not None:
        shape["frozen"] = {"at": frozen.frozen_at, "by": frozen.frozen_by, "digest": frozen.digest}
        shape["amendments"] = [
            {"ticket": a.ticket, "before": _counted(a.before), "after": _counted(a.after)} for a in standing.amendments
        ]
        shape["amended"] = {
            "desk": made.desk.figures.as_dict(),
            "agents": {p.key: p.figures.as_dict() for p in made.agents},
        }
    return shape


def _counted(value: tuple[str | None, int | None] | None) -> dict[str, Any] | None:
    return None if value is None else {"agent": value[0], "rating": value[1]}


def work_shape(work: Work) -> dict[str, Any]:
    """What stands beside the figures, in percent, working minutes and elapsed hours."""
    return {
        "marks": list(work.marks),
        "response_rate": work.response_rate,
        "reopened": work.reopened,
        "reaction": _term(work.reaction, "median_minutes", timedelta(minutes=1)),
        "completion": _term(work.completion, "median_hours", timedelta(hours=1)),
    }


def _term(term: Term, name: str, unit: timedelta) -> dict[str, Any]:
    middle = None if term.median is None else round_half_up(_ratio(term.median, unit))
    return {"in_time": term.in_time, "of": term.of, "share": term.share, name: middle}


def _ratio(amount: timedelta, unit: timedelta) -> Decimal:
    tick = timedelta.resolution
    return Decimal(amount // tick) / Decimal(unit // tick)


def parts_by(standing: Standing, scope: str) -> list[tuple[str, Part, Figures]]:
    """The parts of one of `SCOPES`, each with its key ("-": has none) and the figures that stand; only agents' were
    frozen."""
    made = standing.report
    if scope == "agent":
        return [(part.key, part, standing.agents[part.key]) for part in made.agents]
    parts = {"type": made.types, "product": made.products, "licensee": made.licensees}[scope]
    return [(part.key or "-", part, part.figures) for part in parts]


def csv_rows(standing: Standing, scope: str = "agent") -> list[tuple[Any, ...]]:
    """The desk and each part of one of `SCOPES`, in the order of `CSV_COLUMNS`; its key stands under ``login``."""
    rows = [("desk", "", "", standing.desk, standing.report.desk)]
    rows += [(scope, key, part.name, found, part) for key, part, found in parts_by(standing, scope)]
    return [(scope, login, name, *found.as_dict().values(), *_beside(part)) for scope, login, name, found, part in rows]


def _beside(part: Part) -> tuple[Any, ...]:
    shape = work_shape(part.work)
    reaction, completion = shape["reaction"], shape["completion"]
    return (
        shape["response_rate"],
        reaction["share"],
        reaction["median_minutes"],
        completion["share"],
        completion["median_hours"],
        shape["reopened"],
        " ".join(map(str, shape["marks"])),
    )
