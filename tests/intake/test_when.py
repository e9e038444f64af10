"""Moments as people name them, and what was understood."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.errors import Refused
from intake.regulation.regulation import shipped_regulation
from intake.when import FARTHEST, moment_ahead, understood

NOW = datetime(2026, 5, 13, 8, 30, tzinfo=UTC)
"""Wednesday, 11:30 in Moscow."""
RULES = shipped_regulation()


@pytest.mark.parametrize(
    ("said", "moscow"),
    [
        ("завтра", "2026-05-14 10:00"),
        ("до завтра", "2026-05-14 10:00"),
        ("Завтра  в 9:15", "2026-05-14 09:15"),
        ("завтра 15 ч", "2026-05-14 15:00"),
        ("послезавтра", "2026-05-15 10:00"),
        ("сегодня 18:00", "2026-05-13 18:00"),
        ("18:00", "2026-05-13 18:00"),
        ("9:00", "2026-05-14 09:00"),
        ("пн", "2026-05-18 10:00"),
        ("пн 10:00", "2026-05-18 10:00"),
        ("в понедельник", "2026-05-18 10:00"),
        ("до пятницы", "2026-05-15 10:00"),
        ("в пятницу в 14:30", "2026-05-15 14:30"),
        ("ср", "2026-05-20 10:00"),
        ("через 2 ч", "2026-05-13 13:30"),
        ("через 2 часа", "2026-05-13 13:30"),
        ("через час", "2026-05-13 12:30"),
        ("через полчаса", "2026-05-13 12:00"),
        ("через 45 минут", "2026-05-13 12:15"),
        ("1,5 ч", "2026-05-13 13:00"),
        ("30 мин", "2026-05-13 12:00"),
        ("через 3 дня", "2026-05-16 11:30"),
        ("через две недели", "2026-05-27 11:30"),
        ("через неделю", "2026-05-20 11:30"),
        ("через 3 рабочих дня", "2026-05-18 10:00"),
        ("через 1 рабочий день", "2026-05-14 10:00"),
        ("15.05", "2026-05-15 10:00"),
        ("15.05 10.30", "2026-05-15 10:30"),
        ("15.05.2026 12:00", "2026-05-15 12:00"),
        ("01.02", "2027-02-01 10:00"),
        ("14 мая", "2026-05-14 10:00"),
        ("14 мая 12:30", "2026-05-14 12:30"),
        ("3 марта", "2027-03-03 10:00"),
        ("1 июня 2026", "2026-06-01 10:00"),
        ("2026-05-20", "2026-05-20 10:00"),
        ("2026-05-20 12:00", "2026-05-20 12:00"),
        ("2026-05-20T12:00+03:00", "2026-05-20 12:00"),
    ],
)
def test_what_is_said_is_understood(said: str, moscow: str) -> None:
    assert f"{understood(said, NOW, RULES).astimezone(RULES.zone):%Y-%m-%d %H:%M}" == moscow


@pytest.mark.parametrize(
    "said",
    ["", "  ", "потом", "сегодня", "сегодня 9:00", "99.99", "31.02", "25:00", "через", "через 0 ч", "через 5000 дней",
     "2026-05-12", "12.05.2026", "через 9999 рабочих дней", "пн вт", "2026-13-01", "9999-12-31"],
)  # fmt: skip
def test_what_is_not_understood_or_past_is_refused_with_a_reason(said: str) -> None:
    with pytest.raises(Refused) as refusal:
        understood(said, NOW, RULES)
    assert str(refusal.value)[0].isupper()


def test_what_was_understood_is_said_back() -> None:
    assert moment_ahead(understood("пн", NOW, RULES), NOW, RULES) == "пн 18 мая, 10:00 МСК, через 4 дн. 22 ч"
    assert moment_ahead(understood("сб", NOW, RULES), NOW, RULES).endswith("служба тогда не работает")


@given(st.text(max_size=30))
def test_any_text_is_a_moment_ahead_or_a_refusal(said: str) -> None:
    try:
        found = understood(said, NOW, RULES)
    except Refused:
        return
    assert NOW < found <= NOW + FARTHEST


@given(st.integers(1, 500))
def test_hours_and_minutes_are_counted_exactly(number: int) -> None:
    assert understood(f"через {number} ч", NOW, RULES) - NOW == timedelta(hours=number)
    assert understood(f"{number} мин", NOW, RULES) - NOW == timedelta(minutes=number)
