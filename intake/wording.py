"""Russian words for times: deadlines, dates, durations, plurals. For letters, screens and pages alike.

Letters are read later than they are written, so nothing here says "today" or "tomorrow".
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from intake.regulation.regulation import Regulation

MOSCOW = "Europe/Moscow"
MOST_RUNS = 3
LONGEST_WATCH = 400

_MONTHS = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)
_ON_WEEKDAY = (
    "в понедельник",
    "во вторник",
    "в среду",
    "в четверг",
    "в пятницу",
    "в субботу",
    "в воскресенье",
)
_OF_WEEKDAY = ("понедельника", "вторника", "среды", "четверга", "пятницы", "субботы", "воскресенья")


def plural(number: int, one: str, few: str, many: str) -> str:
    """A whole number with its noun: ``plural(3, "рабочий день", "рабочих дня", "рабочих дней")``."""
    return f"{number} {plural_form(number, one, few, many)}"


def plural_form(number: int, one: str, few: str, many: str) -> str:
    """The form of a noun that goes with a whole number."""
    tens, ones = abs(number) % 100, abs(number) % 10
    if 11 <= tens <= 14 or ones == 0 or ones >= 5:
        return many
    return one if ones == 1 else few


def date_words(day: date, since: date | None = None) -> str:
    """ "12 мая"; with the year where it is not that of ``since``: "12 января 2027 года"."""
    words = f"{day.day} {_MONTHS[day.month - 1]}"
    return words if since is not None and since.year == day.year else f"{words} {day.year} года"


def zone_label(zone: ZoneInfo, at: datetime) -> str:
    """ "МСК" for Moscow, else the offset at that instant: "UTC+5", "UTC−3:30"."""
    if zone.key == MOSCOW:
        return "МСК"
    minutes = round((at.astimezone(zone).utcoffset() or timedelta(0)) / timedelta(minutes=1))
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return "UTC" if minutes == 0 else f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def time_words(zone: ZoneInfo, at: datetime) -> str:
    """ "10:30 МСК": the minute that has begun, so that no promise is later than the deadline."""
    return f"{at.astimezone(zone):%H:%M} {zone_label(zone, at)}"


def moment_words(zone: ZoneInfo, at: datetime, since: datetime | None = None) -> str:
    """ "12 мая, 10:30 МСК", with the year where it is not that of ``since``."""
    day = at.astimezone(zone).date()
    return f"{date_words(day, since and since.astimezone(zone).date())}, {time_words(zone, at)}"


def deadline_words(regulation: Regulation, since: datetime, due: datetime, *, working: bool = True) -> str:
    """ "до 10:30 МСК во вторник, 12 мая: 9–11 мая выходные".

    ``working`` says that the term was counted in working time, so that days off between are its reason.
    """
    zone = regulation.zone
    first, last = since.astimezone(zone).date(), due.astimezone(zone).date()
    words = f"до {time_words(zone, due)} {_ON_WEEKDAY[last.weekday()]}, {date_words(last, first)}"
    reason = _days_off_words(regulation, first, last) if working else ""
    return f"{words}: {reason}" if reason else words


def second_line_words(regulation: Regulation, since: datetime, due: datetime, working_days: int) -> str:
    """ "до 19:00 МСК четверга, 14 мая, 3 рабочих дня"."""
    zone = regulation.zone
    last = due.astimezone(zone).date()
    day = date_words(last, since.astimezone(zone).date())
    days = plural(working_days, "рабочий день", "рабочих дня", "рабочих дней")
    return f"до {time_words(zone, due)} {_OF_WEEKDAY[last.weekday()]}, {day}, {days}"


def duration_words(amount: timedelta) -> str:
    """ "2 ч 15 мин"; from two days on "3 дн. 4 ч"; what is under a minute is called so. A minus for what is over."""
    minutes = abs(amount) // timedelta(minutes=1)
    sign = "−" if amount < timedelta(0) else ""
    if minutes == 0:
        return "меньше минуты" if amount else "0 мин"
    hours, rest = divmod(minutes, 60)
    parts = (hours, "ч", rest, "мин") if hours < 48 else (hours // 24, "дн.", hours % 24, "ч")
    words = [f"{count} {unit}" for count, unit in ((parts[0], parts[1]), (parts[2], parts[3])) if count]
    return sign + " ".join(words)


def working_hours_words(amount: timedelta) -> str:
    """ "90 ч", "45 ч 53 мин": in hours however many, because a working day has not 24 of them."""
    hours = amount // timedelta(hours=1)
    if hours < 48:
        return duration_words(amount)
    rest = amount // timedelta(minutes=1) % 60
    return f"{hours} ч {rest} мин" if rest else f"{hours} ч"


def day_runs_words(days: Iterable[date]) -> str:
    """Days in order, neighbours joined: "9–11 мая", "31 декабря – 11 января", "4 ноября и 7–8 ноября"."""
    return _listed([_run_words(first, last) for first, last in _runs(days)])


def _runs(days: Iterable[date]) -> list[tuple[date, date]]:
    runs: list[tuple[date, date]] = []
    for day in days:
        if runs and day - runs[-1][1] == timedelta(days=1):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def _run_words(first: date, last: date) -> str:
    begin, end = f"{first.day} {_MONTHS[first.month - 1]}", f"{last.day} {_MONTHS[last.month - 1]}"
    if first == last:
        return end
    return f"{first.day}–{end}" if first.month == last.month else f"{begin} – {end}"


def _listed(words: list[str]) -> str:
    return " и ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def _days_off_words(regulation: Regulation, first: date, last: date) -> str:
    """The days off from the first day to the last, as long as there are few enough to be read."""
    count = (last - first).days + 1
    off = [] if count > LONGEST_WATCH else _days_off(regulation, first, count)
    runs = _runs(off)
    if count > LONGEST_WATCH or len(runs) > MOST_RUNS:
        return "считаются только рабочие дни"
    if len(off) == 1:
        name = regulation.calendar.holiday(off[0])
        return f"{_run_words(off[0], off[0])} выходной" + (f", {name}" if name else "")
    return f"{day_runs_words(off)} выходные" if off else ""


def _days_off(regulation: Regulation, first: date, count: int) -> list[date]:
    days = (first + timedelta(days=number) for number in range(count))
    return [day for day in days if not regulation.calendar.is_working_day(day)]
