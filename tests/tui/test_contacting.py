"""The author of a forwarded mail is seen among the facts, and one key with Enter makes him the contact."""

from __future__ import annotations

from tests.support.desks import TestDesk, mail
from tests.tui.working import LARGE, Working, work, workplace
from tui.screens.ask import AskPanel

HEAD = "Помогите.\n\nОт: Пётр Клён <klen@roscha.example>\nОтправлено: 12 мая 2026 г. 10:05\nТема: Заказ\n\nНе идёт."


def test_the_offered_author_becomes_the_contact(desk: TestDesk, layout: str) -> None:
    anna = "Анна <anna@vitrina-domiland.example>"
    number = desk.receive(mail("Fwd: Заказ", HEAD, anna, message_id="<f@x>")).ticket or 0
    before = len(desk.letters())

    async def script(agent: Working) -> None:
        await agent.sees("VD-1001")
        agent.app.open_ticket(number)
        await agent.sees("Предложен контакт: klen@roscha.example (d")
        await agent.press("d")
        await agent.until(lambda: isinstance(agent.app.screen, AskPanel))
        await agent.sees("Предложен автор пересланного письма", "Писать будем на klen@roscha.example")
        await agent.press("enter")
        await agent.until(lambda: any("контакт теперь klen@roscha.example" in said for said in agent.toasts()))
        await agent.misses("Предложен контакт")
        await agent.sees("Контакт: Пётр Клён", "<klen@roscha.example>")

    work(workplace(desk), script, LARGE, layout)
    (letter,) = desk.letters()[before:]
    assert [address for address, _, _ in letter.recipients] == ["klen@roscha.example"]
