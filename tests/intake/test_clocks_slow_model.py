"""Stored deadlines against a model that asks every minute whether it counts."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from holidays import country_holidays

from intake.clocks import derived
from intake.model import Event
from intake.ports import Transaction
from storage import open_store
from tests.intake.regulation.building import regulation_with
from tests.intake.regulation.slow_model import MinuteModel
from tests.intake.slow_clocks import Past, a_past

WINDOWS = {
    "Europe/Moscow": datetime(2025, 10, 20, tzinfo=UTC),  # a working Saturday, 1 November; then the long January
    "America/New_York": datetime(2026, 2, 25, tzinfo=UTC),  # clocks go forward on 8 March
    "Europe/London": datetime(2026, 10, 12, tzinfo=UTC),  # and back on 25 October
    "Australia/Lord_Howe": datetime(2026, 3, 25, tzinfo=UTC),  # by half an hour, on 5 April
}
DAYS = 40
CLOCKS = {
    "calendar": (),
    "working": (('clock = "calendar" ', 'clock = "working" '),),
    "calendar_from_opening_hour": (('clock = "calendar" ', 'clock = "calendar_from_opening_hour" '),),
}


@pytest.fixture(scope="module", params=list(WINDOWS))
def zone(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def slow(zone: str) -> MinuteModel:
    russia = country_holidays("RU", years=range(2025, 2028), language="ru")
    first = WINDOWS[zone]
    return MinuteModel(ZoneInfo(zone), first, first + timedelta(days=DAYS + 220), russia.is_working_day)


def pasts(seed: str, zone: str, count: int) -> list[Past]:
    chance = random.Random(f"{seed} {zone}")
    return [a_past(chance, WINDOWS[zone], DAYS) for _ in range(count)]


@pytest.mark.parametrize("clock", list(CLOCKS))
def test_deadlines_of_any_history_are_those_of_the_minutes(zone: str, slow: MinuteModel, clock: str) -> None:
    regulation = regulation_with(*CLOCKS[clock], zone=ZoneInfo(zone))
    for past in pasts(clock, zone, 60):
        columns = derived(past.ticket(1), past.events, regulation)
        expected = past.expected(slow, clock)
        assert {name: columns[name] for name in expected} == expected, past


def test_deadlines_follow_from_the_events_a_store_gives_back(store_url: str) -> None:
    """Written and read again, in the order they were written."""
    zone = "Europe/Moscow"
    russia = country_holidays("RU", years=range(2025, 2028), language="ru")
    slow = MinuteModel(ZoneInfo(zone), WINDOWS[zone], WINDOWS[zone] + timedelta(days=DAYS + 220), russia.is_working_day)
    regulation = regulation_with(zone=ZoneInfo(zone))
    lived = dict(enumerate(pasts("stored", zone, 25), 2001))
    store = open_store(store_url)
    try:

        def keep(tx: Transaction) -> None:
            for number, past in lived.items():
                tx.tickets.insert(past.ticket(number))
                tx.tickets.add_events(number, past.events)

        store.write(keep)
        with store.read() as tx:
            kept: dict[int, list[Event]] = {number: tx.tickets.events(number) for number in lived}
            tickets = {number: tx.tickets.get(number) for number in lived}
    finally:
        store.close()
    for number, past in lived.items():
        columns = derived(tickets[number], kept[number], regulation)
        expected = past.expected(slow, "calendar")
        assert {name: columns[name] for name in expected} == expected, past
