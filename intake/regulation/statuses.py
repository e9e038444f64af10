"""What the statuses of §4 allow and mean: transitions, who waits for whom."""

from __future__ import annotations

from typing import Literal

from intake.regulation.errors import UnknownKey, shown
from intake.regulation.rules import Statuses

Category = Literal["desk", "client", "done"]


def category(statuses: Statuses, status: str) -> Category:
    """Who is waited for in a status; "done" when nobody is. Raises `UnknownKey`."""
    if status == "closed":
        return "done"
    return "client" if _known(statuses, status) in statuses.waits_for_client else "desk"


def why_not(statuses: Statuses, from_: str, to: str) -> str | None:
    """Why a ticket can't go from a status to another, in Russian; None when it can. Raises `UnknownKey`."""
    left, entered = statuses.named[_known(statuses, from_)].name, statuses.named[_known(statuses, to)].name
    if from_ == to:
        return f"Обращение уже в статусе «{left}»"
    allowed = statuses.transitions[from_]
    if to in allowed:
        return None
    reason = statuses.refusals.entering.get(to) or statuses.refusals.leaving.get(from_)
    refusal = f"Из статуса «{left}» нельзя перейти в «{entered}»"
    choice = ", ".join(f"«{statuses.named[key].name}»" for key in allowed)
    because = f": {reason}" if reason else ""
    return f"{refusal}{because}. Можно: {choice}" if choice else f"{refusal}{because}"


def _known(statuses: Statuses, status: str) -> str:
    if status not in statuses.named:
        raise UnknownKey(f"unknown status {shown(status)}: one of {', '.join(statuses.named)}")
    return status
