"""Slack through the real SDK: nothing posted twice, nothing heard lost, nobody pinged by a stranger's text."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.relays import RelayByKind
from gateway.slack_words import plain_text
from intake.desk.listening import SlackReply
from intake.letters.posting import CUT, READY, TAKE, escaped, posted_words
from intake.model import Delivery, Direction
from tests.support.departments import ASKING, DEPARTMENTS, FINANCE, LEGAL
from tests.support.desks import DESK_ADDRESS, MovedClock, mail
from tests.support.gateways import eventually
from tests.support.slack_rig import PostBox, Rig, a_rig
from tests.support.slack_server import CHANNELS


def with_file(text: str) -> bytes:
    """A mail of the client with a file."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "Ольга Петрова <olga@roscha.example>", DESK_ADDRESS, "Дата"
    made["Message-ID"] = "<file@roscha.example>"
    made.set_content(text)
    made.add_attachment(b"1", maintype="text", subtype="plain", filename="a.txt")
    return bytes(made)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with a_rig(tmp_path) as made:
        yield made


@pytest.mark.parametrize(
    ("topic", "places", "mailed", "due"),
    [
        ("legal", ["#legal"], [LEGAL], "среды, 13 мая, 3 рабочих дня"),
        ("settlements", ["#finance"], [FINANCE], "пятницы, 15 мая, 5 рабочих дней"),
        ("promotion", ["#marketing"], [], "среды, 13 мая, 3 рабочих дня"),
        ("development", ["#product", "#it"], [], "пятницы, 15 мая, 5 рабочих дней"),
        ("system_errors", ["#it"], [], "пятницы, 8 мая, 1 рабочий день"),
        ("data_edit", ["#it"], [], "пятницы, 8 мая, 1 рабочий день"),
        ("joint_events", ["#marketing"], [], "среды, 13 мая, 3 рабочих дня"),
        ("joint_pr", ["#marketing"], [], "среды, 13 мая, 3 рабочих дня"),
    ],
)
def test_a_topic_is_asked_where_and_until_when_clauses_7_and_8_say(
    tmp_path: Path, topic: str, places: list[str], mailed: list[str], due: str
) -> None:
    """Asked on Thursday 7 May 2026; 9 to 11 May are off. The post names the deadline that is counted by."""
    with a_rig(tmp_path, MovedClock(datetime(2026, 5, 7, 8, tzinfo=UTC))) as rig:
        rig.ask(topic=topic)
        posts = {place: rig.slack.kept(place) for place in CHANNELS}
        assert {place: len(found) for place, found in posts.items() if found} == dict.fromkeys(places, 1)
        assert all(f"до 19:00 МСК {due}, §7" in json.dumps(posts[p], ensure_ascii=False) for p in places)
        letters = [row for row in rig.desk.letters() if row.kind in ("escalation", "slack")]
        assert [row.recipients[0][0] for row in letters if row.kind == "escalation"] == mailed
        assert {row.state for row in letters} == {Delivery.SENT}
        assert list(rig.escalation().used) == (["slack", "mail"] if mailed else ["slack"])
        with rig.desk.store.read() as tx:
            assert "channel_replaced" not in [e.kind for e in tx.tickets.events(1001)]


@pytest.mark.parametrize("topic", ["legal", "data_edit"])
def test_a_department_without_a_channel_is_asked_by_mail_and_the_ticket_says_so(tmp_path: Path, topic: str) -> None:
    bare = replace(ASKING, departments=tuple(replace(d, slack_channel=None) for d in DEPARTMENTS))
    with a_rig(tmp_path, settings=bare) as rig:
        rig.ask(topic=topic)
        assert list(rig.escalation().used) == ["mail"]
        assert rig.slack.posts == {}
        with rig.desk.store.read() as tx:
            (said,) = [e for e in tx.tickets.events(1001) if e.kind == "channel_replaced"]
        assert (said.before, said.after) == ("slack", f"{rig.escalation().asked[0].department}: mail")


def test_two_departments_have_each_their_post(rig: Rig) -> None:
    rig.ask(topic="development")
    assert (len(rig.slack.kept("#product")), len(rig.slack.kept("#it"))) == (1, 1)


