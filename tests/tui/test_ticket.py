"""A ticket on the screen: what is said of it, what can be done to it, why not."""

from __future__ import annotations

import asyncio

import pytest

from intake.model import Criticality, Delivery, Direction, Status, Type
from intake.ports import NewMessage
from tests.support.desks import TestDesk, mail
from tests.tui.working import LARGE, SMALL, Working, work, workplace
from tui.screens.ticket import SHOWN_MESSAGES, TicketScreen
from tui.widgets.message_card import MessageCard

QUOTED = """Спасибо, попробую.

12 мая 2026 г., 11:01, Служба поддержки <support@vitrina-domiland.example> написал(а):
> Здравствуйте!
> Старый текст из цитаты.
"""


async def opened(agent: Working, number: int = 1001) -> None:
    """Go to a ticket by its number."""
    await agent.sees("VD-1003")
    agent.app.open_ticket(number)
    await agent.until(lambda: isinstance(agent.app.screen, TicketScreen) and agent.app.screen.query(MessageCard))
    await agent.sees("Esc Назад", f"VD-{number}")


def answered(desk: TestDesk, **headers: str) -> None:
    """A client's answer to the acknowledgement."""
    letter = desk.letters()[0]
    headers = {"In_Reply_To": letter.message_id, **headers}
    desk.receive(mail("Re: Не открывается витрина", QUOTED, message_id="<answer@roscha.example>", **headers))


def test_the_ticket_shows_conversation_deadlines_and_facts(desk: TestDesk) -> None:
    async def script(agent: Working) -> None:
        await opened(agent)
        await agent.sees(
            "Ольга Петрова <olga@roscha.example>",
            "После обновления не открывается витрина",
            "Автоматическое · Служба поддержки",
            "в очереди",
            "до 12:00 МСК во вторник, 12 мая",
            "§5: реакция на обращение: 60 м",
            "Источник: электронная почта",
            "Ведёт: свободно",
        )

    work(workplace(desk), script, LARGE)


def test_in_a_small_window_facts_and_events_come_by_key(desk: TestDesk, layout: str) -> None:
    desk.desk.take(1001, "boris")

    async def script(agent: Working) -> None:
        await opened(agent)
        await agent.sees("не открывается витрина, ошибка 500", "ведёт Борис Гусев")
        assert "Источник" not in agent.flat()
        await agent.press("f")
        await agent.sees("Источник: электронная почта", "Борис Гусев (boris)")
        await agent.press("h")
        await agent.press("end")
        await agent.sees("События", "статус: Запрос → Процесс — Борис Гусев")
        await agent.press("escape")
        await agent.sees("ошибка 500")
        await agent.press("escape")
        await agent.sees("Свободные 2")

    work(workplace(desk), script, SMALL, layout)


def test_quotes_are_folded_until_asked_for(desk: TestDesk, layout: str, size: tuple[int, int]) -> None:
    answered(desk)

    async def script(agent: Working) -> None:
        await opened(agent)
        await agent.sees("Спасибо, попробую.")
        assert "Старый текст из цитаты" not in agent.flat()
        await agent.press("v")
        await agent.until(
            lambda: any("Старый текст из цитаты" in str(card.content) for card in agent.app.screen.query(MessageCard))
        )
        await agent.press("v")
        await agent.until(lambda: "Старый текст из цитаты" not in agent.flat())

    work(workplace(desk), script, size, layout)


def test_an_unconfirmed_sender_and_delivery_trouble_are_marked_in_words(desk: TestDesk) -> None:
    letter = desk.letters()[0]
    raw = mail("Re: Не открывается", "Это правда я", "Чужой <stranger@evil.example>", message_id="<evil@evil.example>",
               In_Reply_To=letter.message_id)  # fmt: skip
    desk.receive(raw)
    desk.store.write(
        lambda tx: tx.outbox.settle(
            tx.outbox.lease(desk.clock(), desk.clock(), 1)[0],
            {"olga@roscha.example": (Delivery.FAILED, "550 no such user")},
            desk.clock(),
            None,
            "550 no such user",
        )
    )

    async def script(agent: Working) -> None:
        await opened(agent)
        await agent.sees("отправитель не подтверждён", "✗ не доставлено: 550 no")

    work(workplace(desk), script, LARGE)


