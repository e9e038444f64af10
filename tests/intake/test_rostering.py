"""The roster at work: short days, gaps told once, what a shift hands over, whose tickets are offered to others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from intake.model import Agent, Role, Status
from intake.registries import Turn
from intake.registry_files import agents_from_csv, turns_from_csv
from intake.regulation import shipped_calendar, shipped_text
from tests.support.desks import MORNING, TestDesk, a_desk, mail

DATA = Path(__file__).resolve().parents[1] / "data" / "registries"
TODAY = date(2026, 5, 12)
ANNA, BORIS, VERA = (f"{login}@vitrina-domiland.example" for login in ("anna", "boris", "vera"))
SHORT = {
    "2026-10-08": "technical",
    "2026-10-16": "people",
    "2026-10-29": "people technical",
    "2026-11-03": "people",
    "2026-11-05": "technical",
    "2026-11-13": "people",
    "2026-11-26": "technical",
    "2026-12-02": "people technical",
    "2026-12-11": "people",
    "2026-12-18": "people technical",
    "2026-12-30": "people technical",
}
"""What the roster's own description names."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """Anna leads, Boris is technical, Vera is a third."""
    with a_desk(tmp_path) as made:
        made.desk.put_agents([Agent("vera", "Вера Орлова", VERA)])
        yield made


def turn(login: str, day: date = TODAY, start: int = 10, end: int = 19) -> Turn:
    return Turn(day, login, time(start), time(end))


def everybody(first: date, days: int) -> list[Turn]:
    span = (first + timedelta(days=count) for count in range(days))
    return [turn(login, day) for day in span for login in ("anna", "boris", "vera")]


def told(desk: TestDesk, kind: str) -> list[tuple[set[str], str]]:
    """Recipients and text of the letters of a kind."""
    return [
        ({address for address, _, _ in row.recipients}, plain(row.raw)) for row in desk.letters() if row.kind == kind
    ]


def plain(raw: bytes) -> str:
    said = message_from_bytes(raw, policy=policy.default)
    assert isinstance(said, EmailMessage)
    body = said.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def at(desk: TestDesk, hour: int, minute: int = 0, day: date = TODAY) -> None:
    """Move the clock to a time of day in Moscow."""
    desk.clock.now = datetime(day.year, day.month, day.day, hour - 3, minute, tzinfo=UTC)


def test_the_short_days_of_the_sample_are_found(store_url: str) -> None:
    with a_desk(store_url) as desk:
        agents = agents_from_csv((DATA / "agents.csv").read_bytes(), "agents.csv")
        turns = turns_from_csv((DATA / "shifts.csv").read_bytes(), "shifts.csv", {a.login for a in agents})
        desk.desk.put_agents(agents)
        desk.desk.put_turns(turns)
        gaps = desk.desk.cover(date(2026, 10, 1), date(2026, 12, 31))
    found = {
        gap.day.isoformat(): " ".join(n for n, short in (("people", gap.people), ("technical", gap.technical)) if short)
        for gap in gaps
    }
    assert found == SHORT
    assert {(gap.end - gap.start) for gap in gaps} == {timedelta(hours=9)}


def test_people_who_left_cover_nothing(desk: TestDesk) -> None:
    desk.desk.put_turns(everybody(TODAY, 1))
    assert desk.desk.cover(TODAY, TODAY) == []
    desk.desk.put_agents([Agent("boris", "Борис", BORIS, technical=True, active=False)])
    (gap,) = desk.desk.cover(TODAY, TODAY)
    assert (gap.present, gap.people, gap.technical) == (("anna", "vera"), 1, 1)


def test_the_desk_looks_as_far_ahead_as_the_rules_say(desk: TestDesk) -> None:
    assert {gap.day for gap in desk.desk.cover()} <= {TODAY + timedelta(days=n) for n in range(28)}
    assert desk.desk.cover()[-1].day == date(2026, 6, 8)


def test_each_day_is_judged_by_the_rules_in_force_on_it(desk: TestDesk) -> None:
    text = shipped_text().replace('version = "2.0"', 'version = "2.1"').replace("people = 3\n", "people = 2\n")
    calendar = shipped_calendar().to_json()
    since = datetime(2026, 5, 13, 21, tzinfo=UTC)
    desk.store.write(lambda tx: tx.rules.add("2.1", since, text, calendar, MORNING))
    desk.regulations.fresh()
    desk.desk.put_turns([turn(login, TODAY + timedelta(days=n)) for n in range(4) for login in ("anna", "boris")])
    assert [gap.day.day for gap in desk.desk.cover(TODAY, date(2026, 5, 15))] == [12, 13]


def test_a_gap_is_mailed_to_the_lead_once(desk: TestDesk) -> None:
    desk.desk.put_turns(everybody(TODAY, 60))
    desk.desk.put_turns([turn("boris", TODAY, 10, 15)])
    assert [desk.desk.watch_roster(), desk.desk.watch_roster()] == [1, 0]
    desk.clock.forward(days=1)
    assert desk.desk.watch_roster() == 0
    ((to, text),) = told(desk, "roster_gaps")
    assert to == {ANNA}
    assert "12.05.2026 15:00–19:00: не хватает 1 человека и 1 технического специалиста; в смене: anna, vera" in text


def test_another_gap_is_another_letter(desk: TestDesk) -> None:
    desk.desk.put_turns(everybody(TODAY, 60))
    assert desk.desk.watch_roster() == 0
    desk.desk.put_turns([turn("vera", date(2026, 5, 20), 12, 19)])
    desk.desk.put_turns([turn("vera", date(2026, 5, 21), 12, 19)])
    assert desk.desk.watch_roster() == 1
    desk.desk.put_turns([turn("vera", date(2026, 5, 22), 12, 19)])
    assert desk.desk.watch_roster() == 1
    first, second = (text for _, text in told(desk, "roster_gaps"))
    assert ("20.05.2026" in first, "21.05.2026" in first, "20.05.2026" in second) == (True, True, False)