def test_a_post_pings_nobody_and_names_no_client(rig: Rig) -> None:
    rig.ask("Смотри <!channel> & <@U1> *жирно*")
    (post,) = rig.slack.kept()
    whole = json.dumps({name: value for name, value in post.items() if name != "metadata"}, ensure_ascii=False)
    assert "<" not in whole
    assert "&lt;!channel&gt; &amp; &lt;@U1&gt;" in whole
    assert "olga@roscha.example" not in whole
    assert "Ольга" not in whole
    assert post["link_names"] in (False, "0", 0)
    assert "до 19:00 МСК пятницы, 15 мая, 3 рабочих дня, §7" in whole


def test_a_strangers_subject_and_words_ping_nobody_in_posts_and_reminders(tmp_path: Path) -> None:
    """Asked without a question, a department reads the client's own words."""
    with a_rig(tmp_path) as rig:
        words = "Прочтите <!here> и <https://evil.example|договор>, <@U2> & @channel"
        rig.desk.receive(mail("<!channel> Срочно & <!everyone>", words, message_id="<2@roscha.example>"))
        rig.desk.desk.escalate(1002, "data_edit", "anna", "")
        rig.deliver()
        rig.desk.clock.now += timedelta(days=1)
        rig.desk.desk.watch()
        rig.deliver()
        posts = rig.slack.kept("#it")
        assert len(posts) == 2
        for post in posts:
            shown = {name: value for name, value in post.items() if name != "metadata"}
            assert "<" not in json.dumps(shown, ensure_ascii=False)
            assert (post["parse"], post["link_names"] in (False, "0", 0)) == ("none", True)
        assert "&lt;!here&gt;" in json.dumps(posts[0], ensure_ascii=False)
        assert "olga@roscha.example" not in json.dumps(posts, ensure_ascii=False)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("&" * 9000, False),
        ("<" * 3000, True),
        ("я" * 5000, True),
        ("Слово и дело. " * 800, True),
        ("строка\n" * 1500, True),
        ("\n" * 4000 + "конец", True),
        ("я" * 13_000, False),
    ],
)
def test_a_long_question_is_posted_whole_as_far_as_slack_takes_it(rig: Rig, text: str, whole: bool) -> None:
    rig.ask(text)
    assert rig.row().state is Delivery.SENT
    shown = posted_words(rig.row().raw)
    assert ("".join(shown.split()) == "".join(text.split())) == whole
    assert (CUT in shown) != whole
    with rig.desk.store.read() as tx:
        (stored,) = [m for m in tx.messages.of(1001) if m.outbox == rig.row().id]
    assert shown in stored.full_text


def test_a_post_shows_of_the_conversation_only_what_was_chosen_and_no_name(rig: Rig) -> None:
    rig.desk.receive(with_file("Вот снимок <!channel>"))
    with rig.desk.store.read() as tx:
        client = next(m for m in tx.messages.of(1002) if m.direction is Direction.IN)
    rig.desk.desk.escalate(1002, "data_edit", "anna", "Исправьте дату")
    rig.desk.desk.escalate(1002, "joint_pr", "anna", "Можно?", [client.id], [client.attachments[0].id])
    rig.deliver()
    bare, chosen = (json.dumps(rig.slack.kept(place), ensure_ascii=False) for place in ("#it", "#marketing"))
    assert "снимок" not in bare
    assert "Лицензиат, 12 мая, 11:00 МСК:\\nВот снимок &lt;!channel&gt;" in chosen
    assert "Файлы у поддержки, попросите в этой ветке: a.txt" in chosen
    assert not any(word in bare + chosen for word in ("Ольга", "olga@roscha.example", "<!"))


@given(st.text())
def test_what_was_escaped_reads_as_it_was_written(text: str) -> None:
    assert "<" not in escaped(text)
    assert plain_text(escaped(text)) == text


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("<https://a.example|договор>", "договор (https://a.example)"),
        ("<https://a.example>", "https://a.example"),
        ("<@U1> &amp; <!here>", "@U1 & @here"),
        ("<#C1|legal>", "#legal"),
    ],
)
def test_slacks_markup_is_written_out(said: str, shown: str) -> None:
    assert plain_text(said) == shown


