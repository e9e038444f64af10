"""A question asked in a ticket that was merged into another lives on there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake.desk.listening import SlackReply
from intake.escalations import OpenPage
from intake.model import Direction
from tests.support.departments import ASKING, asked, parsed
from tests.support.desks import MovedClock, TestDesk, a_desk, mail
from tests.support.slack_rig import Rig, a_rig

THURSDAY = datetime(2026, 5, 7, 8, tzinfo=UTC)
WEDNESDAY = datetime(2026, 5, 13, 7, 30, tzinfo=UTC)
"""The day on which legal's answer is due."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """Boris asked legal in VD-1001, which became part of VD-1002, Anna's."""
    with a_desk(tmp_path, ASKING, MovedClock(THURSDAY)) as made:
        made.receive(mail())
        made.desk.escalate(1001, "legal", "boris", "Можно ли?")
        made.receive(mail("Другое", message_id="<other@roscha.example>"))
        made.desk.assign(1002, "anna", "anna")
        made.desk.merge(1001, 1002, "anna")
        made.desk.mark_read(1002)
        yield made


def kinds(desk: TestDesk, number: int) -> list[str]:
    with desk.store.read() as tx:
        return [e.kind for e in tx.tickets.events(number)]


def test_a_reminder_stands_in_the_ticket_that_lives_and_in_the_departments_thread(desk: TestDesk) -> None:
    desk.clock.now = WEDNESDAY
    desk.desk.watch()
    (reminder,) = asked(desk, "escalation_reminder")
    assert str(parsed(asked(desk)[0])["Message-ID"]) in str(parsed(reminder)["References"])
    with desk.store.read() as tx:
        shown = tx.messages.of(1002)[-1]
        assert tx.messages.of(1001) == []
    assert (shown.direction, shown.message_id) == (Direction.DEPT_OUT, reminder.message_id)
    assert kinds(desk, 1002)[-1] == "dept_reminded"


def test_a_late_answer_calls_who_has_the_ticket_now(desk: TestDesk) -> None:
    desk.clock.now = WEDNESDAY + timedelta(days=1)
    desk.desk.watch()
    desk.desk.watch()
    (letter,) = asked(desk, "second_line_breach")
    assert {address for address, _, _ in letter.recipients} == {
        "anna@vitrina-domiland.example",
        "head.legal@licensor.example",
    }
    assert "VD-1002" in str(parsed(letter)["Subject"])
    assert desk.ticket(1002).unread
    assert kinds(desk, 1002)[-1] == "dept_late"


def test_when_that_is_closed_nobody_is_pressed(desk: TestDesk) -> None:
    desk.desk.close(1002, "anna", quiet=True)
    desk.clock.now = WEDNESDAY
    desk.desk.watch()
    desk.clock.forward(days=1)
    desk.desk.watch()
    assert asked(desk, "escalation_reminder") + asked(desk, "second_line_breach") == []


def merged(rig: Rig) -> None:
    rig.desk.receive(mail("Другое", message_id="<other@roscha.example>"))
    rig.desk.desk.merge(1001, 1002, "anna")


def test_a_button_in_slack_works_on_in_the_ticket_that_lives(tmp_path: Path) -> None:
    with a_rig(tmp_path) as rig:
        rig.ask(topic="data_edit")
        root = rig.slack.kept("#it")[0]
        pressed = rig.desk.desk.slack_pressed(root["channel"], root["ts"], "Иван", ready=False)
        merged(rig)
        said = SlackReply(root["channel"], root["ts"], "9.9", "Иван", "Исправили.", rig.desk.clock())
        assert rig.desk.desk.slack_said(said)
        assert rig.escalation().answered_at is None
        assert rig.desk.desk.slack_pressed(root["channel"], root["ts"], "Иван", ready=True)
        with rig.desk.store.read() as tx:
            answer = tx.messages.of(1002)[-1]
            assert tx.escalations.of(1002)[0].asked[0].answer == answer.id
        assert (pressed, answer.text) == (True, "Исправили.")
        assert kinds(rig.desk, 1002)[-2:] == ["dept_wrote", "dept_answered"]


def test_a_question_is_found_however_often_its_ticket_was_merged(store_url: str) -> None:
    with a_desk(store_url, ASKING, MovedClock(THURSDAY)) as desk:
        desk.receive(mail())
        desk.desk.escalate(1001, "legal", "boris", "Можно ли?")
        for number in range(1002, 1007):
            desk.receive(mail("Ещё", message_id=f"<m{number}@roscha.example>"))
            desk.desk.merge(number - 1, number, "anna")
        with desk.store.read() as tx:
            assert [e.topic for e in tx.escalations.of(1006)] == ["legal"]
            assert [part.number for part in tx.escalations.open_parts(OpenPage())] == [1006]
            assert tx.escalations.open_counts() == {"legal": 1}