def test_notes_are_called_internal(desk: TestDesk) -> None:
    desk.desk.note(1001, "Это только для своих", "boris")

    async def script(agent: Working) -> None:
        await opened(agent)
        await agent.sees("Заметка для своих · Борис Гусев", "Это только для своих")

    work(workplace(desk), script)


def test_attachments_show_their_real_ending_first(desk: TestDesk) -> None:
    raw = (
        mail("Счёт", message_id="<f@x.example>")
        .replace(b"Content-Type: text/plain; charset=utf-8", b'Content-Type: multipart/mixed; boundary="b"')
        .split(b"\r\n\r\n")[0]
        + b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\nContent-Type: application/pdf\r\n"
        b"Content-Disposition: attachment; filename*=utf-8''%D1%81%D1%87%D1%91%D1%82%E2%80%AEfdp.exe\r\n\r\nMZ\r\n"
        b"--b--\r\n"
    )
    desk.receive(raw)

    async def script(agent: Working) -> None:
        await opened(agent, 1004)
        await agent.sees("[exe] счёт⟨U+202E⟩fdp.exe")

    work(workplace(desk), script)


@pytest.mark.parametrize(
    ("key", "answer", "check"),
    [
        ("t", [], lambda t: t.assignee == "anna" and t.status is Status.IN_PROGRESS),
        ("s", ["4"], lambda t: t.status is Status.ANALYSIS),
        ("c", ["2"], lambda t: t.status is Status.CLOSED),
        ("y", ["1"], lambda t: t.type is Type.CONSULTATION),
        ("k", ["1"], lambda t: t.criticality is Criticality.CRITICAL),
        ("p", ["2"], lambda t: t.topic == "settlements"),
        ("a", ["2"], lambda t: t.assignee == "boris"),
    ],
    ids=["take", "status", "close", "type", "criticality", "topic", "assign"],
)
def test_verbs_act_in_both_layouts(desk: TestDesk, layout: str, key: str, answer: list[str], check: object) -> None:
    assert callable(check)

    async def script(agent: Working) -> None:
        await opened(agent)
        here = agent.app.screen
        await agent.press(key)
        if answer:
            await agent.until(lambda: agent.app.screen is not here)
            await agent.press(*answer)
        await agent.until(lambda: check(desk.ticket(1001)), key)
        await agent.until(lambda: any("VD-1001" in said for said in agent.toasts()))

    work(workplace(desk), script, layout=layout)


def test_an_estimate_sets_the_term_of_an_improvement(desk: TestDesk, layout: str) -> None:
    async def script(agent: Working) -> None:
        await opened(agent, 1003)
        await agent.sees("Завершение: нужна оценка")
        await agent.press("e")
        await agent.sees("рабочих часов")
        await agent.type("девять")
        await agent.press("enter")
        await agent.sees("нужно число рабочих часов")
        await agent.press("e")
        await agent.type("9,5")
        await agent.press("enter")
        await agent.until(lambda: desk.ticket(1003).estimate_hours == "9.5")
        await agent.sees("до 11:50 МСК в среду, 13 мая")

    work(workplace(desk), script, LARGE, layout)


def test_keys_that_cannot_act_say_why(desk: TestDesk, layout: str) -> None:
    async def script(agent: Working) -> None:
        await opened(agent, 1002)
        for key, why in (
            ("k", "Критичность бывает только у ошибки"),
            ("e", "Трудоёмкость оценивают только у доработки"),
            ("b", "Более ранних сообщений нет"),
        ):
            await agent.press(key)
            await agent.until(lambda why=why: any(why in said for said in agent.toasts()), why)  # type: ignore[misc]

    work(workplace(desk), script, layout=layout)


def test_the_status_menu_shows_what_is_not_allowed_and_why(desk: TestDesk) -> None:
    desk.desk.close(1001, "anna")

    async def script(agent: Working) -> None:
        await opened(agent)
        await agent.press("s")
        await agent.sees("Завершено", "Оплата", "Требуется информация")
        await agent.press("5")
        await agent.sees("завершённое обращение сначала открывают заново")
        assert desk.ticket(1001).status is Status.CLOSED
        await agent.press("3")
        await agent.until(lambda: desk.ticket(1001).status is Status.IN_PROGRESS)

    work(workplace(desk), script)