def test_slack_that_asks_to_wait_gets_its_post_once(rig: Rig) -> None:
    rig.slack.faults = ["429"]
    rig.ask()
    assert (len(rig.slack.kept()), rig.row().state) == (1, Delivery.SENT)


@pytest.mark.parametrize(("fault", "before"), [("lost", 1), ("dropped", 0), ("500", 0)])
def test_a_post_whose_answer_was_lost_is_looked_for_before_it_is_repeated(rig: Rig, fault: str, before: int) -> None:
    rig.slack.faults = [fault]
    rig.ask()
    assert (len(rig.slack.kept()), rig.row().state) == (before, Delivery.UNCERTAIN)
    rig.desk.clock.forward(minutes=16)
    rig.deliver()
    assert (len(rig.slack.kept()), rig.row().state) == (1, Delivery.SENT)
    assert rig.slack.called("conversations.history")
    with rig.desk.store.read() as tx:
        assert tx.escalations.threads([1])[0].ts == rig.slack.kept()[0]["ts"]


def test_a_channel_that_is_not_there_fails_where_the_agent_sees_it(rig: Rig) -> None:
    rig.slack.faults = ["not_in_channel"]
    rig.ask()
    assert (rig.row().state, rig.row().error) == (Delivery.FAILED, "Slack: not_in_channel")
    assert rig.desk.ticket(1001).unread


def test_mail_does_not_wait_for_a_slack_that_is_away(rig: Rig) -> None:
    rig.slack.faults = ["dropped"]
    rig.ask()
    asked = [row for row in rig.desk.letters() if row.kind == "escalation"]
    assert [(row.recipients[0][0], row.state) for row in asked] == [(LEGAL, Delivery.SENT)]


def test_a_reply_in_the_thread_is_caught_up_with_once(rig: Rig) -> None:
    rig.ask()
    said = rig.slack.say(rig.slack.kept()[0], "Нельзя: см. <https://a.example|договор>")
    ears = rig.ears()
    assert [ears.catch_up(), ears.catch_up()] == [1, 0]
    (message,) = rig.heard()
    assert message.text == "Нельзя: см. договор (https://a.example)"
    assert message.sender_name == "Юлия Правова (Юридический департамент, Slack)"
    assert rig.escalation().asked[0].answer == message.id
    assert said["ts"]
    assert rig.desk.desk.quote_answer(1001, message.id).startswith("> Нельзя")


def test_a_person_who_is_mentioned_is_named(rig: Rig) -> None:
    rig.ask()
    rig.slack.say(rig.slack.kept()[0], "Спросите <@U2>, <@U9> или <@U3|Петра>")
    rig.ears().catch_up()
    assert rig.heard()[0].text == "Спросите @Иван Технов, @U9 или @Петра"


def test_an_edited_reply_changes_in_place_and_a_file_comes_as_a_link(rig: Rig) -> None:
    rig.ask()
    root = rig.slack.kept()[0]
    rig.slack.say(root, "Да", files=[{"name": "a.pdf", "permalink": "https://files.example/a.pdf"}])
    ears = rig.ears()
    ears.catch_up()
    assert rig.heard()[0].text == "Да\nФайл: a.pdf https://files.example/a.pdf"
    rig.slack.kept()[-1].update(text="Нет", edited={"user": "U1", "ts": "9.9"}, files=[])
    ears.catch_up()
    (message,) = rig.heard()
    assert (message.text, message.warnings) == ("Нет", ("edited in Slack",))


def test_whoever_takes_it_has_until_the_answer_is_ready(rig: Rig) -> None:
    rig.ask()
    root = rig.slack.kept()[0]
    desk = rig.desk.desk
    pressed = [desk.slack_pressed(root["channel"], root["ts"], "Юлия Правова", ready=False) for _ in range(2)]
    assert pressed == [True, False]
    rig.slack.say(root, "Смотрю.")
    rig.ears().catch_up()
    assert rig.escalation().answered_at is None
    assert desk.slack_pressed(root["channel"], root["ts"], "Юлия Правова", ready=True)
    assert rig.escalation().answered_at == rig.desk.clock()
    assert rig.escalation().asked[0].answer == rig.heard()[0].id


