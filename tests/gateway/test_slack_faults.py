"""Slack at its worst: kills, silence, wishes to wait, sockets that break. Nothing is lost, and nothing is said twice
but what nobody could find."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.letter_leases import LEASE
from gateway.slack_client import web_client
from gateway.slack_relay import SlackRelay
from intake.letters.posting import READY, TAKE
from intake.model import Delivery, OutboxRow
from tests.support.departments import IT, LEGAL, PRODUCT, answer, asked, parsed, words
from tests.support.gateways import eventually
from tests.support.programs import started
from tests.support.slack_rig import Rig, a_rig


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with a_rig(tmp_path) as made:
        yield made


def killed_while_posting(rig: Rig, fault: str) -> None:
    """Another process posts what is due, and gets a SIGKILL while Slack owes it the answer."""
    rig.slack.faults = [fault]
    command = [sys.executable, "-m", "tests.support.sending_process", rig.url, rig.slack.base_url]
    with started(command) as (process, _):
        assert rig.slack.seen.wait(60)
        process.kill()
        process.wait(20)


def after_restart(rig: Rig) -> None:
    """The leases of the killed process have run out, and so has the pause of what is uncertain."""
    rig.desk.clock.now = datetime.now(UTC) + LEASE + timedelta(seconds=1)
    rig.deliver()
    rig.desk.clock.forward(minutes=16)
    rig.deliver()


def posts_of(rig: Rig) -> list[OutboxRow]:
    return [row for row in rig.desk.letters() if row.kind in ("slack", "slack_reminder")]


@pytest.mark.parametrize(
    ("fault", "trouble", "posted"),
    [("held", "", 1), ("late", "", 1), ("late", "missing_scope", 2)],
    ids=["before it was accepted", "before that was written down", "and nobody may look"],
)
def test_a_post_whose_sender_was_killed_is_looked_for_before_it_is_repeated(
    rig: Rig, fault: str, trouble: str, posted: int
) -> None:
    rig.desk.desk.escalate(1001, "data_edit", "anna", "Исправьте адрес.")
    killed_while_posting(rig, fault)
    assert len(rig.slack.kept("#it")) == (1 if fault == "late" else 0)
    rig.slack.troubles = {"conversations.history": [trouble] if trouble else []}
    after_restart(rig)
    (row,) = posts_of(rig)
    assert (len(rig.slack.kept("#it")), row.state) == (posted, Delivery.SENT)
    assert row.repeated == (fault == "held" or posted == 2)
    assert bool(rig.slack.called("conversations.history")) is not bool(trouble)


def test_a_killed_reminder_is_looked_for_in_its_thread(rig: Rig) -> None:
    rig.ask("Исправьте адрес.", topic="data_edit")
    rig.desk.clock.now += timedelta(days=1)
    rig.desk.desk.watch()
    killed_while_posting(rig, "late")
    after_restart(rig)
    root, reminder = rig.slack.kept("#it")
    assert reminder["thread_ts"] == root["ts"]
    assert [row.state for row in posts_of(rig)] == [Delivery.SENT] * 2
    assert rig.slack.called("conversations.replies")


def test_what_stands_on_a_later_page_is_found(rig: Rig) -> None:
    rig.slack.faults = ["lost"]
    rig.ask(topic="data_edit")
    rig.slack.page = 2
    for _ in range(5):
        rig.slack.posts["C0ITDEPT1"].append({"ts": rig.slack.ts(), "user": "U2", "text": "другое", "type": "message"})
    rig.desk.clock.forward(minutes=16)
    rig.deliver()
    assert rig.row().state is Delivery.SENT
    assert len(rig.slack.called("chat.postMessage")) == 1
    assert len(rig.slack.called("conversations.history")) == 3


@pytest.mark.parametrize("trouble", ["429:1", "500", "dropped", "internal_error"])
def test_while_it_can_not_be_looked_for_it_is_not_repeated(rig: Rig, trouble: str) -> None:
    rig.slack.faults = ["lost"]
    rig.ask(topic="data_edit")
    rig.slack.troubles = {"conversations.history": [trouble]}
    rig.desk.clock.forward(minutes=16)
    rig.deliver()
    assert rig.row().state is Delivery.UNCERTAIN
    rig.desk.clock.forward(minutes=5)
    rig.deliver()
    assert (rig.row().state, len(rig.slack.kept("#it"))) == (Delivery.SENT, 1)


@pytest.mark.parametrize("fault", ["held", "late"])
def test_slack_that_never_answers_makes_a_post_uncertain(rig: Rig, fault: str) -> None:
    rig.slack.faults = [fault]
    rig.desk.desk.escalate(1001, "data_edit", "anna", "?")
    rig.deliver(timeout=0.3)
    assert rig.row().state is Delivery.UNCERTAIN
    rig.desk.clock.forward(minutes=16)
    rig.deliver()
    assert (rig.row().state, len(rig.slack.kept("#it"))) == (Delivery.SENT, 1)


def test_a_long_wish_to_wait_is_kept_to_for_every_post(rig: Rig) -> None:
    """Nothing is asked of Slack meanwhile, and mail goes on."""
    rig.relay = SlackRelay(web_client(rig.settings(), timeout=2), rig.desk.store)
    rig.slack.faults = ["429:900"]
    rig.ask(topic="data_edit")
    assert (rig.row().state, rig.row().error) == (Delivery.QUEUED, "Slack asks to wait 900 s")
    rig.desk.desk.escalate(1001, "legal", "anna", "?")
    rig.desk.clock.forward(minutes=5)
    rig.deliver()
    assert rig.slack.posts == {}
    assert len(rig.slack.faults) == 0
    assert [row.state for row in rig.desk.letters() if row.kind == "escalation"] == [Delivery.SENT]
    rig.relay = None
    rig.desk.clock.forward(minutes=15)
    rig.deliver()
    assert {row.state for row in posts_of(rig)} == {Delivery.SENT}


def test_a_thread_that_can_not_be_read_keeps_no_other_from_being_read(rig: Rig) -> None:
    rig.ask(topic="data_edit")
    rig.ask(topic="legal")
    rig.slack.say(rig.slack.kept("#it")[0], "Исправили.", "U2")
    rig.slack.say(rig.slack.kept("#legal")[0], "Можно.")
    rig.slack.troubles = {"conversations.replies": ["not_in_channel"]}
    assert rig.ears().catch_up() == 1
    assert rig.ears().catch_up() == 1
    assert sorted(m.text for m in rig.heard()) == ["Исправили.", "Можно."]


def test_slack_that_asks_to_wait_while_threads_are_read_is_asked_again(rig: Rig) -> None:
    rig.ask(topic="data_edit")
    rig.slack.say(rig.slack.kept("#it")[0], "Исправили.", "U2")
    rig.slack.troubles = {"conversations.replies": ["429:0"]}
    assert rig.ears().catch_up() == 1


def test_what_was_deleted_while_nobody_listened_is_marked_and_kept(rig: Rig) -> None:
    rig.ask(topic="data_edit")
    root = rig.slack.kept("#it")[0]
    rig.slack.say(root, "Пароль: 123", "U2")
    rig.slack.say(root, "Исправили.", "U2")
    ears = rig.ears()
    assert ears.catch_up() == 2
    del rig.slack.kept("#it")[1]
    rig.slack.page = 1
    assert [ears.catch_up(), ears.catch_up()] == [1, 0]
    assert [(m.text, m.warnings) for m in rig.heard()] == [
        ("Пароль: 123", ("deleted in Slack",)),
        ("Исправили.", ()),
    ]


def test_a_new_socket_looks_at_once_for_what_was_said_without_one(rig: Rig) -> None:
    rig.ask(topic="data_edit")
    ears = rig.ears()
    ears.start()
    try:
        eventually(lambda: rig.slack.connections == 1, what="the socket")
        rig.slack.troubles = {"apps.connections.open": ["500", "429"]}
        rig.slack.say(rig.slack.kept("#it")[0], "Сказано без связи.", "U2")
        rig.slack.hang_up()
        eventually(lambda: rig.slack.connections >= 2, what="the new socket")
        eventually(rig.heard, what="what was said meanwhile")
    finally:
        ears.stop(5)
    assert [m.text for m in rig.heard()] == ["Сказано без связи."]


@pytest.mark.parametrize(("action", "words"), [(TAKE, "Взято в работу"), (READY, "Ответ готов")])
def test_who_presses_a_button_is_named_in_the_thread_once(rig: Rig, action: str, words: str) -> None:
    rig.ask(topic="data_edit")
    root = rig.slack.kept("#it")[0]
    press: dict[str, Any] = {
        "type": "block_actions",
        "user": {"id": "U2"},
        "container": {"channel_id": root["channel"], "message_ts": root["ts"]},
        "actions": [{"action_id": action}],
    }
    ears = rig.ears()
    ears.start()
    try:
        eventually(lambda: rig.slack.connections == 1, what="the socket")
        for _ in range(2):
            pressed = rig.slack.tell(press, "interactive")
            eventually(lambda: pressed in rig.slack.acknowledged, what="the button")  # noqa: B023
        eventually(lambda: len(rig.slack.kept("#it")) == 2, what="the words")
    finally:
        ears.stop(5)
    _, said = rig.slack.kept("#it")
    assert (said["text"], said["thread_ts"]) == (f"{words}: Иван Технов", root["ts"])
    assert rig.ears().catch_up() == 0


def test_a_page_of_somebody_between_us_and_slack_is_no_answer(rig: Rig) -> None:
    """A proxy's page says nothing about whether Slack has the post."""
    rig.slack.faults = ["<html>Доступ ограничен"]
    rig.ask(topic="data_edit")
    assert rig.row().state is Delivery.UNCERTAIN


