"""Tickets put together, taken apart, put away, and whose they are: by keys, in both layouts."""

from __future__ import annotations

import pytest

from intake.model import Status
from intake.registries import Licensee
from tests.support.desks import TestDesk, mail
from tests.tui.test_ticket import answered, opened
from tests.tui.working import SMALL, Working, work, workplace
from tui.screens.ticket import TicketScreen


async def asked(agent: Working, key: str, *words: str) -> None:
    """Press a verb's key and wait for what it asks."""
    await agent.press(key)
    await agent.sees(*words)


def test_a_ticket_becomes_part_of_another_and_is_taken_out_again(desk: TestDesk, layout: str) -> None:
    desk.receive(mail("Ещё раз про витрину", "Всё ещё не открывается", message_id="<again@roscha.example>"))

    async def script(agent: Working) -> None:
        await opened(agent, 1004)
        await asked(agent, "j", "сделать частью", "VD-1001 Не открывается витрина")
        await agent.press("enter")
        await agent.sees("сделать частью № 1001?", "в течение часа")
        await agent.press("1")
        await agent.until(lambda: isinstance(agent.app.screen, TicketScreen) and agent.app.screen.number == 1001)
        await agent.sees("Всё ещё не открывается")
        assert desk.ticket(1004).merged_into == 1001
        await asked(agent, "j", "Вернуть VD-1004 отдельно")
        await agent.press("1")
        await agent.until(lambda: desk.ticket(1004).merged_into is None)

    work(workplace(desk), script, layout=layout)
    assert desk.ticket(1004).status is Status.REQUEST


def test_tickets_are_linked_by_number(desk: TestDesk, layout: str) -> None:
    async def script(agent: Working) -> None:
        await agent.sees("VD-1001")
        await asked(agent, "l", "VD-1001: связать с")
        await agent.type("1003")
        await agent.sees("VD-1003 Добавьте выгрузку", "Запрос · Нина Жукова")
        await agent.press("enter")
        await agent.until(lambda: any("связаны" in said for said in agent.toasts()))

    work(workplace(desk), script, layout=layout)
    with desk.store.read() as tx:
        assert tx.tickets.links(1001) == [1003]


def test_a_message_becomes_a_ticket_of_its_own(desk: TestDesk, layout: str) -> None:
    answered(desk)

    async def script(agent: Working) -> None:
        await opened(agent)
        await asked(agent, "x", "вынести сообщение", "1 11:20 Ольга Петрова")
        await agent.press("1")
        await agent.until(lambda: any("VD-1004: отдельное" in said for said in agent.toasts()))
        await agent.press("x")
        await agent.until(lambda: any("одно сообщение" in said for said in agent.toasts()))

    work(workplace(desk), script, layout=layout)
    with desk.store.read() as tx:
        assert [m.text for m in tx.messages.of(1004)] == ["Спасибо, попробую."]


def test_spam_is_asked_once_and_leaves_no_letter(desk: TestDesk, size: tuple[int, int]) -> None:
    letters = len(desk.letters())

    async def script(agent: Working) -> None:
        await opened(agent)
        await asked(agent, "delete", "спам?", "клиент ничего не получит")
        await agent.press("escape")
        await agent.press("delete", "1")
        await agent.until(lambda: desk.ticket(1001).spam)
        await agent.sees("Завершено")
        await agent.press("delete")
        await agent.until(lambda: any("уже отмечено" in said for said in agent.toasts()))

    work(workplace(desk), script, size)
    assert len(desk.letters()) == letters


@pytest.mark.parametrize("typed", ["через 2 ч", "xthtp 2 x"], ids=["russian", "wrong layout"])
def test_a_ticket_is_put_off_until_what_was_understood_and_comes_back(desk: TestDesk, layout: str, typed: str) -> None:
    async def script(agent: Working) -> None:
        await agent.sees("VD-1001", "[1 Все 3]")
        await asked(agent, "z", "отложить до", "завтра · пн 10:00")
        await agent.type("когда-нибудь")
        await agent.sees("Непонятно. Можно так")
        await agent.press("enter")
        await agent.until(lambda: any("Непонятно" in said for said in agent.toasts()))
        await agent.press("home", "ctrl+k")
        await agent.type(typed)
        await agent.sees("→ вт 12 мая, 13:20 МСК, через 2 ч")
        await agent.press("enter")
        await agent.misses("VD-1001 ")
        agent.app.open_ticket(1001)
        await agent.sees("Esc Назад", "VD-1001")
        await asked(agent, "z", "отложено: вт 12 мая, 13:20", "Вернуть в очередь")
        await agent.press("1")
        await agent.until(lambda: desk.ticket(1001).snoozed_until is None)

    work(workplace(desk), script, SMALL, layout)


def test_an_unknown_sender_is_marked_and_linked(desk: TestDesk, layout: str) -> None:
    desk.desk.put_licensees([Licensee("7707083893", "ООО «Роща»", domains=("other.example",)),
                             Licensee("7728168971", "АО «Озеро»")])  # fmt: skip

    async def script(agent: Working) -> None:
        await opened(agent)
        await agent.press("f")
        await agent.sees("отправитель неизвестен, i — связать")
        await asked(agent, "i", "чьё обращение", "АО «Озеро»")
        await agent.type("роща")
        await agent.misses("АО «Озеро»")
        await agent.press("enter")
        await agent.until(lambda: desk.ticket(1001).licensee == "ООО «Роща»")
        await agent.sees("Лицензиат: ООО «Роща»")

    work(workplace(desk), script, layout=layout)
    found = desk.desk.licensee_of("olga@roscha.example")
    assert found is not None
    assert found.inn == "7707083893"
