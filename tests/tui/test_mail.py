"""«Почта»: everything that became no ticket is there with its rule, and a key makes it one."""

from __future__ import annotations

from intake.model import Disposition
from intake.ports import Outcome
from tests.support.desks import TestDesk, mail
from tests.tui.working import Working, work, workplace
from tui.screens.mail import PAGE, MailScreen
from tui.screens.queue import QueueScreen
from tui.screens.whole import WholeScreen


def set_aside(desk: TestDesk) -> tuple[int, int]:
    news = desk.receive(
        mail("Скидки недели", message_id="<n@x>", sender="Магазин <news@shop.example>", List_Id="<n.shop.example>")
    )
    spam = desk.receive(mail("[b]Выигрыш\x1b[31m", "Нажмите.", message_id="<s@x>", X_Spam_Flag="YES"))
    assert (news.disposition, spam.disposition) == (Disposition.IGNORED, Disposition.QUARANTINED)
    return news.id, spam.id


def test_what_was_set_aside_is_listed_with_its_rule_and_read(
    desk: TestDesk, size: tuple[int, int], layout: str
) -> None:
    news, spam = set_aside(desk)

    async def script(agent: Working) -> None:
        await agent.sees("VD-1001")
        await agent.press("5")
        await agent.until(lambda: isinstance(agent.app.screen, MailScreen))
        await agent.sees("рассылка", "news@shop.example", "спам", "Скидки недели", f"№ {spam} · карантин: спам")
        assert "\x1b" not in agent.text()
        await agent.press("down")
        await agent.sees(f"№ {news} · пропущено: рассылка", "Почему: list:")
        await agent.press("enter")
        await agent.until(lambda: isinstance(agent.app.screen, WholeScreen))
        await agent.sees("От: Магазин <news@shop.example>", "Тема: Скидки недели", "не открывается витрина")
        await agent.press("escape")
        await agent.until(lambda: isinstance(agent.app.screen, MailScreen))
        await agent.press("escape")
        await agent.until(lambda: isinstance(agent.app.screen, QueueScreen))

    work(workplace(desk), script, size, layout)
    with desk.store.read() as tx:
        assert tx.journal.get(news).disposition is Disposition.IGNORED, "reading changes nothing"


def test_a_key_makes_a_ticket_of_it_and_it_leaves_the_list(desk: TestDesk, layout: str) -> None:
    news, spam = set_aside(desk)

    async def script(agent: Working) -> None:
        await agent.sees("VD-1001")
        await agent.press("5")
        await agent.sees("Скидки недели", "Выигрыш")
        await agent.press("3")
        await agent.sees("Почта: карантин")
        await agent.misses("Скидки")
        await agent.press("t")
        await agent.until(lambda: any("новое обращение VD-1004" in said for said in agent.toasts()))
        await agent.sees("Здесь пусто")
        await agent.press("t")
        await agent.until(lambda: any("нет писем" in said for said in agent.toasts()))
        await agent.press("2")
        await agent.sees("Скидки недели")

    work(workplace(desk), script, layout=layout)
    with desk.store.read() as tx:
        row = tx.journal.get(spam)
        assert [e.actor for e in tx.tickets.events(row.ticket or 0) if e.kind == "accepted"] == ["anna"]
        assert tx.journal.get(news).disposition is Disposition.IGNORED


def test_what_could_not_be_processed_is_processed_anew(desk: TestDesk) -> None:
    row = desk.arrive(mail("Вопрос", message_id="<again@x>"))
    desk.store.write(lambda tx: tx.journal.finish(row, Outcome(Disposition.QUARANTINED, "KeyError: 'x'")))

    async def script(agent: Working) -> None:
        await agent.sees("VD-1001")
        await agent.press("5")
        await agent.sees("не обработано", "Почему: KeyError")
        await agent.press("r")
        await agent.until(lambda: any("новое обращение VD-1004" in said for said in agent.toasts()))

    work(workplace(desk), script)


def test_what_a_colleague_took_first_says_so(desk: TestDesk) -> None:
    _, spam = set_aside(desk)
    at = workplace(desk)

    async def script(agent: Working) -> None:
        await agent.sees("VD-1001")
        await agent.press("5")
        await agent.sees("Выигрыш")
        agent.app._watch.stop()
        desk.store.write(lambda tx: tx.rows.run("UPDATE journal SET disposition = 'ticket' WHERE id = ?", (spam,)))  # type: ignore[attr-defined]
        await agent.press("t")
        await agent.until(lambda: any("уже разобрано" in said for said in agent.toasts()))

    work(at, script)


def test_many_mails_come_by_the_page(desk: TestDesk) -> None:
    for n in range(PAGE + 20):
        desk.arrive(mail(f"Новость {n}", "x", "n@shop.example", message_id=f"<{n}@x>", List_Id="<n.shop>"))
    desk.process()

    async def script(agent: Working) -> None:
        await agent.sees("VD-1001")
        await agent.press("5")
        await agent.sees(f"Новость {PAGE + 19}", "страница 1 …")
        await agent.press("n")
        await agent.sees("Новость 19", "страница 2")
        await agent.press("n")
        await agent.until(lambda: any("последняя страница" in said for said in agent.toasts()))
        await agent.press("b")
        await agent.sees(f"Новость {PAGE + 19}")

    work(workplace(desk), script)
