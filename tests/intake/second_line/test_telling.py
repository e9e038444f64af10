"""Answering what a department asks back, vouching for its answer, and seeing a question before it leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from intake.errors import Conflict, Refused
from intake.escalations import Escalation, OpenPage, Reply
from intake.explaining import explain
from intake.letters.posting import StoredPost
from intake.regulation import Regulation
from intake.second_line import due_of
from tests.support.departments import ASKING, IT, LAWYER, LEGAL, answer, asked, parsed, words
from tests.support.desks import TestDesk, a_desk, mail


@pytest.fixture
def desk(store_url: str) -> Iterator[TestDesk]:
    """Legal was asked on Tuesday 12 May and asks back two hours later."""
    with a_desk(store_url, ASKING) as made:
        made.receive(mail())
        made.desk.escalate(1001, "legal", "anna", "Можно ли расторгнуть?")
        made.clock.forward(hours=2)
        comes(made, "А какой номер договора?")
        made.desk.answered(1001, "legal", "anna", "legal", Reply.QUESTION)
        yield made


def comes(desk: TestDesk, body: str, sender: str = LAWYER, letter: int = -1, name: str = "a") -> None:
    to = asked(desk)[letter]
    raw = answer(to, body, sender, f"<{name}@licensor.example>")
    desk.receive(raw, rcpt_to=str(parsed(to)["Reply-To"]))


def escalation(desk: TestDesk) -> Escalation:
    with desk.store.read() as tx:
        return tx.escalations.of(1001)[-1]


def rules(desk: TestDesk) -> Regulation:
    return desk.regulations.of("2.0")


def kinds(desk: TestDesk) -> list[str]:
    with desk.store.read() as tx:
        return [e.kind for e in tx.tickets.events(1001)]


def test_what_a_department_is_told_goes_into_its_thread_and_begins_its_term_anew(desk: TestDesk) -> None:
    assert escalation(desk).answered_at is not None
    desk.clock.forward(days=2)
    desk.desk.tell(1001, "legal", "boris", "Договор ДГ-17")
    question, told = asked(desk)
    assert str(parsed(question)["Message-ID"]) in str(parsed(told)["References"])
    assert parsed(told)["In-Reply-To"] is not None
    assert str(parsed(told)["Reply-To"]) == str(parsed(question)["Reply-To"])
    text = words(told).replace("\r\n", "\n")
    assert "Наш ответ:\n\nДоговор ДГ-17" in text
    assert "до 19:00 МСК вторника, 19 мая, 3 рабочих дня, §7" in text
    assert "Борис Гусев" in text
    now = escalation(desk)
    assert (now.answered_at, now.answer_due) == (None, datetime(2026, 5, 19, 16, tzinfo=UTC))
    assert [(part.answered_at, part.outcome, part.told_at) for part in now.asked] == [(None, None, desk.clock())]
    assert kinds(desk)[-1] == "dept_told"
    with desk.store.read() as tx:
        assert [(m.text, m.author) for m in tx.messages.of(1001)][-1] == ("Договор ДГ-17", "boris")


def test_the_answer_to_what_was_told_stops_the_clock_again(desk: TestDesk) -> None:
    desk.desk.tell(1001, "legal", "anna", "Договор ДГ-17")
    desk.clock.forward(hours=1)
    comes(desk, "Можно.", name="b")
    part = escalation(desk).asked[0]
    assert (part.answered_at, part.outcome) == (desk.clock(), Reply.ANSWERED)
    assert escalation(desk).answered_at == desk.clock()
    with pytest.raises(Refused):
        desk.desk.tell(1001, "settlements", "anna", "?")


def test_a_department_that_is_waited_for_is_told_nothing(desk: TestDesk) -> None:
    desk.desk.tell(1001, "legal", "anna", "Договор ДГ-17")
    with pytest.raises(Refused, match="ещё ничего не ответило"):
        desk.desk.tell(1001, "legal", "anna", "И ещё")
    assert len(asked(desk)) == 2


def test_the_term_of_the_other_department_stays(store_url: str) -> None:
    with a_desk(store_url, ASKING) as desk:
        desk.receive(mail())
        desk.desk.escalate(1001, "development", "anna", "Сколько дней?")
        first = escalation(desk).answer_due
        comes(desk, "Что именно?", IT)
        desk.desk.answered(1001, "development", "anna", "it", Reply.QUESTION)
        desk.clock.forward(days=1)
        desk.desk.tell(1001, "development", "anna", "Кнопку", "it")
        desk.clock.now = first + timedelta(minutes=1)
        desk.desk.watch()
        with desk.store.read() as tx:
            late = [e.after for e in tx.tickets.events(1001) if e.kind == "dept_late"]
        assert late == ["product"]
        assert escalation(desk).answer_due == first
        desk.desk.answered(1001, "development", "anna", "product")
        assert escalation(desk).answer_due == due_of(escalation(desk), escalation(desk).asked[1], rules(desk)) > first


def test_departments_with_terms_of_their_own_are_explained_each(store_url: str) -> None:
    with a_desk(store_url, ASKING) as desk:
        desk.receive(mail())
        desk.desk.escalate(1001, "development", "anna", "Сколько дней?")
        comes(desk, "Что именно?", IT)
        desk.desk.answered(1001, "development", "anna", "it", Reply.QUESTION)
        desk.clock.forward(days=1)
        desk.desk.tell(1001, "development", "anna", "Кнопку", "it")
        with desk.store.read() as tx:
            ticket, events, asked_of = tx.tickets.get(1001), tx.tickets.events(1001), tx.escalations.of(1001)
        found = [
            one for one in explain(ticket, events, rules(desk), desk.clock(), asked_of) if one.kind == "second_line"
        ]
        whole = asked_of[0]
        assert [one.due for one in found] == [due_of(whole, part, rules(desk)) for part in whole.asked]
        assert [one.rule.rpartition(", ")[2] for one in found] == [part.title for part in whole.asked]
        assert found[0].due < found[1].due  # type: ignore[operator] # both have one


def test_a_thread_in_slack_goes_on_without_buttons(store_url: str) -> None:
    with a_desk(store_url, replace(ASKING, slack=True)) as desk:
        desk.receive(mail())
        desk.desk.escalate(1001, "system_errors", "anna", "Что с сервером?")
        desk.desk.answered(1001, "system_errors", "anna", reply=Reply.QUESTION)
        desk.desk.tell(1001, "system_errors", "anna", "Сервер <2> & 3")
        question, told = (StoredPost.read(row.raw) for row in asked(desk, "slack"))
        assert told.asked == question.asked
        assert "Сервер &lt;2&gt; &amp; 3" in str(told.arguments["blocks"])
        assert [block["type"] for block in told.arguments["blocks"]] == ["section"] * 3


def test_whoever_marks_a_doubtful_message_as_the_answer_vouches_for_it(store_url: str) -> None:
    with a_desk(store_url, ASKING) as desk:
        desk.receive(mail())
        desk.desk.escalate(1001, "legal", "anna", "?")
        comes(desk, "Нет", "mallory@evil.example")
        with desk.store.read() as tx:
            doubtful = tx.messages.of(1001)[-1]
            (part,) = tx.escalations.open_parts(OpenPage())
        assert doubtful.unconfirmed
        assert part.doubtful == doubtful.id
        with pytest.raises(Refused):
            desk.desk.quote_answer(1001, doubtful.id)
        desk.desk.answered(1001, "legal", "boris", "legal", message=doubtful.id)
        with desk.store.read() as tx:
            assert not tx.messages.get(doubtful.id).unconfirmed
            assert "mallory@evil.example" not in tx.messages.participants(1001)
        assert desk.desk.quote_answer(1001, doubtful.id) == "> Нет\n"
        assert kinds(desk)[-2:] == ["dept_confirmed", "dept_answered"]


def test_a_question_is_seen_whole_and_leaves_as_it_was_seen(store_url: str) -> None:
    with a_desk(store_url, ASKING) as desk:
        desk.receive(mail())
        draft = desk.desk.draft_question(1001, "legal", "anna", "Можно?")
        assert asked(desk) == []
        desk.clock.forward(minutes=5)
        desk.desk.send_question(draft)
        assert [row.raw for row in asked(desk)] == [draft.letters[0][1].raw]
        assert escalation(desk).escalated_at == desk.clock()
        assert asked(desk)[0].recipients[0][0] == LEGAL
        late = desk.desk.draft_question(1001, "settlements", "anna", "?")
        desk.clock.forward(days=1)
        with pytest.raises(Refused, match="наступил другой день"):
            desk.desk.send_question(late)


def test_open_parts_come_page_by_page_until_the_client_has_heard(store_url: str) -> None:
    with a_desk(store_url, ASKING) as desk:
        for number in range(3):
            sender = f"Клиент <c{number}@roscha{number}.example>"
            desk.receive(mail(sender=sender, message_id=f"<{number}@roscha{number}.example>"))
        desk.desk.escalate(1002, "development", "anna", "?")
        desk.desk.escalate(1001, "legal", "anna", "?")
        desk.desk.escalate(1003, "system_errors", "anna", "?")

        def pages(limit: int, department: str | None = None) -> list[tuple[int, str]]:
            found: list[tuple[int, str]] = []
            after = None
            for _ in range(10):
                with desk.store.read() as tx:
                    page = tx.escalations.open_parts(OpenPage(department, after, limit))
                if not page:
                    break
                found += [(one.number, one.asked.department) for one in page]
                after = (page[-1].escalation.answer_due, page[-1].asked.id)
            return found

        everything = [(1003, "it"), (1001, "legal"), (1002, "product"), (1002, "it")]
        assert pages(10) == pages(1) == pages(3) == everything
        assert pages(1, "it") == [(1003, "it"), (1002, "it")]
        with desk.store.read() as tx:
            assert tx.escalations.open_counts() == {"it": 2, "legal": 1, "product": 1}
        desk.clock.forward(hours=1)
        desk.desk.answered(1001, "legal", "anna")
        assert (1001, "legal") in pages(10)
        desk.clock.forward(hours=1)
        desk.desk.reply(1001, "Юристы ответили.", "anna")
        assert (1001, "legal") not in pages(10)
        desk.desk.merge(1002, 1001, "anna")
        desk.desk.close(1003, "anna", quiet=True)
        assert pages(10) == [(1001, "product"), (1001, "it")]


@pytest.mark.parametrize("verb", ["question", "telling"])
def test_what_was_written_about_a_ticket_that_has_changed_does_not_leave(desk: TestDesk, verb: str) -> None:
    seen = desk.ticket(1001).version
    if verb == "question":
        send = partial(desk.desk.send_question, desk.desk.draft_question(1001, "settlements", "anna", "Где акт?"))
    else:
        send = partial(desk.desk.send_telling, desk.desk.draft_telling(1001, "legal", "anna", "Договор ДГ-17"))
    desk.desk.take(1001, "boris")
    before = len(asked(desk))
    with pytest.raises(Conflict):
        send(expected=seen)
    assert len(asked(desk)) == before
    send(expected=desk.ticket(1001).version)
    assert len(asked(desk)) == before + 1
