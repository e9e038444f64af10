"""Rules and calendars for tests, made from the shipped ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from intake.regulation import Regulation, load_rules, shipped_calendar, shipped_text

MOSCOW = ZoneInfo("Europe/Moscow")


def moscow(text: str) -> datetime:
    """ "2026-05-08 18:30" on Moscow's clocks."""
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW)


def changed(*changes: tuple[str, str]) -> str:
    """The shipped rules with pieces of their text replaced; each must be there, once."""
    text = shipped_text()
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def regulation_with(*changes: tuple[str, str], zone: ZoneInfo = MOSCOW) -> Regulation:
    """The shipped regulation with pieces of its text replaced."""
    rules = load_rules(changed(*changes))
    return Regulation(rules, shipped_calendar().with_own_days(rules.hours), zone)


ZONES = (
    "Europe/Moscow",
    "UTC",
    "Asia/Vladivostok",
    "America/New_York",
    "Asia/Kolkata",
    "Pacific/Apia",
    "Europe/London",
)

FIRST = datetime(2025, 1, 1, tzinfo=UTC)
instants = st.builds(
    lambda passed, zone: (FIRST + passed).astimezone(ZoneInfo(zone)),
    st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=3 * 365 - 60)),
    st.sampled_from(ZONES),
)
amounts = st.timedeltas(min_value=timedelta.resolution, max_value=timedelta(days=60))