def test_where_the_roster_ends_is_told_once_not_day_by_day(desk: TestDesk) -> None:
    desk.desk.put_turns(everybody(TODAY, 10))
    assert desk.desk.watch_roster() == 1
    assert "Смены расписаны только по 21.05.2026." in told(desk, "roster_gaps")[0][1]
    for _ in range(12):
        desk.clock.forward(days=1)
        assert desk.desk.watch_roster() == 0


def test_a_desk_without_a_roster_is_told_of_no_gaps(desk: TestDesk) -> None:
    assert desk.desk.watch_roster() == 0


def test_who_is_on_shift_depends_on_the_hour(desk: TestDesk) -> None:
    desk.desk.put_turns([turn("boris", end=14), turn("vera", start=14)])
    assert [a.login for a in desk.desk.on_shift(MORNING)] == ["boris"]
    assert [a.login for a in desk.desk.on_shift(MORNING.replace(hour=11))] == ["vera"]
    assert desk.desk.on_shift(MORNING.replace(hour=16)) == []


def test_what_falls_due_after_opening_is_handed_over_once(desk: TestDesk) -> None:
    desk.desk.put_turns([turn("boris", end=15), turn("vera", start=12), *everybody(TODAY + timedelta(days=1), 60)])
    at(desk, 18, 20)
    desk.receive(mail("Вечерний вопрос"))
    desk.desk.watch()
    assert told(desk, "hand_over") == []
    at(desk, 18, 30)
    desk.desk.watch()
    desk.desk.watch()
    ((to, text),) = told(desk, "hand_over")
    assert to == {ANNA, VERA}
    assert "после открытия:" in text
    assert "VD-1001 Вечерний вопрос — до 13 мая, 10:20" in text


def test_a_gateway_that_slept_over_closing_time_hands_over_late(desk: TestDesk) -> None:
    at(desk, 18, 50)
    desk.receive(mail())
    at(desk, 21)
    desk.receive(mail("Ночной вопрос", message_id="<2@x.example>"))
    desk.desk.watch()
    ((_, text),) = told(desk, "hand_over")
    assert "Ночной вопрос" not in text


def test_answered_tickets_and_days_off_have_no_hand_over(desk: TestDesk) -> None:
    desk.receive(mail())
    desk.desk.reply(1001, "Уже смотрим.", "boris")
    at(desk, 18, 45)
    desk.desk.watch()
    desk.desk.set_status(1001, Status.INFO_NEEDED, "boris")
    at(desk, 18, 45, date(2026, 5, 16))
    desk.receive(mail("В субботу", message_id="<2@x.example>"))
    desk.desk.watch()
    assert told(desk, "hand_over") == []


def test_a_client_who_awaits_an_answer_is_handed_over(desk: TestDesk) -> None:
    desk.receive(mail())
    desk.desk.reply(1001, "Уже смотрим.", "boris")
    at(desk, 18, 15)
    desk.receive(mail("Re", "Как дела?", message_id="<2@roscha.example>", In_Reply_To="<first@roscha.example>"))
    at(desk, 18, 31)
    desk.desk.watch()
    ((_, text),) = told(desk, "hand_over")
    assert "VD-1001" in text
    assert "(boris)" in text


def test_who_writes_after_closing_time_is_not_handed_over_by_those_who_left(desk: TestDesk) -> None:
    desk.receive(mail())
    desk.desk.reply(1001, "Уже смотрим.", "boris")
    at(desk, 20)
    desk.receive(mail("Re", "Как дела?", message_id="<2@roscha.example>", In_Reply_To="<first@roscha.example>"))
    desk.desk.watch()
    assert told(desk, "hand_over") == []


def test_tickets_of_who_is_not_here_today_are_offered(desk: TestDesk) -> None:
    desk.receive(mail())
    desk.desk.take(1001, "boris")
    assert desk.desk.left_by_absent() == {}
    desk.desk.put_turns([turn("vera"), turn("boris", TODAY + timedelta(days=1))])
    assert {login: [t.number for t in found] for login, found in desk.desk.left_by_absent().items()} == {
        "boris": [1001]
    }
    at(desk, 18, 40)
    desk.desk.watch()
    ((to, text),) = told(desk, "hand_over")
    assert to == {ANNA, VERA}
    assert "Сегодня не в смене boris" in text
    desk.clock.forward(days=1)
    assert desk.desk.left_by_absent() == {}


def test_tickets_of_who_has_left_are_offered_with_or_without_a_roster(desk: TestDesk) -> None:
    desk.receive(mail())
    desk.desk.take(1001, "vera")
    desk.desk.put_agents([Agent("vera", "Вера", VERA, Role.AGENT, active=False)])
    assert set(desk.desk.left_by_absent()) == {"vera"}


def test_an_import_replaces_what_the_same_people_had_on_the_same_days(desk: TestDesk) -> None:
    desk.desk.put_turns(everybody(TODAY, 2))
    desk.desk.put_turns([turn("vera", start=12)])
    with desk.store.read() as tx:
        assert [(t.login, t.start.hour) for t in tx.shifts.between(TODAY, TODAY)] == [
            ("anna", 10),
            ("boris", 10),
            ("vera", 12),
        ]
    desk.desk.put_turns([turn("vera", start=13)], replace=True)
    with desk.store.read() as tx:
        assert [(t.login, t.start.hour) for t in tx.shifts.between(TODAY, TODAY)] == [("vera", 13)]
        assert len(tx.shifts.between(TODAY, TODAY + timedelta(days=1))) == 4
