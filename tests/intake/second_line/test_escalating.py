"""Asking departments: who, over what, until when, and what they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from intake.desk.listening import SlackReply
from intake.errors import NotFound, Refused
from intake.escalations import Post
from intake.letters.enclosures import Enclosure
from intake.model import Direction
from intake.settings import Department, DeskSettings
from intake.views import View
from tests.support.departments import ASKING, FINANCE, IT, LEGAL, MARKETING, PRODUCT, asked, parsed, words
from tests.support.desks import MovedClock, TestDesk, a_desk, mail

MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.fixture
def desk(store_url: str) -> Iterator[TestDesk]:
    with a_desk(store_url, ASKING) as made:
        made.receive(mail())
        yield made


def shown(desk: TestDesk) -> list[dict[str, object]]:
    """Escalations as `ticket --json` has them."""
    with desk.store.read() as tx:
        found: list[dict[str, object]] = View("Europe/Moscow").whole(tx, tx.tickets.get(1001))["escalations"]
    return found


@pytest.mark.parametrize(
    ("topic", "departments", "recipients", "due"),
    [
        ("legal", ["legal"], [LEGAL], "2026-05-13T19:00:00+03:00"),
        ("settlements", ["finance"], [FINANCE], "2026-05-15T19:00:00+03:00"),
        ("promotion", ["marketing"], [MARKETING], "2026-05-13T19:00:00+03:00"),
        ("development", ["product", "it"], [PRODUCT, IT], "2026-05-15T19:00:00+03:00"),
        ("system_errors", ["it"], [IT], "2026-05-08T19:00:00+03:00"),
        ("data_edit", ["it"], [IT], "2026-05-08T19:00:00+03:00"),
        ("joint_events", ["marketing"], [MARKETING], "2026-05-13T19:00:00+03:00"),
        ("joint_pr", ["marketing"], [MARKETING], "2026-05-13T19:00:00+03:00"),
    ],
)
def test_each_topic_goes_where_and_until_when_the_regulation_says(
    store_url: str, topic: str, departments: list[str], recipients: list[str], due: str
) -> None:
    """§7, §8. Asked on Thursday 7 May 2026: Friday is the first working day, 9 to 11 May are off."""
    with a_desk(store_url, ASKING, MovedClock(datetime(2026, 5, 7, 8, tzinfo=UTC))) as desk:
        desk.receive(mail())
        desk.desk.escalate(1001, topic, "anna", "Как быть?")
        (made,) = shown(desk)
        assert (made["topic"], made["departments"], made["answer_due"]) == (topic, departments, due)
        assert made["channels"] == ["mail"]
        assert [row.recipients[0][0] for row in asked(desk)] == recipients
        with desk.store.read() as tx:
            kinds = [(e.kind, e.after) for e in tx.tickets.events(1001)]
        assert ("escalated", topic) in kinds
        assert [a for k, a in kinds if k == "channel_replaced"] == [f"{d}: mail" for d in departments]


def test_asking_is_a_reaction_and_takes_a_free_ticket(desk: TestDesk) -> None:
    desk.clock.forward(minutes=5)
    ticket = desk.desk.escalate(1001, "legal", "boris", "Можно ли?")
    assert (ticket.assignee, ticket.reacted_at) == ("boris", desk.clock())
    assert ticket.answered_at is None


def test_a_busy_lawyer_reads_who_what_and_until_when(desk: TestDesk) -> None:
    desk.desk.escalate(1001, "legal", "anna", "Можно ли расторгнуть договор?")
    (letter,) = asked(desk)
    said = parsed(letter)
    assert said["Subject"] == "[VD-1001] Правовые вопросы: Не открывается витрина"
    assert said["Auto-Submitted"] is None
    text = words(letter)
    assert "Ответ нужен: до 19:00 МСК пятницы, 15 мая, 3 рабочих дня, §7" in text
    assert "Спрашивает: Анна Белова" in text
    assert "Можно ли расторгнуть договор?" in text
    assert "Просто ответьте на это письмо" in text
    assert "> Добрый день! После обновления не открывается витрина" in text
    assert text.index("Можно ли") < text.index("> Добрый день!")


def test_the_answering_address_is_of_its_own_kind(desk: TestDesk) -> None:
    desk.desk.escalate(1001, "legal", "anna", "?")
    said = parsed(asked(desk)[0])
    address = str(said["Reply-To"])
    assert address.startswith("support+vd-1001-legal-")
    assert desk.signer.asked_of_address(address) == 1
    assert desk.signer.ticket_of_address(address) is None
    assert desk.signer.asked_of_address(desk.signer.reply_address(desk.settings.address, "VD-1001")) is None
    assert desk.signer.ticket_of_message_id(str(said["Message-ID"])) is None


def test_nothing_internal_is_shown(desk: TestDesk) -> None:
    desk.desk.note(1001, "СЕКРЕТНАЯ заметка", "anna")
    desk.desk.reply(1001, "Мы разбираемся.", "anna")
    desk.desk.escalate(1001, "settlements", "anna", "ВОПРОС ФИНАНСАМ")
    desk.desk.escalate(1001, "legal", "anna", "А юристам?")
    text = words(asked(desk)[-1])
    assert "> Мы разбираемся." in text
    assert "СЕКРЕТНАЯ" not in text
    assert "ВОПРОС ФИНАНСАМ" not in text


def test_what_is_internal_can_not_be_chosen(desk: TestDesk) -> None:
    desk.desk.note(1001, "Заметка", "anna")
    with desk.store.read() as tx:
        note = next(m.id for m in tx.messages.of(1001) if m.direction is Direction.NOTE)
    with pytest.raises(Refused, match="внутреннее"):
        desk.desk.escalate(1001, "legal", "anna", "?", messages=[note])
    with pytest.raises(NotFound):
        desk.desk.escalate(1001, "legal", "anna", "?", messages=[9999])
    assert asked(desk) == []


def test_files_go_with_the_question(desk: TestDesk) -> None:
    data = bytes(range(256)) * 9
    desk.desk.reply(1001, "Вот договор.", "anna", [Enclosure("Договор №1.pdf", "application/pdf", data)])
    desk.desk.escalate(1001, "legal", "anna", "Посмотрите договор.")
    (file,) = parsed(asked(desk)[0]).iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("Договор №1.pdf", data)
    with desk.store.read() as tx:
        question = tx.messages.of(1001)[-1]
        assert question.direction is Direction.DEPT_OUT
        assert tx.messages.attachment(1001, question.attachments[0].id)[0].filename == "Договор №1.pdf"


def test_files_can_stay_behind(desk: TestDesk) -> None:
    desk.desk.reply(1001, "Файл.", "anna", [Enclosure("a.txt", "text/plain", b"x")])
    desk.desk.escalate(1001, "legal", "anna", "?", attachments=[])
    assert list(parsed(asked(desk)[0]).iter_attachments()) == []


def test_several_topics_stand_side_by_side_but_none_twice(desk: TestDesk) -> None:
    desk.desk.escalate(1001, "legal", "anna", "Раз")
    desk.desk.escalate(1001, "settlements", "anna", "Два")
    with pytest.raises(Refused, match="ответа ещё ждём"):
        desk.desk.escalate(1001, "legal", "anna", "Ещё раз")
    assert [row.recipients[0][0] for row in asked(desk)] == [LEGAL, FINANCE]
    desk.desk.answered(1001, "legal", "anna")
    desk.desk.escalate(1001, "legal", "anna", "Снова")
    assert len(shown(desk)) == 3


@pytest.mark.parametrize(
    ("departments", "named"),
    [((), "departments.legal"), ((Department("legal", "Юристы"),), "departments.legal")],
)
def test_without_a_way_to_a_department_it_is_said_what_to_set(
    store_url: str, departments: tuple[Department, ...], named: str
) -> None:
    with a_desk(store_url, replace(ASKING, departments=departments)) as desk:
        desk.receive(mail())
        with pytest.raises(Refused, match=named):
            desk.desk.escalate(1001, "legal", "anna", "?")
        assert shown(desk) == []


@pytest.mark.parametrize("topic", ["", "nonsense", "consultation"])
def test_an_unknown_topic_is_refused_with_the_known_ones(desk: TestDesk, topic: str) -> None:
    with pytest.raises(Refused, match="settlements"):
        desk.desk.escalate(1001, topic, "anna", "?")


def test_a_closed_ticket_asks_nobody(desk: TestDesk) -> None:
    desk.desk.close(1001, "anna")
    with pytest.raises(Refused, match="откройте"):
        desk.desk.escalate(1001, "legal", "anna", "?")


def test_two_departments_both_answer_before_it_is_complete(desk: TestDesk) -> None:
    desk.desk.escalate(1001, "development", "anna", "Сделаем?")
    desk.clock.forward(hours=1)
    desk.desk.answered(1001, "development", "anna", department="it")
    assert shown(desk)[0]["answered_at"] is None
    desk.clock.forward(hours=1)
    desk.desk.answered(1001, "development", "anna")
    assert shown(desk)[0]["answered_at"] == desk.clock().astimezone(MOSCOW).isoformat()
    with pytest.raises(Refused, match="не ждём"):
        desk.desk.answered(1001, "development", "anna")


def test_the_clients_clock_does_not_stop_for_departments(desk: TestDesk) -> None:
    before = desk.ticket(1001).completion_due
    after = desk.desk.escalate(1001, "legal", "anna", "?")
    assert (after.completion_due, after.paused) == (before, False)


def test_plain_reply_addresses_stay_plain(store_url: str) -> None:
    settings: DeskSettings = replace(ASKING, reply_address="plain")
    with a_desk(store_url, settings) as desk:
        desk.receive(mail())
        desk.desk.escalate(1001, "legal", "anna", "?")
        assert parsed(asked(desk)[0])["Reply-To"] == settings.address


def test_a_reply_never_comes_before_its_question_however_slow_slacks_clock_is(store_url: str) -> None:
    with a_desk(store_url, replace(ASKING, slack=True)) as desk:
        desk.receive(mail())
        desk.desk.escalate(1001, "legal", "anna", "Можно?")
        desk.store.write(lambda tx: tx.escalations.posted(Post(1, "<p>", "C1", "1.1", "1.1")))
        desk.desk.slack_said(SlackReply("C1", "1.1", "2.2", "Юлия", "Да", desk.clock() - timedelta(seconds=40)))
        with desk.store.read() as tx:
            assert tx.messages.of(1001)[-1].text == "Да"
            (whole,) = tx.escalations.of(1001)
        assert whole.asked[0].answered_at == whole.escalated_at
