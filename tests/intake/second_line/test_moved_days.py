"""Reminders and alarms over moved days, holidays and restarts of the gateway: each on its day, each once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from intake.desk import Desk
from intake.letters.writing import LetterWriter
from intake.regulations import Regulations
from templates import render_letter
from tests.support.departments import ASKING
from tests.support.desks import MovedClock, TestDesk, a_desk, mail

MOSCOW = ZoneInfo("Europe/Moscow")
LOOKS = [timedelta(hours=hour, minutes=minute) for hour, minute in ((9, 59), (10, 0), (18, 59), (19, 0), (19, 1))]
KINDS = {"escalation_reminder": "reminded", "slack_reminder": "reminded", "second_line_breach": "late"}


def moscow(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW)


def restarted(desk: TestDesk) -> Desk:
    """What another process would make of the same database."""
    regulations = Regulations(desk.store, desk.settings.timezone)
    return Desk(
        desk.store, regulations, LetterWriter(desk.settings, desk.signer, render_letter), desk.settings, desk.clock
    )


def pressed(desk: TestDesk, until: datetime) -> list[tuple[str, str]]:
    """(Moscow time, what) of all letters, looked for on every day off and on, each time by a gateway just started."""
    seen = len(desk.letters())
    found = []
    day = desk.clock.now.astimezone(MOSCOW).replace(hour=0, minute=0)
    while day < until:
        for at in (day + look for look in LOOKS if day + look > desk.clock.now):
            desk.clock.now = at.astimezone(UTC)
            restarted(desk).watch()
            fresh = desk.letters()[seen:]
            seen += len(fresh)
            found += [(at.strftime("%d.%m %H:%M"), KINDS[row.kind]) for row in fresh if row.kind in KINDS]
        day += timedelta(days=1)
    return found


@pytest.mark.parametrize(
    ("asked", "topic", "expected"),
    [
        # 1 November 2025 was a working Saturday for Monday the 3rd; 4 November is a holiday.
        (
            "2025-10-30T18:00",
            "legal",
            [("01.11 10:00", "reminded"), ("05.11 10:00", "reminded"), ("05.11 19:01", "late")],
        ),
        # Asked on the working Saturday, due on the first day after it.
        ("2025-11-01T12:00", "data_edit", [("05.11 10:00", "reminded"), ("05.11 19:01", "late")]),
        # The New Year's holidays of 2026 run to 11 January.
        (
            "2025-12-29T11:00",
            "promotion",
            [("12.01 10:00", "reminded"), ("13.01 10:00", "reminded"), ("13.01 19:01", "late")],
        ),
        # Asked on a day off: the first working day after it is the first of five.
        (
            "2026-05-09T11:00",
            "settlements",
            [("15.05 10:00", "reminded"), ("18.05 10:00", "reminded"), ("18.05 19:01", "late")],
        ),
    ],
    ids=["working Saturday", "asked on it", "New Year", "asked on a day off"],
)
def test_each_is_told_on_its_working_day_once(
    tmp_path: Path, asked: str, topic: str, expected: list[tuple[str, str]]
) -> None:
    with a_desk(tmp_path, ASKING, MovedClock(moscow(asked).astimezone(UTC))) as desk:
        desk.receive(mail())
        desk.desk.escalate(1001, topic, "boris", "Можно ли?")
        with desk.store.read() as tx:
            due = tx.escalations.of(1001)[0].answer_due
        assert pressed(desk, due + timedelta(days=2)) == expected
