"""Deadlines and moments as the screen says them: short, live, aware of when the desk works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from intake.clocks import counts_working_time as completion_counts
from intake.model import Status, Ticket
from intake.regulation.errors import OutsideCalendar
from intake.wording import duration_words

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from intake.regulation import Regulation

Level = Literal["overdue", "near", "running", "none"]
WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
MONTHS = ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
KINDS = {"reaction": "реакция", "answer": "ответ", "completion": "завершение"}


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline in words, and how pressing it is: the words alone say it too."""

    words: str
    level: Level


def next_due(regulation: Regulation, ticket: Ticket, now: datetime) -> Due:
    """What the queue says of a ticket's nearest deadline."""
    if ticket.next_due is None:
        return Due(_without_deadline(regulation, ticket), "none")
    return due_words(regulation, ticket, ticket.next_due_kind or "completion", ticket.next_due, now)


def due_words(regulation: Regulation, ticket: Ticket, kind: str, due: datetime, now: datetime) -> Due:
    """ "через 42 мин", "вт 10:30 (30 мин)" while the desk is closed between, "просрочено 2 ч".

    What is left or over is counted on the clock of the deadline; in brackets it is working time where that counts.
    """
    working = counts_working_time(regulation, ticket, kind)
    left = _between(regulation, now, due, working)
    if now >= due:
        return Due(f"просрочено {compact(-left)}" if left else "просрочено", "overdue")
    rules = regulation.rules
    warn = rules.completion.warn_minutes if kind == "completion" else rules.reaction.warn_minutes
    level: Level = "near" if left <= timedelta(minutes=warn) else "running"
    return Due(_ahead(regulation, due, now, left, working), level)


def counts_working_time(regulation: Regulation, ticket: Ticket, kind: str) -> bool:
    """Whether a deadline was counted in working time (§5: reaction; an improvement's estimate)."""
    return kind != "completion" or completion_counts(ticket, regulation)


def compact(amount: timedelta) -> str:
    """A duration in at most eight signs: "42 мин", "3 ч 05 мин" as "3 ч 5 мин", from ten hours "23 ч", "13 дн."."""
    hours = amount // timedelta(hours=1)
    if hours >= 48:
        return f"{hours // 24} дн."
    return f"{hours} ч" if hours >= 10 else duration_words(amount).replace("меньше минуты", "<1 мин")


def moment(zone: ZoneInfo, at: datetime, now: datetime) -> str:
    """A past moment: "11:02" today, "вт 11:02" within six days, "3 мар 11:02", "3 мар 2025"."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    days = (today.date() - local.date()).days
    if days == 0:
        return f"{local:%H:%M}"
    if 0 < days < 7:
        return f"{WEEKDAYS[local.weekday()]} {local:%H:%M}"
    day = f"{local.day} {MONTHS[local.month - 1]}"
    return f"{day} {local:%H:%M}" if local.year == today.year else f"{day} {local.year}"


def desk_hours(regulation: Regulation, now: datetime) -> str:
    """Whether the desk works just now (§2): "работаем до 19:00", "закрыто до вт 10:00"."""
    working, zone = regulation.working, regulation.zone
    try:
        if working.is_working(now):
            return f"работаем до {working.closing(working.local_day(now)).astimezone(zone):%H:%M}"
        return f"закрыто до {_day_time(zone, working.next_opening(now), now)}"
    except OutsideCalendar:
        return "вне рабочего календаря"


def _ahead(regulation: Regulation, due: datetime, now: datetime, left: timedelta, working: bool) -> str:
    zone = regulation.zone
    same_day = due.astimezone(zone).date() == now.astimezone(zone).date()
    if same_day and (not working or left >= due - now - timedelta(minutes=1)):
        return f"через {compact(left)}"
    at = _day_time(zone, due, now)
    return at if due - now > timedelta(days=6) else f"{at} ({compact(left)})"


def _day_time(zone: ZoneInfo, at: datetime, now: datetime) -> str:
    local = at.astimezone(zone)
    days = (local.date() - now.astimezone(zone).date()).days
    if days == 0:
        return f"{local:%H:%M}"
    if days < 7:
        return f"{WEEKDAYS[local.weekday()]} {local:%H:%M}"
    year = f" {local.year}" if local.year != now.astimezone(zone).year else ""
    return f"{local.day} {MONTHS[local.month - 1]}{year} {local:%H:%M}"


def _between(regulation: Regulation, now: datetime, due: datetime, working: bool) -> timedelta:
    try:
        return regulation.working.between(now, due) if working else due - now
    except OutsideCalendar:
        return due - now


def _without_deadline(regulation: Regulation, ticket: Ticket) -> str:
    if ticket.status is Status.CLOSED:
        return "завершено"
    if regulation.category(ticket.status) == "client":
        return "ждём клиента"
    return "нужна оценка" if ticket.type == "improvement" and ticket.estimate_hours is None else "без срока"