def test_the_relay_closes_with_nothing_open(rig: Rig) -> None:
    relay = SlackRelay(web_client(rig.settings(), timeout=2), rig.desk.store)
    assert asyncio.run(relay.check()) is None
    rig.slack.troubles = {"auth.test": ["invalid_auth"]}
    assert asyncio.run(relay.check()) == "Slack: invalid_auth"


def by_mail(rig: Rig, kind: str = "escalation") -> list[str]:
    return [row.recipients[0][0] for row in rig.desk.letters() if row.kind == kind]


@pytest.mark.parametrize("fault", ["invalid_auth", "channel_not_found", "not_in_channel", "msg_too_long"])
def test_what_slack_refuses_goes_by_mail_and_the_ticket_says_so(rig: Rig, fault: str) -> None:
    rig.slack.faults = [fault]
    rig.ask("Исправьте дату <срочно>", topic="data_edit")
    rig.deliver()
    assert (rig.row().state, rig.slack.kept("#it")) == (Delivery.FAILED, [])
    (letter,) = asked(rig.desk)
    assert (letter.recipients[0][:2], letter.state) == ((IT, Delivery.SENT), Delivery.SENT)
    assert "Исправьте дату <срочно>" in words(letter)
    assert "Ответ нужен: до 19:00 МСК" in words(letter)
    assert rig.escalation().used == ("mail",)
    with rig.desk.store.read() as tx:
        (told,) = [e for e in tx.tickets.events(1001) if e.kind == "channel_replaced"]
    assert (told.before, told.after) == ("slack", "it: mail")
    rig.desk.receive(answer(letter, "Исправлено.", IT), rcpt_to=str(parsed(letter)["Reply-To"]))
    assert rig.escalation().answered_at is not None


