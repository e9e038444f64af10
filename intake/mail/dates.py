"""The Date field (RFC 5322 section 3.3 and its obsolete forms), damaged ones too. Never raises."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

_COMMENT = re.compile(r"\([^()]*+\)")
_RUSSIAN = re.compile(r"\b(янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)[а-я]*\.?", re.IGNORECASE)
_MONTHS = {"янв": 1, "фев": 2, "мар": 3, "апр": 4, "май": 5, "мая": 5, "июн": 6, "июл": 7, "авг": 8, "сен": 9}
_MONTHS |= {"окт": 10, "ноя": 11, "дек": 12}
_ENGLISH = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAY = re.compile(r"^\s*[^\W\d_]+\.?,?\s+(?=\d)")
_ZONE_WORD = re.compile(r"\b(?:GMT|UTC|UT)\s*([+-]\d{1,2})(?::?(\d\d))?\b")
_SHORT_ZONE = re.compile(r"([+-])(\d{1,2})(?::(\d\d))?\s*$")
_AFTER_OFFSET = re.compile(r"([+-]\d{4})\s*[A-Za-z]+$")
_ROUND_COLONS = re.compile(r"\s*:\s*")
_MOSCOW = re.compile(r"\bMS[KD]\b")
_LONGEST = 200


def parse_date(text: str) -> datetime | None:
    """An aware time, None when ``text`` tells none. No zone or an impossible one is read as UTC."""
    text = _COMMENT.sub(" ", text[:_LONGEST]).strip()
    if not text:
        return None
    return _iso(text) or _by_mail_rules(_WEEKDAY.sub("", _plain_spelling(text)))


def _plain_spelling(text: str) -> str:
    text = _AFTER_OFFSET.sub(r"\1", text.strip("\"' "))
    text = _ROUND_COLONS.sub(":", text)
    text = _RUSSIAN.sub(lambda found: _ENGLISH[_MONTHS[found[1].lower()]], text)
    text = _MOSCOW.sub("+0300", text)
    text = _ZONE_WORD.sub(lambda found: f"{found[1][0]}{int(found[1][1:]):02d}{found[2] or '00'}", text)
    return _SHORT_ZONE.sub(lambda found: f"{found[1]}{int(found[2]):02d}{found[3] or '00'}", text)


def _iso(text: str) -> datetime | None:
    if not text[:4].isdigit() or text[4:5] != "-":
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _by_mail_rules(text: str) -> datetime | None:
    try:
        fields = parsedate_tz(text)
    except (ValueError, IndexError, TypeError, AttributeError, OverflowError):
        return None
    if fields is None:
        return None
    try:
        return datetime(*fields[:5], min(fields[5], 59), tzinfo=_zone(fields[9]))
    except (ValueError, TypeError, OverflowError):
        return None


def _zone(offset: int | None) -> timezone:
    if not offset or abs(offset) >= 24 * 3600 or offset % 60:
        return UTC
    return timezone(timedelta(seconds=offset))
