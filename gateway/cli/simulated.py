"""How a simulation is printed."""

from __future__ import annotations

from typing import Any

from intake.simulating import Comparison, Side

SHOWN = 40


def plain(found: Comparison) -> dict[str, Any]:
    """As one JSON object."""
    return {
        "tickets": found.tickets,
        "in_force": _side(found.now),
        "simulated": _side(found.then),
        "moved": [
            {"ticket": key, "deadline": name, "from": before, "to": after} for key, name, before, after in found.moved
        ],
    }


def _side(side: Side) -> dict[str, Any]:
    return {
        "reaction_late": side.reaction_late,
        "completion_late": side.completion_late,
        "quality": {m: {"average": side.averages[m], "level": level} for m, level in side.levels.items()},
        "escalations": dict(sorted(side.load.items())),
    }


def as_text(found: Comparison, version: str) -> str:
    """As a table: in force, simulated."""
    rows = [
        ("", "in force", version),
        ("tickets", str(found.tickets), str(found.tickets)),
        ("reaction late", str(found.now.reaction_late), str(found.then.reaction_late)),
        ("completion late", str(found.now.completion_late), str(found.then.completion_late)),
    ]
    months = sorted({*found.now.levels, *found.then.levels})
    rows += [(f"quality {month}", _quality(found.now, month), _quality(found.then, month)) for month in months]
    rows += [(f"asked: {key}", str(found.now.load[key]), str(found.then.load[key])) for key in sorted(found.now.load)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.append(f"deadlines moved: {len(found.moved)}")
    lines += [f"  {key} {name}: {before} → {after}" for key, name, before, after in found.moved[:SHOWN]]
    if len(found.moved) > SHOWN:
        lines.append(f"  … and {len(found.moved) - SHOWN} more (--json lists all)")
    return "\n".join(lines)


def _quality(side: Side, month: str) -> str:
    return f"{side.averages[month]} {side.levels[month]}" if month in side.levels else "-"
