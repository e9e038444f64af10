"""Monthly quality counted the slow way, in whole numbers and without anything of the package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo


def tenths(total: int, count: int) -> int | None:
    """total / count in tenths, halves up, by looking for the answer."""
    if not count:
        return None
    found = 0
    while (2 * found + 1) * count <= 20 * total:
        found += 1
    return found


def level(figure: int | None) -> str | None:
    """Of tenths."""
    if figure is None:
        return None
    return "good" if figure >= 47 else "normal" if figure >= 40 else "unacceptable"


def figures(tickets: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Of closed tickets."""
    marks = [t["rating"] for t in tickets if t["rating"] is not None]
    rated, closed = tenths(sum(marks), len(marks)), tenths(sum(marks), len(tickets))
    return {
        "closed": len(tickets),
        "rated": len(marks),
        "sum": sum(marks),
        "by_rated": None if rated is None else rated / 10,
        "by_rated_level": level(rated),
        "by_closed": None if closed is None else closed / 10,
        "by_closed_level": level(closed),
    }


def month(tickets: Sequence[Mapping[str, Any]], year: int, number: int, zone: str) -> dict[str, Any]:
    """Desk and agents of one month."""

    def belongs(text: str | None) -> bool:
        if text is None:
            return False
        local = datetime.fromisoformat(text).astimezone(ZoneInfo(zone))
        return (local.year, local.month) == (year, number)

    mine = [t for t in tickets if belongs(t["closed_at"])]
    logins = {t["assignee"] for t in mine if t["assignee"]}
    return {
        "desk": figures(mine),
        "agents": {login: figures([t for t in mine if t["assignee"] == login]) for login in sorted(logins)},
    }
