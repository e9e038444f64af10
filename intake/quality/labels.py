"""Figures and reasons in Russian."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

NOTHING = "—"
LEFT_OUT = {
    "spam": "спам",
    "merged": "объединено с другим обращением",
    "changed": "изменена клиентом позже",
    "earlier": "поставлена до того, как обращение открыли снова",
    "late": "после срока, когда оценку можно поставить или изменить",
    "reopened": "обращение в это время снова было в работе",
}
MARKS = {"good": "●", "normal": "◆", "unacceptable": "▲"}
"""Signs of levels, so that colour never speaks alone."""


def figure(value: Decimal | int | None) -> str:
    """With a comma: "4,3"; a dash for None."""
    return NOTHING if value is None else str(value).replace(".", ",")


def percent(value: Decimal | None) -> str:
    """ "97,5 %" with a hard space."""
    return NOTHING if value is None else f"{figure(value)}\N{NO-BREAK SPACE}%"


def duration(value: timedelta | None) -> str:
    """Minutes below two hours, hours below four days, days above; rounded half up."""
    if value is None:
        return NOTHING
    minutes = (value + timedelta(seconds=30)) // timedelta(minutes=1)
    if minutes < 120:
        return f"{minutes}\N{NO-BREAK SPACE}мин"
    hours = (value + timedelta(minutes=30)) // timedelta(hours=1)
    if hours < 96:
        return f"{hours}\N{NO-BREAK SPACE}ч"
    return f"{(value + timedelta(hours=12)) // timedelta(days=1)}\N{NO-BREAK SPACE}дн."
