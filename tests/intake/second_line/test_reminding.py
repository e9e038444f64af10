"""Departments are reminded and late answers told, each once, at the working times of §7."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake.explaining import explain, words
from intake.model import OutboxRow
from tests.support import departments
from tests.support.departments import ASKING, HEAD, answer, asked, parsed
from tests.support.desks import MovedClock, TestDesk, a_desk, mail

THURSDAY = datetime(2026, 5, 7, 8, tzinfo=UTC)
ANNA, BORIS = "anna@vitrina-domiland.example", "boris@vitrina-domiland.example"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """Legal was asked on Thursday 7 May; due Wednesday 13 May, 19:00, the holidays of 9 to 11 May between."""
    with a_desk(tmp_path, ASKING, MovedClock(THURSDAY)) as made:
        made.receive(mail())
        made.desk.escalate(1001, "legal", "boris", "Можно ли?")
        yield made


def of_kind(desk: TestDesk, kind: str) -> list[OutboxRow]:
    return [row for row in desk.letters() if row.kind == kind]


def at(desk: TestDesk, day: int, hour: int, minute: int = 0) -> int:
    """Look at the desk at a Moscow time in May; how many letters to departments and about them that made."""
    desk.clock.now = datetime(2026, 5, day, hour - 3, minute, tzinfo=UTC)
    before = len(_about(desk))
    desk.desk.watch()
    desk.desk.watch()
    return len(_about(desk)) - before


def _about(desk: TestDesk) -> list[OutboxRow]:
    kinds = ("escalation_reminder", "second_line_breach", "dept_wrote")
    return [row for row in desk.letters() if row.kind in kinds]


def test_a_department_is_reminded_on_the_working_day_before_and_on_the_day(desk: TestDesk) -> None:
    assert [at(desk, 8, 12), at(desk, 11, 12), at(desk, 12, 9, 59)] == [0, 0, 0]
    assert [at(desk, 12, 10), at(desk, 12, 18), at(desk, 13, 9)] == [1, 0, 0]
    assert [at(desk, 13, 10), at(desk, 13, 19)] == [1, 0]
    first, second = of_kind(desk, "escalation_reminder")
    thread = str(parsed(asked(desk)[0])["Message-ID"])
    assert thread in str(parsed(first)["References"])
    assert parsed(first)["Auto-Submitted"] == "auto-generated"
    assert "Напоминаем: вашего ответа ждут до 19:00 МСК среды, 13 мая" in departments.words(second)


def test_after_a_long_sleep_only_the_last_reminder_leaves(desk: TestDesk) -> None:
    assert at(desk, 13, 12) == 1


def test_a_late_answer_is_told_once_to_agent_lead_and_head(desk: TestDesk) -> None:
    assert [at(desk, 13, 19, 1), at(desk, 14, 12)] == [1, 0]
    (letter,) = of_kind(desk, "second_line_breach")
    assert {address for address, _, _ in letter.recipients} == {ANNA, BORIS, HEAD}
    with desk.store.read() as tx:
        late = [e for e in tx.tickets.events(1001) if e.kind == "dept_late"]
    assert [(e.before, e.after) for e in late] == [("legal", "legal")]
    assert desk.ticket(1001).unread


@pytest.mark.parametrize("how", ["mail", "hand"])
def test_who_has_answered_is_neither_reminded_nor_late(desk: TestDesk, how: str) -> None:
    if how == "mail":
        letter = asked(desk)[0]
        desk.receive(answer(letter, "Да."), rcpt_to=str(parsed(letter)["Reply-To"]))
    else:
        desk.desk.answered(1001, "legal", "boris")
    at(desk, 12, 11)
    at(desk, 14, 11)
    assert of_kind(desk, "escalation_reminder") + of_kind(desk, "second_line_breach") == []


def test_a_closed_ticket_presses_nobody(desk: TestDesk) -> None:
    desk.desk.close(1001, "boris")
    assert at(desk, 14, 11) == 0


def test_of_two_departments_only_the_silent_one_is_pressed(tmp_path: Path) -> None:
    with a_desk(tmp_path, ASKING, MovedClock(THURSDAY)) as desk:
        desk.receive(mail())
        desk.desk.escalate(1001, "development", "boris", "Сделаем?")
        desk.desk.answered(1001, "development", "boris", department="it")
        at(desk, 15, 11)
        assert [row.recipients[0][0] for row in of_kind(desk, "escalation_reminder")] == [departments.PRODUCT]


def test_an_answer_is_mailed_to_the_assignee_who_does_not_look(desk: TestDesk) -> None:
    letter = asked(desk)[0]
    desk.receive(answer(letter, "ВНУТРЕННЕЕ"), rcpt_to=str(parsed(letter)["Reply-To"]))
    desk.desk.watch()
    desk.desk.watch()
    (told,) = of_kind(desk, "dept_wrote")
    assert told.recipients[0][0] == BORIS


def test_an_answer_to_a_reminder_is_the_departments(desk: TestDesk) -> None:
    at(desk, 12, 10)
    reminder = of_kind(desk, "escalation_reminder")[0]
    desk.receive(answer(reminder, "Да."), rcpt_to=desk.settings.address)
    with desk.store.read() as tx:
        assert tx.escalations.of(1001)[0].answered_at == desk.clock()


def test_explain_says_why_the_department_has_that_long(desk: TestDesk) -> None:
    with desk.store.read() as tx:
        ticket, events, asked_ = tx.tickets.get(1001), tx.tickets.events(1001), tx.escalations.of(1001)
    regulation = desk.regulations.of(ticket.regulation)
    found = explain(ticket, events, regulation, desk.clock() + timedelta(hours=1), asked_)[-1]
    assert (found.kind, found.clause, found.state) == ("second_line", "§7", "running")
    assert found.due == asked_[0].answer_due
    working = [segment for segment in found.segments if segment.kind == "working_day"]
    assert found.segments[0].kind == "day_of_sending"
    assert [segment.counted for segment in working] == [True, True, True]
    assert "Вторая линия: до 13 мая, 19:00 МСК" in words(found, regulation, desk.clock())[0]
