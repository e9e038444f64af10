"""A moment ahead as people name it in Russian: «завтра», «пн 10:00», «через 2 ч», «15.05», «14 мая 12:30». Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from intake.errors import Refused
from intake.regulation.errors import OutsideCalendar
from intake.regulation.instants import instant, utc, wall_clock
from intake.wording import date_words, duration_words, time_words

if TYPE_CHECKING:
    from intake.regulation import Regulation

FARTHEST: Final = timedelta(days=366)
FORMS: Final = "завтра · пн 10:00 · через 2 ч · через 3 рабочих дня · 15.05 · 14 мая 12:30"
_DAYS: Final = {"сегодня": 0, "завтра": 1, "послезавтра": 2}
_WEEKDAYS: Final = ("пн|понед", "вт|втор", "ср|сред", "чт|четв", "пт|пятн", "сб|субб", "вс|воскр")
_ON_WEEKDAY: Final = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
_MONTHS: Final = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_NUMBERS: Final = {"": 1, "один": 1, "одну": 1, "два": 2, "две": 2, "три": 3, "четыре": 4, "пять": 5}
_UNITS: Final = (
    (r"мин\w*|м", timedelta(minutes=1)),
    (r"час\w*|ч", timedelta(hours=1)),
    (r"дн\w*|день|д|сут\w*", timedelta(days=1)),
    (r"нед\w*|н", timedelta(weeks=1)),
)
_SPAN = re.compile(
    r"(?P<through>через )?(?P<number>\d{1,4}(?:[.,]\d)? ?|[а-я]+ )?(?P<unit>раб\w*\.? ?(?:дн\w*|день)|[а-я]+)\.?"
)
_TIME = re.compile(r"(?:^| )(?:в )?(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2})| ?ч(?:ас\w*)?\.?)$")
_NUMERIC = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{4}|\d{2}))?\.?")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_NAMED = re.compile(r"(\d{1,2}) ([а-я]{2,8})\.?(?: (\d{4})(?: ?г\w*\.?)?)?")


def understood(text: str, now: datetime, regulation: Regulation) -> datetime:
    """The moment a text names, UTC, later than ``now``. A day without a time is its opening hour (§2). Raises Refused
    with the reason, or with the forms that are understood."""
    said = re.sub(r"\s+", " ", text.casefold().replace("ё", "е")).strip()
    said = re.sub(r"^(до|на|к|с) ", "", said)
    if not said:
        raise Refused(f"Напишите, до какого времени: {FORMS}")
    try:
        found = _iso(said, regulation) or _span(said, now, regulation) or _at(said, now, regulation)
    except (ValueError, OverflowError, OutsideCalendar) as error:
        raise Refused(f"Такого времени нет: {text.strip()}") from error
    if found is None:
        raise Refused(f"Непонятно. Можно так: {FORMS}")
    if found <= now:
        raise Refused(f"Это время уже прошло: {moment_ahead(found, now, regulation)}")
    if found - now > FARTHEST:
        raise Refused("Это дальше года")
    return found


def moment_ahead(at: datetime, now: datetime, regulation: Regulation) -> str:
    """ "пн 18 мая, 10:00 МСК, через 5 дн. 23 ч"; says where the desk does not work then."""
    zone = regulation.zone
    local = at.astimezone(zone)
    words = f"{_ON_WEEKDAY[local.weekday()]} {date_words(local.date(), now.astimezone(zone).date())}"
    words += f", {time_words(zone, at)}"
    if at > now:
        words += f", через {duration_words(at - now)}"
    try:
        return words if regulation.working.is_working(at) else f"{words}; служба тогда не работает"
    except OutsideCalendar:
        return words


def _iso(said: str, regulation: Regulation) -> datetime | None:
    if not re.match(r"\d{4}-\d{2}-\d{2}[t ]\d", said):
        return None
    at = datetime.fromisoformat(said)
    return utc(at) if at.tzinfo is not None else _clock(at.date(), at.time(), regulation)


def _span(said: str, now: datetime, regulation: Regulation) -> datetime | None:
    """ "через 2 ч", "30 мин", "через неделю", "через 3 рабочих дня"."""
    found = _SPAN.fullmatch(said)
    if found is None:
        return None
    word = (found["number"] or "").strip()
    if found["unit"] == "полчаса":
        return now + timedelta(minutes=30)
    number = float(word.replace(",", ".")) if word[:1].isdigit() else _NUMBERS.get(word)
    if number is None or not (found["through"] or word):
        return None
    if found["unit"].startswith("раб"):
        return _working_days(int(number), now, regulation)
    unit = next((length for pattern, length in _UNITS if re.fullmatch(pattern, found["unit"])), None)
    if unit is None:
        return None
    if unit < timedelta(days=1):
        return now + unit * number
    local = now.astimezone(regulation.zone)
    return _clock(local.date() + unit * number, local.time(), regulation)


def _working_days(number: int, now: datetime, regulation: Regulation) -> datetime:
    working = regulation.working
    day = working.local_day(now)
    if not 0 < number <= FARTHEST.days:
        raise ValueError(number)
    while number:
        day += timedelta(days=1)
        number -= working.calendar.is_working_day(day)
    return working.opening(day)


def _at(said: str, now: datetime, regulation: Regulation) -> datetime | None:
    """A day, a time, or both."""
    today = now.astimezone(regulation.zone).date()
    for words, clock in _readings(said):
        if not words and clock is not None:
            at = _clock(today, clock, regulation)
            return at if at > now else _clock(today + timedelta(days=1), clock, regulation)
        for reading in _DAY_READINGS:
            day = reading(words, today)
            if day is None:
                continue
            if day == today and clock is None:
                raise Refused("Сегодня во сколько? Например: сегодня 18:00")
            at = _clock(day, clock or regulation.rules.hours.opens, regulation)
            if at <= now and reading is _weekday:
                at = _clock(day + timedelta(weeks=1), clock or regulation.rules.hours.opens, regulation)
            return at
    return None


def _readings(said: str) -> list[tuple[str, time | None]]:
    """(day, time) in the order they are tried: "15.05" is a date, "15.05 10.30" a date and a time."""
    found = _TIME.search(said)
    whole = (_without_preposition(said), None)
    if found is None or int(found["hour"]) > 23:
        return [whole]
    split = (_without_preposition(said[: found.start()]), time(int(found["hour"]), int(found["minute"] or 0)))
    return [whole, split] if _NUMERIC.fullmatch(said) or _NAMED.fullmatch(said) else [split, whole]


def _without_preposition(words: str) -> str:
    return re.sub(r"^(в|во) ", "", words.strip(" ,"))


def _relative(words: str, today: date) -> date | None:
    return None if words not in _DAYS else today + timedelta(days=_DAYS[words])


def _weekday(words: str, today: date) -> date | None:
    """The next one; today where it is today: its time decides."""
    for number, forms in enumerate(_WEEKDAYS):
        short, long = forms.split("|")
        if words == short or (len(words) > 3 and words.startswith(long)):
            return today + timedelta(days=(number - today.weekday()) % 7 or 7)
    return None


def _date(words: str, today: date) -> date | None:
    if iso := _ISO.fullmatch(words):
        return date(*map(int, iso.groups()))
    found = _NUMERIC.fullmatch(words) or _NAMED.fullmatch(words)
    month = _month(found[2]) if found is not None else None
    if found is None or month is None:
        return None
    if found[3]:
        return date(int(found[3]) + (2000 if len(found[3]) == 2 else 0), month, int(found[1]))
    this = date(today.year, month, int(found[1]))
    return this if this >= today else date(today.year + 1, month, int(found[1]))


def _month(word: str) -> int | None:
    if word.isdecimal():
        return int(word)
    return next((n for n, name in enumerate(_MONTHS, 1) if word.startswith(name)), None)


_DAY_READINGS: tuple[Callable[[str, date], date | None], ...] = (_relative, _weekday, _date)


def _clock(day: date, at: time, regulation: Regulation) -> datetime:
    return instant(wall_clock(day, at, regulation.zone))
