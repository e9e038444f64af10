"""The second line's month against a slow model: days walked one by one, working time minute by minute."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from statistics import median

import pytest

from intake.departments import DepartmentMonth, line_month
from intake.escalations import Reply
from intake.quality import Month
from tests.support.departments import ASKING, TOPICS
from tests.support.desks import MovedClock, TestDesk, a_desk, mail

MOSCOW = timezone(timedelta(hours=3))
OFF = {date(2026, 5, 1), date(2026, 5, 11), date(2026, 6, 12)}
"""Holidays of these months that are no weekend; 9 May is a Saturday."""
DAYS = dict(zip(TOPICS, (3, 5, 3, 5, 1, 1, 3, 3), strict=True))
ASKED_OF = dict(
    zip(
        TOPICS,
        (["legal"], ["finance"], ["marketing"], ["product", "it"], ["it"], ["it"], ["marketing"], ["marketing"]),
        strict=True,
    )
)
START, NOW = datetime(2026, 4, 28, 6, tzinfo=UTC), datetime(2026, 6, 20, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
Known = dict[tuple[int, str], tuple[datetime, datetime, datetime | None]]
"""(question, department) → when it was asked, until when, when it answered."""


def works(day: date) -> bool:
    return day.weekday() < 5 and day not in OFF


def minutes(since: datetime, until: datetime) -> int:
    count, at = 0, since.astimezone(MOSCOW)
    while at < until:
        count += works(at.date()) and 10 <= at.hour < 19
        at += MINUTE
    return count


def due(at: datetime, days: int) -> datetime:
    day = at.astimezone(MOSCOW).date()
    while days:
        day += timedelta(days=1)
        days -= works(day)
    return datetime(day.year, day.month, day.day, 19, tzinfo=MOSCOW)


def lived(desk: TestDesk, chance: random.Random) -> Known:
    """Questions and answers in the order they happen: in time, on the minute, a minute late, in the evening, never."""
    known: Known = {}
    agenda: list[tuple[datetime, int, str, str]] = []
    for number in range(chance.randint(3, 6)):
        at, topic = START + chance.randint(0, 45 * 24 * 60) * MINUTE, chance.choice(TOPICS)
        agenda.append((at, number, topic, ""))
        end = due(at, DAYS[topic])
        for department in ASKED_OF[topic]:
            ways = [end, end + MINUTE, end.replace(hour=21), at + chance.randint(1, 9 * 24 * 60) * MINUTE]
            answered = chance.choice([*ways, None])
            known[number, department] = at, end, answered
            if answered is not None:
                agenda.append((answered, number, topic, department))
    tickets: dict[int, int] = {}
    for at, number, topic, department in sorted(agenda):
        desk.clock.now = at.astimezone(UTC)
        if department:
            outcome = chance.choice([Reply.ANSWERED, Reply.REFUSED])
            desk.desk.answered(tickets[number], topic, "anna", department, outcome)
            continue
        tickets[number] = desk.receive(mail(f"Вопрос {number}", message_id=f"<{number}@roscha.example>")).ticket or 0
        desk.desk.escalate(tickets[number], topic, "anna", "?")
    desk.clock.now = NOW
    return known


def counted(month: DepartmentMonth) -> tuple[object, ...]:
    f = month.figures
    middle = None if f.median is None else round(f.median / MINUTE)
    return f.asked, f.in_time, f.late, f.open, f.overdue, middle, round(f.waited / MINUTE)


def expected(known: Known, department: str, month: str) -> tuple[object, ...] | None:
    own = [p for (_, d), p in known.items() if d == department and f"{p[0].astimezone(MOSCOW):%Y-%m}" == month]
    if not own:
        return None
    took = [minutes(asked, at) for asked, _, at in own if at is not None]
    return (
        len(own),
        sum(at is not None and at <= end for _, end, at in own),
        sum(at is not None and at > end for _, end, at in own),
        sum(at is None for _, _, at in own),
        sum(at is None and end < NOW for _, end, at in own),
        round(median(took)) if took else None,
        sum(minutes(asked, at or NOW) for asked, _, at in own),
    )


@pytest.mark.parametrize("seed", range(12))
def test_a_months_figures_are_those_of_days_walked_one_by_one(tmp_path: Path, seed: int) -> None:
    with a_desk(tmp_path, ASKING, MovedClock(START)) as desk:
        known = lived(desk, random.Random(seed))
        regulation = desk.regulations.at(NOW)
        order = list(regulation.rules.second_line.departments)
        for month in ("2026-04", "2026-05", "2026-06"):
            bounds = Month.parse(month).bounds(regulation.zone)
            with desk.store.read() as tx:
                found = line_month(tx, bounds, order, desk.regulations, NOW)
            assert {one.key: counted(one) for one in found.departments} == {
                key: figures for key in order if (figures := expected(known, key, month)) is not None
            }
