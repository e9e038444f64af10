"""Warnings are given once: not lost by a pause of the gateway, not repeated by its return."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from intake.model import OutboxRow, Status
from tests.support.desks import TestDesk, a_desk, mail


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    with a_desk(tmp_path) as made:
        made.receive(mail())
        yield made


def told(desk: TestDesk) -> list[tuple[str, str]]:
    """(kind, recipient) of every letter to the desk's own people."""
    return [(row.kind, address) for row in desk.letters() for address, _, _ in row.recipients if row.kind in KINDS]


KINDS = {f"{name}_{what}" for name in ("reaction", "answer", "completion") for what in ("near", "breach")} | {
    "client_wrote"
}
ANNA = "anna@vitrina-domiland.example"
BORIS = "boris@vitrina-domiland.example"


def before_completion(desk: TestDesk) -> None:
    """Three hours before the ticket is due to be completed."""
    due = desk.ticket(1001).completion_due
    assert due is not None
    desk.clock.now = due - timedelta(hours=3)


def test_nobody_is_warned_early(desk: TestDesk) -> None:
    desk.clock.forward(minutes=44)
    assert desk.desk.watch() == 0


def test_a_near_reaction_is_told_to_the_lead_once(desk: TestDesk) -> None:
    desk.clock.forward(minutes=46)
    assert [desk.desk.watch(), desk.desk.watch()] == [1, 0]
    assert told(desk) == [("reaction_near", ANNA)]


def test_a_breach_is_told_and_stands_in_the_history(desk: TestDesk) -> None:
    desk.clock.forward(minutes=46)
    desk.desk.watch()
    desk.clock.forward(minutes=15)
    desk.desk.watch()
    assert told(desk) == [("reaction_near", ANNA), ("reaction_breach", ANNA)]
    with desk.store.read() as tx:
        assert [e.after for e in tx.tickets.events(1001) if e.kind == "breach"] == ["reaction"]


def test_at_the_very_end_of_a_term_it_is_not_broken_yet(desk: TestDesk) -> None:
    """§5: not more than 60 minutes."""
    desk.clock.forward(minutes=60)
    desk.desk.watch()
    desk.clock.forward(seconds=1)
    desk.desk.watch()
    assert [kind for kind, _ in told(desk)] == ["reaction_near", "reaction_breach"]


def test_after_a_long_sleep_only_the_breach_is_told(desk: TestDesk) -> None:
    desk.clock.forward(days=1)
    desk.desk.watch()
    desk.desk.watch()
    assert told(desk) == [("reaction_breach", ANNA)]


def test_a_ticket_in_hand_warns_its_agent_and_the_lead(desk: TestDesk) -> None:
    desk.desk.take(1001, "boris")
    before_completion(desk)
    desk.desk.watch()
    assert set(told(desk)) == {("completion_near", BORIS), ("completion_near", ANNA)}


def test_a_deadline_that_moves_warns_again(desk: TestDesk) -> None:
    desk.desk.take(1001, "boris")
    before_completion(desk)
    desk.desk.watch()
    desk.desk.set_status(1001, Status.PAYMENT, "boris")
    desk.clock.forward(days=2)
    desk.desk.set_status(1001, Status.IN_PROGRESS, "boris")
    desk.clock.forward(minutes=1)
    desk.desk.watch()
    assert [kind for kind, _ in told(desk)].count("completion_near") == 4


def test_an_answer_of_the_client_is_mailed_to_an_agent_without_a_screen(desk: TestDesk) -> None:
    desk.desk.reply(1001, "Уточните, пожалуйста.", "boris")
    desk.clock.forward(minutes=5)
    desk.receive(mail("Re", "Уточняю.", message_id="<2@roscha.example>", In_Reply_To="<first@roscha.example>"))
    desk.desk.watch()
    desk.desk.watch()
    assert told(desk) == [("client_wrote", BORIS)]


def test_who_has_his_screen_open_sees_it_there(desk: TestDesk) -> None:
    desk.desk.reply(1001, "Уточните, пожалуйста.", "boris")
    desk.clock.forward(minutes=5)
    desk.receive(mail("Re", "Уточняю.", message_id="<2@roscha.example>", In_Reply_To="<first@roscha.example>"))
    desk.desk.seen("boris")
    desk.desk.watch()
    assert told(desk) == []


def reminders(desk: TestDesk) -> list[OutboxRow]:
    return [row for row in desk.letters() if row.kind == "status_info_needed" and row.automatic]


def test_a_client_who_is_waited_for_is_reminded_after_working_days(desk: TestDesk) -> None:
    """Asked on Tuesday: three working days later is Friday's closing time."""
    desk.desk.set_status(1001, Status.INFO_NEEDED, "anna")
    desk.clock.forward(days=3)
    desk.desk.watch()
    assert reminders(desk) == []
    desk.clock.forward(hours=9)
    desk.desk.watch()
    desk.desk.watch()
    assert len(reminders(desk)) == 1


def test_nothing_closes_by_itself_unless_the_rules_say_so(desk: TestDesk) -> None:
    desk.desk.set_status(1001, Status.INFO_NEEDED, "anna")
    desk.clock.now += timedelta(days=120)
    desk.desk.watch()
    assert desk.ticket(1001).status is Status.INFO_NEEDED