def test_a_department_that_was_written_to_anyway_gets_no_second_letter(rig: Rig) -> None:
    rig.slack.faults = ["invalid_auth"]
    rig.ask(topic="legal")
    rig.deliver()
    assert (rig.row().state, by_mail(rig)) == (Delivery.FAILED, [LEGAL])


def test_a_post_that_twice_was_not_answered_goes_by_mail_too(rig: Rig) -> None:
    rig.slack.faults = ["500", "500"]
    rig.ask(topic="data_edit")
    rig.desk.clock.forward(minutes=16)
    rig.deliver()
    rig.deliver()
    assert (rig.row().state, by_mail(rig)) == (Delivery.UNCERTAIN, [IT])
    assert rig.escalation().used == ("slack", "mail")


def test_what_waited_for_a_slack_that_was_turned_off_goes_by_mail(rig: Rig) -> None:
    rig.slack.faults = ["429:600", "429:600"]
    rig.ask(topic="development")
    assert by_mail(rig) == []
    rig.off = True
    rig.desk.clock.forward(minutes=30)
    rig.deliver()
    rig.deliver()
    assert sorted(by_mail(rig)) == [IT, PRODUCT]
    assert {row.state for row in asked(rig.desk)} == {Delivery.SENT}


def test_a_reminder_that_slack_refuses_goes_by_mail(rig: Rig) -> None:
    rig.ask(topic="data_edit")
    rig.slack.faults = ["channel_not_found"]
    rig.desk.clock.now += timedelta(days=1)
    rig.desk.desk.watch()
    rig.deliver()
    rig.deliver()
    assert by_mail(rig, "escalation_reminder") == [IT]
    assert "Напоминаем" in words(asked(rig.desk, "escalation_reminder")[0])


def test_who_has_answered_already_is_not_written_to(rig: Rig) -> None:
    rig.slack.faults = ["429:600"]
    rig.ask(topic="data_edit")
    rig.desk.desk.answered(1001, "data_edit", "anna")
    rig.off = True
    rig.desk.clock.forward(minutes=30)
    rig.deliver()
    assert (rig.row().state, by_mail(rig)) == (Delivery.FAILED, [])


@pytest.mark.parametrize("question", ["Исправьте дату", ""])
def test_reminders_go_by_mail_once_slack_is_turned_off_and_say_what_is_asked(rig: Rig, question: str) -> None:
    rig.ask(question, topic="data_edit")
    rig.off = True
    rig.desk.desk._settings = replace(rig.desk.desk._settings, slack=False)
    rig.desk.clock.now += timedelta(days=1)
    rig.desk.desk.watch()
    rig.deliver()
    (reminder,) = asked(rig.desk, "escalation_reminder")
    assert (reminder.recipients[0][0], reminder.state) == (IT, Delivery.SENT)
    assert (question or "не открывается витрина") in words(reminder)
    assert "первом письме" not in words(reminder)


def test_the_name_of_who_answers_is_waited_for(rig: Rig) -> None:
    rig.ask()
    rig.slack.say(rig.slack.kept()[0], "Да")
    rig.slack.troubles = {"users.info": ["429:0"]}
    assert rig.ears().catch_up() == 1
    assert rig.heard()[0].sender_name.startswith("Юлия Правова")
