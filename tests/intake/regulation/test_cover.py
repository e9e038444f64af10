"""The cover rule of §2 at every working minute, against a look at each minute by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.regulation import Regulation
from intake.regulation.cover import Gap, Presence, gaps, presence
from tests.intake.regulation.building import MOSCOW, regulation_with

MONDAY, LAST = date(2026, 11, 2), date(2026, 11, 6)
"""A week with a day off in its middle, 4 November."""
MINUTE = timedelta(minutes=1)
TECHNICAL = {"anna": False, "boris": True, "vera": False, "gleb": True, "dina": False}

Turn = tuple[str, int, int, int]
turns = st.lists(
    st.tuples(
        st.sampled_from(sorted(TECHNICAL)), st.integers(0, 4), st.integers(0, 24 * 60 - 1), st.integers(1, 24 * 60)
    ).filter(lambda turn: turn[2] < turn[3]),
    max_size=14,
)


def at(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def there(wanted: list[Turn]) -> list[Presence]:
    return [
        presence(login, TECHNICAL[login], MONDAY + timedelta(days=day), at(start), at(end), MOSCOW)
        for login, day, start, end in wanted
    ]


def slowly(wanted: list[Turn]) -> dict[datetime, tuple[tuple[str, ...], int, int]]:
    """Every working minute that falls short: who is there, how many people and technical specialists are missing."""
    found = {}
    for day in range(5):
        if MONDAY + timedelta(days=day) == date(2026, 11, 4):
            continue
        midnight = datetime(2026, 11, 2, tzinfo=MOSCOW) + timedelta(days=day)
        for minute in range(10 * 60, 19 * 60):
            logins = sorted({login for login, on, start, end in wanted if on == day and start <= minute < end})
            people, technical = 3 - len(logins), 1 - sum(TECHNICAL[login] for login in logins)
            if people > 0 or technical > 0:
                found[(midnight + minute * MINUTE).astimezone(UTC)] = (tuple(logins), max(0, people), max(0, technical))
    return found


def by_minute(found: list[Gap]) -> dict[datetime, tuple[tuple[str, ...], int, int]]:
    return {
        gap.start + n * MINUTE: (gap.present, gap.people, gap.technical)
        for gap in found
        for n in range((gap.end - gap.start) // MINUTE)
    }


@given(turns)
def test_gaps_are_exactly_the_working_minutes_that_fall_short(wanted: list[Turn]) -> None:
    regulation = regulation_with()
    found = gaps(regulation.working, regulation.rules.shift, there(wanted), MONDAY, LAST)
    assert by_minute(found) == slowly(wanted)
    assert found == sorted(found, key=lambda gap: gap.start)


@given(turns)
def test_neighbouring_gaps_differ_in_who_is_there(wanted: list[Turn]) -> None:
    regulation = regulation_with()
    found = gaps(regulation.working, regulation.rules.shift, there(wanted), MONDAY, LAST)
    assert all(a.end < b.start or a.present != b.present for a, b in pairwise(found))


def test_a_person_in_two_turns_counts_once(regulation: Regulation) -> None:
    twice: list[Turn] = [("boris", 0, 0, 1440), ("boris", 0, 600, 1140), ("anna", 0, 0, 1440)]
    (gap,) = gaps(regulation.working, regulation.rules.shift, there(twice), MONDAY, MONDAY)
    assert (gap.present, gap.people, gap.technical) == (("anna", "boris"), 1, 0)


def test_who_leaves_at_one_and_comes_at_two_is_missed_in_between(regulation: Regulation) -> None:
    wanted: list[Turn] = [
        ("boris", 0, 600, 780),
        ("boris", 0, 840, 1140),
        ("anna", 0, 600, 1140),
        ("vera", 0, 600, 1140),
    ]
    (gap,) = gaps(regulation.working, regulation.rules.shift, there(wanted), MONDAY, MONDAY)
    assert [f"{t.astimezone(MOSCOW):%H:%M}" for t in (gap.start, gap.end)] == ["13:00", "14:00"]


@pytest.mark.parametrize("day", [date(2026, 11, 4), date(2026, 11, 7), date(2026, 11, 8)])
def test_a_day_off_needs_nobody(regulation: Regulation, day: date) -> None:
    assert gaps(regulation.working, regulation.rules.shift, [], day, day) == []


def test_other_rules_ask_for_others() -> None:
    regulation = regulation_with(("people = 3", "people = 2"), ("technical = 1  ", "technical = 2  "))
    (gap,) = gaps(
        regulation.working, regulation.rules.shift, there([("boris", 0, 0, 1440), ("anna", 0, 0, 1440)]), MONDAY, MONDAY
    )
    assert (gap.people, gap.technical) == (0, 1)
