"""Вторая линия on the screen: asking, marking, answering back, quoting, the list by deadline and the month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from intake.desk.listening import SlackReply
from intake.escalations import Post, Reply
from intake.views import View
from tests.support.departments import ASKING, LAWYER, answer, asked, parsed, words
from tests.support.desks import TestDesk, a_desk, mail
from tests.tui.working import LARGE, SMALL, Working, work, workplace
from tui.screens.compose import ComposeScreen
from tui.screens.escalating import AskScreen, QuestionReview, TellScreen, TopicPanel
from tui.screens.line_month import LineMonthScreen
from tui.screens.queue import QueueScreen
from tui.screens.second_line import SecondLineScreen
from tui.screens.ticket import TicketScreen
from tui.widgets.fields import Editor

CONTRACT = "Просим дать правовую оценку: можно ли расторгнуть договор и как оформить претензию юридически?"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """VD-1001, a question for the lawyers; nobody has been asked yet."""
    with a_desk(tmp_path, ASKING) as made:
        made.receive(mail("Расторжение договора", CONTRACT))
        yield made


def comes(desk: TestDesk, body: str, sender: str = LAWYER, name: str = "a") -> None:
    letter = asked(desk)[-1]
    raw = answer(letter, body, sender, f"<{name}@licensor.example>")
    desk.receive(raw, rcpt_to=str(parsed(letter)["Reply-To"]))


async def opened(agent: Working, number: int = 1001) -> None:
    agent.app.open_ticket(number)
    await agent.until(lambda: isinstance(agent.app.screen, TicketScreen) and agent.app.screen.file is not None)


async def asking(agent: Working, topic: str = "enter") -> None:
    """Open the ticket, and a question about the topic that is offered first, or the one under a key."""
    await opened(agent)
    await agent.press("w", topic)
    await agent.until(lambda: isinstance(agent.app.screen, AskScreen) and agent.app.screen.file is not None)


def outcomes(desk: TestDesk) -> list[Reply | None]:
    with desk.store.read() as tx:
        return [part.outcome for one in tx.escalations.of(1001) for part in one.asked]


def test_a_question_is_suggested_written_seen_whole_and_asked(
    desk: TestDesk, size: tuple[int, int], layout: str
) -> None:
    async def script(agent: Working) -> None:
        await opened(agent)
        await agent.press("w")
        await agent.until(lambda: isinstance(agent.app.screen, TopicPanel))
        await agent.sees("• Правовые вопросы", "Юридический департамент: почта (Slack не настроен)")
        await agent.sees("до 19:00 МСК пятницы, 15 мая", "Подсказано текстом")
        await agent.press("enter")
        await agent.until(lambda: isinstance(agent.app.screen, AskScreen) and agent.app.screen.file is not None)
        await agent.sees("вторая линия: Правовые вопросы", "Увидят: сообщений 1 из 2")
        await agent.type("Можно ли расторгнуть?")
        await agent.press("ctrl+s")
        await agent.until(lambda: isinstance(agent.app.screen, QuestionReview))
        await agent.sees("ещё не отправлено", "legal@licensor.example", "Можно ли расторгнуть?")
        assert asked(desk) == []
        await agent.press("ctrl+s")
        await agent.until(lambda: isinstance(agent.app.screen, TicketScreen))
        await agent.until(lambda: any("вопрос в очереди" in toast for toast in agent.toasts()))

    work(workplace(desk), script, size, layout)
    (letter,) = asked(desk)
    assert "Можно ли расторгнуть?" in words(letter)
    assert "правовую оценку" in words(letter)


def test_messages_and_files_are_chosen_one_by_one(desk: TestDesk) -> None:
    desk.desk.reply(1001, "Уточните, пожалуйста, номер договора.", "anna")

    async def script(agent: Working) -> None:
        await asking(agent)
        await agent.sees("сообщений 2 из 3")
        await agent.press("f2")
        await agent.sees("Что увидит подразделение", "[x] ←", "[x] →")
        await agent.press("space", "escape")
        await agent.sees("сообщений 1 из 3")
        await agent.type("?")
        await agent.press("ctrl+s")
        await agent.until(lambda: isinstance(agent.app.screen, QuestionReview))
        await agent.press("enter")
        await agent.until(lambda: isinstance(agent.app.screen, TicketScreen))

    work(workplace(desk), script, LARGE)
    assert "правовую оценку" not in words(asked(desk)[0])
    assert "Уточните" in words(asked(desk)[0])


@pytest.mark.parametrize(("key", "outcome"), [("f7", Reply.ANSWERED), ("f8", Reply.REFUSED), ("f9", Reply.QUESTION)])
def test_one_key_marks_how_a_department_answered(desk: TestDesk, key: str, outcome: Reply) -> None:
    desk.desk.escalate(1001, "legal", "anna", "?")

    async def script(agent: Working) -> None:
        await opened(agent)
        await agent.press(key)
        await agent.until(lambda: outcomes(desk) == [outcome])
        await agent.press(key)
        await agent.until(lambda: any("уже отмечено" in toast for toast in agent.toasts()))

    work(workplace(desk), script)


def test_of_two_departments_one_is_chosen(desk: TestDesk) -> None:
    desk.desk.escalate(1001, "development", "anna", "?")

    async def script(agent: Working) -> None:
        await opened(agent)
        await agent.press("f8")
        await agent.sees("какое подразделение", "1 • Департамент продукта", "2 Департамент ИТ")
        await agent.press("2")
        await agent.until(lambda: outcomes(desk) == [None, Reply.REFUSED])

    work(workplace(desk), script)


def test_a_question_back_is_answered_in_its_thread(desk: TestDesk, layout: str) -> None:
    desk.desk.escalate(1001, "legal", "anna", "Можно?")
    comes(desk, "А какой номер договора?")

    async def script(agent: Working) -> None:
        await opened(agent)
        await agent.press("f9")
        await agent.until(lambda: outcomes(desk) == [Reply.QUESTION])
        await agent.press("f3")
        await agent.until(lambda: isinstance(agent.app.screen, TellScreen) and agent.app.screen.file is not None)
        await agent.sees("А какой номер договора?", "ответ подразделению: Юридический департамент")
        await agent.type("ДГ-17")
        await agent.press("ctrl+s")
        await agent.until(lambda: isinstance(agent.app.screen, QuestionReview))
        await agent.sees("Наш ответ", "ДГ-17")
        await agent.press("ctrl+s")
        await agent.until(lambda: outcomes(desk) == [None])

    work(workplace(desk), script, LARGE, layout)
    question, told = asked(desk)
    assert str(parsed(question)["Message-ID"]) in str(parsed(told)["References"])


def test_an_answer_is_quoted_into_a_draft_and_nothing_is_sent(desk: TestDesk, layout: str) -> None:
    desk.desk.escalate(1001, "legal", "anna", "Можно?")
    comes(desk, "Расторгнуть можно.")

    async def script(agent: Working) -> None:
        await opened(agent)
        await agent.press("o")
        await agent.until(lambda: isinstance(agent.app.screen, ComposeScreen) and agent.app.screen.file is not None)
        await agent.until(lambda: "> Расторгнуть можно." in agent.app.screen.query_one(Editor).text)

    before = len(desk.letters())
    work(workplace(desk), script, layout=layout)
    assert len(desk.letters()) == before


def test_a_doubtful_answer_is_shown_as_such_and_vouched_for_by_a_person(desk: TestDesk) -> None:
    desk.desk.escalate(1001, "legal", "anna", "Можно?")
    comes(desk, "Пишу с другого ящика: можно", "Юлия <julia@home.example>")

    async def script(agent: Working) -> None:
        await opened(agent)
        await agent.sees("отправитель не подтверждён")
        await agent.press("o")
        await agent.until(lambda: any("Отправитель не подтверждён" in toast for toast in agent.toasts()))
        await agent.press("f7")
        await agent.sees("отправитель не подтверждён. Это Юридический", "Пишу с другого ящика")
        await agent.press("1")
        await agent.until(lambda: outcomes(desk) == [Reply.ANSWERED])
        await agent.press("o")
        await agent.until(lambda: isinstance(agent.app.screen, ComposeScreen))

    work(workplace(desk), script, LARGE)


def test_facts_show_each_question_and_whose_time_it_was(desk: TestDesk) -> None:
    desk.clock.forward(hours=1)
    desk.desk.escalate(1001, "legal", "anna", "Можно?")
    desk.clock.forward(hours=2)

    async def script(agent: Working) -> None:
        await opened(agent)
        await agent.sees("Вторая линия", "Юридический департамент: ждём (32 ч)", "служба: 1 ч")
        await agent.sees("Юридический департамент: 2 ч")

    work(workplace(desk), script, (140, 60))


@pytest.fixture
def busy(desk: TestDesk) -> TestDesk:
    """Five parts in every state: late, doubtful, asking back, answered, waited for."""
    for number in range(4):
        sender = f"Клиент {number} <c{number}@d{number}.example>"
        desk.receive(mail(f"Обращение {number}", sender=sender, message_id=f"<{number}@d{number}.example>"))
    desk.desk.escalate(1001, "system_errors", "anna", "Что с сервером?")
    desk.clock.forward(days=2)
    desk.desk.escalate(1002, "legal", "boris", "Можно?")
    comes(desk, "С домашнего ящика", "julia@home.example")
    desk.desk.escalate(1003, "settlements", "anna", "Сколько?")
    desk.desk.answered(1003, "settlements", "anna", reply=Reply.QUESTION)
    desk.desk.escalate(1004, "development", "anna", "Когда?")
    return desk


def test_the_list_stands_by_deadline_and_follows_the_desk(busy: TestDesk, size: tuple[int, int], layout: str) -> None:
    async def script(agent: Working) -> None:
        await agent.until(lambda: isinstance(agent.app.screen, QueueScreen))
        await agent.press("6")
        await agent.until(lambda: isinstance(agent.app.screen, SecondLineScreen))
        await agent.sees(
            "! VD-1001 просрочено ср 13.05 19:00 · −1 ч", "? VD-1002 ждём", "● VD-1003 вопрос", "VD-1004 ждём"
        )
        keys = [key for key in agent.flat().split() if key.startswith("VD-10")]
        assert keys[:5] == ["VD-1001", "VD-1002", "VD-1003", "VD-1004", "VD-1004"]
        await agent.sees("Системные ошибки · ИТ: просрочено · почта", "Вопрос: Что с сервером?", "§7")
        busy.desk.answered(1001, "system_errors", "boris")
        await agent.sees("● VD-1001 ответ")
        busy.clock.forward(minutes=1)
        busy.desk.reply(1001, "Готово.", "boris")
        await agent.misses("VD-1001")

    work(workplace(busy), script, size, layout)


def test_the_screen_says_that_a_question_did_not_arrive(desk: TestDesk) -> None:
    desk.desk.escalate(1001, "legal", "anna", "Можно?")
    row = asked(desk)[0].id
    desk.store.write(lambda tx: tx.outbox.bounced(row, [], "550 no such user"))

    async def script(agent: Working) -> None:
        await agent.sees("VD-1001")
        await agent.press("6")
        await agent.sees("! VD-1001 не дошло", "Вопрос не дошёл")
        comes(desk, "Смотрим", "julia@home.example")
        await agent.sees("? VD-1001")

    work(workplace(desk), script, LARGE)


def test_the_list_is_narrowed_to_a_department_and_opens_tickets(busy: TestDesk) -> None:
    async def script(agent: Working) -> None:
        await agent.press("6")
        await agent.sees("VD-1002", "[1 Все 5]", "6 ИТ 2")
        await agent.press("6")
        await agent.misses("VD-1002")
        await agent.sees("[6 ИТ 2]", "VD-1001", "VD-1004")
        await agent.press("down", "enter")
        await agent.until(lambda: isinstance(agent.app.screen, TicketScreen) and agent.app.screen.number == 1004)

    work(workplace(busy), script, LARGE)


def test_keys_of_the_list_act_on_the_part_under_the_cursor(busy: TestDesk) -> None:
    async def script(agent: Working) -> None:
        await agent.press("6")
        await agent.sees("VD-1004")
        await agent.press("end", "f8")
        await agent.sees("VD-1004 отказ")

    work(workplace(busy), script)
    with busy.store.read() as tx:
        assert [part.outcome for part in tx.escalations.of(1004)[0].asked] == [None, Reply.REFUSED]


def test_the_month_stands_behind_one_key(busy: TestDesk, size: tuple[int, int]) -> None:
    async def script(agent: Working) -> None:
        await agent.press("6")
        await agent.sees("VD-1004")
        await agent.press("m")
        await agent.until(lambda: isinstance(agent.app.screen, LineMonthScreen))
        await agent.sees("Вторая линия: май 2026", "Юридический департамент", "своё время службы")
        await agent.press("left")
        await agent.sees("апрель 2026", "ни о чём не спрашивали")

    work(workplace(busy), script, size)


def test_pages_are_turned_and_never_the_whole_is_read(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.second_line.PAGE", 2)
    monkeypatch.setattr("tui.screens.second_line.PAGE", 2)
    for topic in ("legal", "settlements", "promotion", "data_edit", "joint_pr"):
        desk.desk.escalate(1001, topic, "anna", "?")

    async def script(agent: Working) -> None:
        await agent.press("6")
        for shown in ("строки 1–2 …", "строки 3–4 …", "строки 5–5"):
            await agent.sees("[1 Все 5]", shown)
            await agent.press("right")
        await agent.until(lambda: any("последняя страница" in toast for toast in agent.toasts()))

    work(workplace(desk), script)


def test_without_a_way_to_a_department_the_topic_says_so(tmp_path: Path) -> None:
    with a_desk(tmp_path, replace(ASKING, departments=())) as desk:
        desk.receive(mail("Расторжение договора", CONTRACT))

        async def script(agent: Working) -> None:
            await opened(agent)
            await agent.press("w")
            await agent.sees("некуда отправить вопрос")
            await agent.press("enter")
            assert isinstance(agent.app.screen, TopicPanel)

        work(workplace(desk), script, SMALL)


def test_a_draft_survives_the_way_back(desk: TestDesk) -> None:
    async def script(agent: Working) -> None:
        await asking(agent)
        await agent.type("Начало вопроса")
        await agent.press("escape")
        await agent.until(lambda: isinstance(agent.app.screen, TicketScreen))
        await agent.press("w", "enter")
        await agent.until(lambda: isinstance(agent.app.screen, AskScreen))
        await agent.until(lambda: "Начало вопроса" in agent.app.screen.query_one(Editor).text)

    work(workplace(desk), script)


def test_a_stale_question_is_not_asked_and_its_text_stays(desk: TestDesk) -> None:
    async def script(agent: Working) -> None:
        await asking(agent)
        await agent.type("Можно?")
        await agent.press("ctrl+s")
        await agent.until(lambda: isinstance(agent.app.screen, QuestionReview))
        client = desk.letters()[0].message_id
        desk.receive(mail("Re: Расторжение", "Уже не надо!", message_id="<2@roscha.example>", In_Reply_To=client))
        await agent.press("ctrl+s")
        await agent.until(lambda: isinstance(agent.app.screen, AskScreen), "back at the text")
        await agent.sees("Отправить всё равно", "Можно?")
        assert asked(desk) == []
        await agent.press("ctrl+s")
        await agent.until(lambda: isinstance(agent.app.screen, QuestionReview))
        await agent.sees("Уже не надо!")
        await agent.press("ctrl+s")
        await agent.until(lambda: asked(desk), "asked knowingly")

    work(workplace(desk), script, LARGE)


def test_departments_are_asked_about_the_row_of_the_queue_under_the_cursor(desk: TestDesk, layout: str) -> None:
    desk.receive(mail("Акт сверки", "Пришлите акт сверки.", "Игорь <i@ozero.example>", message_id="<2@ozero.example>"))

    async def script(agent: Working) -> None:
        await agent.sees("VD-1002")
        await agent.press("down", "w")
        await agent.until(lambda: isinstance(agent.app.screen, TopicPanel))
        await agent.sees("VD-1002: что спросить", "• Вопросы по взаиморасчетам")
        await agent.press("escape")
        await agent.until(lambda: isinstance(agent.app.screen, QueueScreen))
        await agent.press("2")
        await agent.sees("У вас нет открытых обращений")
        await agent.press("w")
        await agent.until(lambda: "В этом списке нет обращений" in agent.toasts())

    work(workplace(desk), script, layout=layout)


def test_each_message_says_which_department_it_belongs_to_and_how_it_went(tmp_path: Path) -> None:
    with a_desk(tmp_path, replace(ASKING, slack=True)) as desk:
        desk.receive(mail("Расторжение договора", CONTRACT))
        desk.desk.escalate(1001, "legal", "anna", "Можно?")
        desk.desk.escalate(1001, "settlements", "anna", "Сколько?")
        comes(desk, "Это мы ещё не считали.", "Чужой <stranger@else.example>")

        async def script(agent: Working) -> None:
            await opened(agent)
            await agent.sees("Вопрос: Юридический, Slack · Анна Белова")
            await agent.sees("Вопрос: Юридический, почта · Анна Белова")
            await agent.sees("Вопрос: Финансовый, почта · Анна Белова")
            await agent.sees("Ответ: Финансовый, почта · Чужой <stranger@else.example>")
            await agent.sees("отправитель не подтверждён")

        work(workplace(desk), script, LARGE)
        with desk.store.read() as tx:
            whole = View("Europe/Moscow").whole(tx, tx.tickets.get(1001))
    told = [(m["department"], m["channel"], m["unconfirmed"]) for m in whole["messages"]]
    asked_by = [("legal", "slack"), ("legal", "mail"), ("finance", "slack"), ("finance", "mail")]
    assert told == [*[(None, None, False)] * 2, *[(*one, False) for one in asked_by], ("finance", "mail", True)]


def test_slack_alone_is_shown_only_what_is_chosen(tmp_path: Path) -> None:
    with a_desk(tmp_path, replace(ASKING, slack=True)) as desk:
        desk.receive(mail("Исправьте дату", "Отредактируйте, пожалуйста, дату в карточке дома."))

        async def script(agent: Working) -> None:
            await asking(agent, "6")
            await agent.sees("Увидят: в Slack только вопрос (F2)")
            await agent.type("Исправите?")
            await agent.press("f2", "space", "escape")
            await agent.sees("Увидят: сообщений 1 из 2, файлов 0 из 0; файлы")
            await agent.press("ctrl+s")
            await agent.sees("Лицензиат, 12 мая, 11:00 МСК", "Отредактируйте, пожалуйста")
            await agent.press("escape", "f2", "space", "escape")
            await agent.sees("Увидят: в Slack только вопрос (F2)")
            await agent.press("ctrl+s")
            await agent.sees("ещё не отправлено", "Исправите?")
            await agent.misses("Отредактируйте, пожалуйста")

        work(workplace(desk), script, LARGE)


@pytest.mark.parametrize(("edited", "words"), [("9.9", "⚠ исправлено в Slack"), ("deleted", "⚠ удалено в Slack")])
def test_a_reply_that_was_changed_in_slack_says_so(tmp_path: Path, edited: str, words: str) -> None:
    with a_desk(tmp_path, replace(ASKING, slack=True)) as desk:
        desk.receive(mail("Исправьте дату", "Отредактируйте дату."))
        desk.desk.escalate(1001, "data_edit", "anna", "Исправите?")
        desk.store.write(lambda tx: tx.escalations.posted(Post(1, "<p>", "C0ITDEPT1", "1.1", "1.1")))
        said = SlackReply("C0ITDEPT1", "1.1", "2.2", "Иван Технов", "Да", desk.clock())
        assert [desk.desk.slack_said(one) for one in (said, replace(said, text="Нет", edited=edited))] == [True, True]

        async def script(agent: Working) -> None:
            await opened(agent)
            await agent.sees("Ответ: ИТ, Slack · Иван Технов", words)

        work(workplace(desk), script, LARGE)
