"""The fast count against the minute-by-minute one."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from intake.regulation import Pause, Regulation
from tests.intake.regulation.building import MOSCOW, ZONES, regulation_with
from tests.intake.regulation.slow_model import MINUTE, MinuteModel

EDGE_TIMES = ((0, 0), (9, 59), (10, 0), (10, 1), (17, 59), (18, 0), (18, 1), (18, 59), (19, 0), (19, 1), (23, 59))
SECOND = timedelta(seconds=1)


def random_instants(seed: int, count: int) -> list[datetime]:
    chance = random.Random(seed)
    first = datetime(2025, 1, 1, tzinfo=UTC)
    return [
        (first + timedelta(microseconds=chance.randrange(3 * 365 * 86_400_000_000))).astimezone(
            ZoneInfo(chance.choice(ZONES))
        )
        for _ in range(count)
    ]


def edge_instants() -> list[datetime]:
    """Every edge of the working day, a second around it, on each day near a holiday or a moved day."""
    days = [date(2025, 1, 1) + timedelta(days=count) for count in range(3 * 365)]
    near = [day for day in days if (day.month, day.day // 10) in ((1, 0), (5, 0), (11, 0), (12, 3), (2, 2))]
    return [
        datetime(day.year, day.month, day.day, hour, minute, tzinfo=MOSCOW) + shift
        for day in near
        for hour, minute in EDGE_TIMES
        for shift in (-SECOND, timedelta(0), SECOND)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_reaction_of_random_instants(regulation: Regulation, slow: MinuteModel, seed: int) -> None:
    for at in random_instants(seed, 700):
        assert regulation.reaction_due(at).at == slow.add(at, 60 * MINUTE), at


def test_reaction_of_edge_instants(regulation: Regulation, slow: MinuteModel) -> None:
    instants = edge_instants()
    assert len(instants) > 3000
    for at in instants:
        assert regulation.reaction_due(at).at == slow.add(at, 60 * MINUTE), at


def test_estimates_are_working_hours(regulation: Regulation, slow: MinuteModel) -> None:
    chance = random.Random(5)
    for at in random_instants(6, 300):
        minutes = chance.randrange(1, 60 * 40)
        due = regulation.completion_due("improvement", at, estimate_hours=minutes / 60)
        assert due is not None
        assert abs(due.at - slow.add(at, minutes * MINUTE)) <= timedelta.resolution, at


def test_second_line_terms(regulation: Regulation, slow: MinuteModel) -> None:
    topics = regulation.rules.second_line.topics.values()
    for at in random_instants(7, 500) + edge_instants()[::7]:
        for topic in topics:
            expected = slow.closing_after(at, topic.working_days)
            assert regulation.second_line_due(topic.key, at).at == expected, (at, topic.key)


def test_time_between_random_instants(regulation: Regulation, slow: MinuteModel) -> None:
    instants = random_instants(8, 400)
    for start, end in pairwise(instants):
        first, last = sorted((start, end), key=lambda at: at.astimezone(UTC))
        assert regulation.working.between(first, last) == slow.between(first, last), (first, last)


def test_a_working_clock_with_pauses(slow: MinuteModel) -> None:
    rules = regulation_with(('clock = "calendar" ', 'clock = "working" '))
    chance = random.Random(9)
    for at in random_instants(10, 150):
        opened = at.replace(second=0, microsecond=0)
        spans = []
        for _ in range(chance.randrange(4)):
            begin = opened + chance.randrange(-3000, 20_000) * MINUTE
            spans.append((begin, begin + chance.randrange(5000) * MINUTE))
        due = rules.completion_due("consultation", opened, pauses=[Pause(*span) for span in spans])
        assert due is not None
        assert due.at == slow.add(opened, timedelta(hours=24), spans), (opened, spans)


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/London", "Australia/Lord_Howe", "America/Santiago"])
def test_zones_whose_clocks_shift_inside_working_hours(zone: str) -> None:
    def every_day(_: date) -> bool:
        return True

    sundays = [date(2026, 1, 1) + timedelta(days=count) for count in range(365)]
    rules = regulation_with(
        ('opens = "10:00"', 'opens = "00:00"'),
        ('closes = "19:00" ', 'closes = "09:00" '),
        ("extra_working_days = [] ", f"extra_working_days = [{', '.join(map(str, sundays))}] "),
        zone=ZoneInfo(zone),
    )
    first = datetime(2026, 1, 2, tzinfo=UTC)
    model = MinuteModel(ZoneInfo(zone), first, first + timedelta(days=360), every_day, "00:00", "09:00")
    chance = random.Random(zone)
    for _ in range(400):
        at = first + timedelta(seconds=chance.randrange(355 * 86_400))
        assert rules.reaction_due(at.astimezone(ZoneInfo(zone))).at == model.add(at, 60 * MINUTE), at
    for day in (
        date(2026, 3, 7),
        date(2026, 3, 28),
        date(2026, 4, 4),
        date(2026, 10, 3),
        date(2026, 10, 24),
        date(2026, 10, 31),
    ):
        start = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone))
        for minutes in range(1, 700, 7):
            assert rules.working.add(start, minutes * MINUTE) == model.add(start, minutes * MINUTE), (start, minutes)