def test_a_reminder_hangs_on_the_thread(rig: Rig) -> None:
    rig.ask()
    rig.desk.clock.now += timedelta(days=2)
    rig.desk.desk.watch()
    rig.deliver()
    root, reminder = rig.slack.kept()
    assert reminder["thread_ts"] == root["ts"]
    assert "Напоминаем" in reminder["text"]


def test_socket_mode_brings_replies_and_buttons_and_survives_a_break(rig: Rig) -> None:
    rig.ask()
    root = rig.slack.kept()[0]
    ears = rig.ears()
    ears.start()
    try:
        eventually(lambda: rig.slack.connections == 1, what="the socket")
        event = {"event": rig.slack.say(root, "Через сокет")}
        told = rig.slack.tell(event)
        eventually(lambda: told in rig.slack.acknowledged, what="the acknowledgement")
        assert [m.text for m in rig.heard()] == ["Через сокет"]
        again = rig.slack.tell(event)
        eventually(lambda: again in rig.slack.acknowledged, what="the second acknowledgement")
        assert len(rig.heard()) == 1
        rig.slack.hang_up()
        eventually(lambda: rig.slack.connections >= 2, what="the new socket")
        gone = {"type": "message", "subtype": "message_deleted", "channel": root["channel"]}
        deleted = rig.slack.tell({"event": {**gone, "previous_message": event["event"]}})
        eventually(lambda: deleted in rig.slack.acknowledged, what="the deletion")
        assert rig.heard()[0].warnings == ("deleted in Slack",)
        press = {
            "type": "block_actions",
            "user": {"id": "U2"},
            "container": {"channel_id": root["channel"], "message_ts": root["ts"]},
            "actions": [{"action_id": READY}, {"action_id": TAKE}],
        }
        pressed = rig.slack.tell(press, "interactive")
        eventually(lambda: pressed in rig.slack.acknowledged, what="the button")
    finally:
        ears.stop(5)
    assert rig.escalation().answered_at is not None


@pytest.mark.parametrize(
    ("author", "email", "ours"),
    [
        ("Анна Белова", "", True),
        ("Аня", "ANNA@vitrina-domiland.example", True),
        ("Анна Белова", "another.anna@licensor.example", False),
        ("Борис Гусев", "boris@vitrina-domiland.example", False),
    ],
)
def test_who_asks_answers_nothing_in_the_thread(rig: Rig, author: str, email: str, ours: bool) -> None:
    """What Anna adds to her question is told to the department; Boris may be one of it."""
    rig.ask(topic="data_edit")
    root = rig.slack.kept("#it")[0]
    said = SlackReply(root["channel"], root["ts"], "9.9", author, "Это срочно.", rig.desk.clock(), "", email)
    assert [rig.desk.desk.slack_said(said), rig.desk.desk.slack_said(said)] == [True, False]
    assert (rig.escalation().answered_at is None) == ours
    with rig.desk.store.read() as tx:
        last = tx.messages.of(1001)[-1]
    assert last.text == "Это срочно."
    assert (last.direction, last.author) == ((Direction.DEPT_OUT, "anna") if ours else (Direction.DEPT_IN, None))


def test_words_beside_our_threads_are_nobodys_business(rig: Rig) -> None:
    rig.ask()
    root = rig.slack.kept()[0]
    ears = rig.ears()
    for event in (
        {"type": "message", "channel": root["channel"], "user": "U1", "ts": "5.1", "text": "просто так"},
        {"type": "message", "channel": root["channel"], "user": "U1", "ts": "5.2", "thread_ts": "4.4", "text": "чужое"},
        {"type": "message", "channel": root["channel"], "bot_id": "B", "ts": "5.3", "thread_ts": root["ts"]},
        {"type": "reaction_added", "user": "U1"},
    ):
        ears._event(event)
    assert rig.heard() == []


def test_without_slack_a_queued_post_fails_visibly(rig: Rig) -> None:
    rig.desk.desk.escalate(1001, "data_edit", "anna", "?")
    answered = asyncio.run(RelayByKind(PostBox(), None).send(rig.row(), cast(Any, None)))
    assert [state for state, _ in answered.outcomes.values()] == [Delivery.FAILED]