def test_bookkeeping_of_the_desk_is_no_conflict_but_a_colleagues_change_is(desk: TestDesk) -> None:
    from tui.acting import Changed, act
    from tui.reading import ticket_file

    at = workplace(desk)
    seen = ticket_file(at, 1001).ticket
    desk.desk.mark_read(1001)
    assert act(at, seen, lambda version: at.desk.set_topic(1001, "legal", "anna", version)).topic == "legal"
    with pytest.raises(Changed, match="тема: Правовые вопросы"):
        act(at, seen, lambda version: at.desk.close(1001, "anna", version))
    assert desk.ticket(1001).status is Status.REQUEST


def test_what_others_do_shows_by_itself_in_an_open_ticket(desk: TestDesk) -> None:
    async def script(agent: Working) -> None:
        await opened(agent)
        await agent.sees("свободно")
        desk.desk.take(1001, "boris")
        await agent.sees("ведёт Борис Гусев")
        answered(desk)
        await agent.sees("Спасибо, попробую.")

    work(workplace(desk), script, LARGE)


def test_a_long_conversation_shows_its_end_and_more_by_key(desk: TestDesk) -> None:
    def fill(tx: object) -> None:
        for number in range(SHOWN_MESSAGES + 5):
            text = f"Сообщение номер {number}"
            tx.messages.add(NewMessage(1001, Direction.NOTE, desk.clock(), text, text, author="anna"))  # type: ignore[attr-defined]

    desk.store.write(fill)

    async def script(agent: Working) -> None:
        await opened(agent)
        await agent.sees(f"Сообщение номер {SHOWN_MESSAGES + 4}", "ещё раньше: 7")
        agent.app.screen.tick()  # type: ignore[attr-defined]
        assert "ещё раньше: 7" in agent.flat()
        cards = agent.app.screen.query(MessageCard)
        assert len(cards) == SHOWN_MESSAGES
        await agent.press("b")
        await agent.until(lambda: len(agent.app.screen.query(MessageCard)) == SHOWN_MESSAGES + 7)
        first = next(iter(agent.app.screen.query(MessageCard)))
        assert first.message.direction is Direction.IN

    work(workplace(desk), script)


@pytest.mark.parametrize(
    "text",
    ["строка\n" * 50_000, "слово " * 200_000, "б" * 1_000_000, "https://x.example/" + "a" * 300_000],
    ids=["50k lines", "200k words", "1 MB line", "long address"],
)
def test_any_mail_opens_at_once_and_is_read_whole_by_pages(desk: TestDesk, layout: str, text: str) -> None:
    message = NewMessage(1001, Direction.IN, desk.clock(), text, text, sender_address="a@b.example")
    desk.store.write(lambda tx: tx.messages.add(message))

    async def script(agent: Working) -> None:
        await opened(agent)
        card = agent.app.screen.query(MessageCard).last()
        assert "показано не всё, ещё строк" in str(card.content)
        assert len(str(card.content)) < 9_000
        await agent.press("g")
        await agent.sees("страница 1 из")
        await agent.press("n")
        await agent.sees("страница 2 из")
        await agent.press("b", "b")
        await agent.until(lambda: any("первая страница" in said for said in agent.toasts()))
        await agent.press("escape")
        await agent.sees("Esc Назад", "Цитаты")

    work(workplace(desk), script, layout=layout)


def test_a_ticket_that_does_not_exist_is_left_with_a_word(desk: TestDesk) -> None:
    async def script(agent: Working) -> None:
        await agent.sees("VD-1001")
        agent.app.open_ticket(77)
        await agent.until(lambda: agent.toasts())
        await agent.sees("Свободные 3")

    work(workplace(desk), script)


@pytest.mark.parametrize("moments", range(0, 40, 5))
def test_a_ticket_may_be_left_while_it_is_read(desk: TestDesk, moments: int) -> None:
    async def script(agent: Working) -> None:
        await agent.sees("VD-1003")
        for number in (1001, 1002):
            agent.app.open_ticket(number)
            await asyncio.sleep(moments / 1000)
            agent.app.pop_screen()
        agent.app.open_ticket(1003)
        await asyncio.sleep(moments / 1000)

    work(workplace(desk), script)
