"""The queue: order, filters, countdown, what others change."""

from __future__ import annotations

from datetime import time

from intake.errors import StoreUnavailable
from intake.registries import Turn
from tests.support.desks import TestDesk, mail
from tests.tui.working import LARGE, RUSSIAN, SMALL, Working, work, workplace
from tui.app import DeskApp
from tui.reading import PAGE
from tui.screens.place import Failed
from tui.widgets.queue_list import QueueList


def listed(agent: Working) -> list[str]:
    """The keys of the tickets in the list, from the top."""
    return [row.ticket.key for row in agent.app.screen.query_one(QueueList).rows]


def test_tickets_stand_by_their_next_deadline_with_what_is_left(desk: TestDesk, size: tuple[int, int]) -> None:
    async def script(agent: Working) -> None:
        await agent.sees("VD-1001", "через 40 мин", "через 50 мин", "Все 3", "Свободные 3", "работаем до 19:00")
        assert listed(agent) == ["VD-1001", "VD-1002", "VD-1003"]

    work(workplace(desk), script, size)


def test_the_countdown_goes_on_and_says_in_words_what_is_overdue(desk: TestDesk) -> None:
    async def script(agent: Working) -> None:
        await agent.sees("через 40 мин")
        desk.clock.forward(minutes=45)
        await agent.sees("!● VD-1001", "просрочено 5 мин", "через 5 мин")

    work(workplace(desk), script)


def test_filters_show_whose_turn_it_is(desk: TestDesk, layout: str) -> None:
    desk.desk.take(1002, "anna")
    desk.desk.set_status(1003, desk.ticket(1003).status.__class__.INFO_NEEDED, "boris")

    async def script(agent: Working) -> None:
        await agent.sees("Все 3", "Мои 1", "Свободные 1", "Ждут клиента 1")
        for key, expected in (("2", ["VD-1002"]), ("3", ["VD-1001"]), ("4", ["VD-1003"])):
            await agent.press(key)
            await agent.until(lambda expected=expected: listed(agent) == expected, key)  # type: ignore[misc]
        await agent.sees("ждём клиента")
        await agent.press("1")
        await agent.until(lambda: len(listed(agent)) == 3)

    work(workplace(desk), script, layout=layout)


def test_new_mail_comes_by_itself_and_the_cursor_stays_on_its_ticket(desk: TestDesk, size: tuple[int, int]) -> None:
    async def script(agent: Working) -> None:
        await agent.sees("VD-1003")
        await agent.press("down", "down")
        queue = agent.app.screen.query_one(QueueList)
        assert queue.ticket is not None
        assert queue.ticket.key == "VD-1003"
        desk.clock.now = desk.ticket(1001).opened_at
        desk.receive(mail("Совсем срочно", message_id="<urgent@x.example>", sender="a@b.example"))
        await agent.sees("Совсем срочно")
        assert "VD-1004" in listed(agent)[:2]
        assert queue.ticket.key == "VD-1003"

    work(workplace(desk), script, size)


def test_two_screens_on_one_desk_see_each_others_work(desk: TestDesk) -> None:
    place, colleagues_place = workplace(desk), workplace(desk, "boris")

    async def script(agent: Working) -> None:
        await agent.sees("Свободные 3")
        app = DeskApp(colleagues_place)
        async with app.run_test(size=SMALL, notifications=True) as pilot:
            colleague = Working(app, pilot, RUSSIAN)
            await colleague.sees("VD-1001")
            await colleague.press("t")
            await colleague.sees("теперь у вас")
            await agent.sees("Свободные 2")

    work(place, script)


def test_taking_by_key_tells_and_refuses_the_second_time(desk: TestDesk, layout: str, size: tuple[int, int]) -> None:
    async def script(agent: Working) -> None:
        await agent.sees("VD-1001")
        await agent.press("t")
        await agent.sees("VD-1001: теперь у вас")
        await agent.until(lambda: desk.ticket(1001).assignee == "anna")
        await agent.until(lambda: agent.app.screen.query_one(QueueList).ticket.assignee == "anna")  # type: ignore[union-attr]
        await agent.press("t")
        await agent.until(lambda: any("уже у вас" in said for said in agent.toasts()))

    work(workplace(desk), script, size, layout)


def test_the_most_urgent_free_ticket_opens_by_one_key(desk: TestDesk, layout: str) -> None:
    desk.desk.take(1001, "boris")

    async def script(agent: Working) -> None:
        await agent.sees("VD-1001")
        await agent.press("n")
        await agent.sees("VD-1002 Как подключить", "Игорь Лаптев <laptev@ozero.example>")
        await agent.press("escape")
        await agent.sees("Свободные 2")

    work(workplace(desk), script, layout=layout)


def test_with_nothing_free_the_key_says_so(desk: TestDesk) -> None:
    for number in (1001, 1002, 1003):
        desk.desk.take(number, "boris")

    async def script(agent: Working) -> None:
        await agent.sees("Свободные 0")
        await agent.press("n")
        await agent.sees("Свободных обращений нет")

    work(workplace(desk), script)


def test_a_long_queue_is_read_page_by_page(desk: TestDesk) -> None:
    for number in range(PAGE + 20):
        desk.arrive(mail(f"Вопрос {number}", message_id=f"<{number}@x.example>", sender=f"a{number}@x.example"))
    desk.process()

    async def script(agent: Working) -> None:
        await agent.sees("VD-1001")
        assert len(listed(agent)) == PAGE
        await agent.press("end", "down")
        await agent.until(lambda: len(listed(agent)) == 23, "the second page")
        assert not set(listed(agent)) & {"VD-1001", "VD-1002"}
        await agent.sees("строки 101–123")
        await agent.press("home", "up")
        await agent.until(lambda: "VD-1001" in listed(agent), "the first page again")

    work(workplace(desk), script)


def test_the_search_finds_by_words_number_and_wrong_layout(desk: TestDesk, layout: str) -> None:
    async def script(agent: Working) -> None:
        await agent.sees("VD-1001")
        await agent.press("slash")
        await agent.sees("Что ищем?")
        await agent.type("лаптев")
        await agent.until(lambda: listed(agent) == ["VD-1002"], "found by name")
        await agent.pilot.press(*["backspace"] * 6)
        await agent.type("kfgntd")
        await agent.until(lambda: listed(agent) == ["VD-1002"], "found by name in the wrong layout")
        await agent.pilot.press(*["backspace"] * 6)
        await agent.type("1003")
        await agent.until(lambda: listed(agent)[:1] == ["VD-1003"], "found by number")
        await agent.press("enter")
        await agent.sees("Нина Жукова <zhukova@melnica.example>")

    work(workplace(desk), script, layout=layout)


def test_the_palette_lists_what_applies_and_takes_a_number(desk: TestDesk, layout: str) -> None:
    async def script(agent: Working) -> None:
        await agent.sees("VD-1001")
        await agent.press("ctrl+p")
        await agent.sees("взять", "статус")
        assert "оценить доработку" not in agent.flat().lower()
        await agent.type("взять")
        await agent.press("enter")
        await agent.sees("VD-1001: теперь у вас")
        await agent.press("ctrl+p")
        await agent.sees("статус")
        assert "обращение себе" not in agent.flat()
        await agent.type("1003")
        await agent.sees("Открыть VD-1003")
        await agent.press("enter")
        await agent.sees("Нина Жукова <zhukova@melnica.example>")

    work(workplace(desk), script, LARGE, layout)


def test_help_names_the_keys_of_both_layouts(desk: TestDesk) -> None:
    async def script(agent: Working) -> None:
        await agent.sees("VD-1001")
        await agent.press("f1")
        await agent.sees("Очередь обращений", "t · е", "Взять обращение себе", "/ · .")
        await agent.press("end")
        await agent.sees("^p · ^з")
        await agent.press("escape")
        await agent.misses("^p · ^з")

    work(workplace(desk), script, LARGE)


def test_the_key_bar_follows_the_keyboard_layout(desk: TestDesk) -> None:
    async def script(agent: Working) -> None:
        await agent.sees("t Взять", "r Ответить")
        await agent.press("f")
        await agent.sees("е Взять", "к Ответить")

    work(workplace(desk), script, layout=RUSSIAN)


def test_the_mouse_points_opens_and_presses_keys(desk: TestDesk) -> None:
    async def script(agent: Working) -> None:
        await agent.sees("VD-1003")
        queue = agent.app.screen.query_one(QueueList)
        await agent.pilot.click(QueueList, offset=(10, 2))
        assert queue.ticket is not None
        assert queue.ticket.key == "VD-1002"
        await agent.pilot.click("FilterBar", offset=(15, 0))
        await agent.sees("У вас нет открытых обращений")
        await agent.pilot.click("FilterBar", offset=(3, 0))
        await agent.sees("VD-1002")
        await agent.pilot.click(QueueList, offset=(10, 2), times=2)
        await agent.sees("Игорь Лаптев <laptev@ozero.example>", "Esc Назад")

    work(workplace(desk), script)


def test_the_first_agent_is_told_to_lead(desk: TestDesk) -> None:
    async def script(agent: Working) -> None:
        await agent.sees("Вы — первый сотрудник")

    work(workplace(desk, greeting="Вы — первый сотрудник этой службы и её руководитель: anna"), script)


def test_the_status_line_says_how_the_desk_stands(desk: TestDesk, size: tuple[int, int]) -> None:
    desk.desk.take(1001, "boris")
    today = desk.clock().date()
    desk.store.write(lambda tx: tx.shifts.put([Turn(today, "boris", time(10), time(19))]))

    async def script(agent: Working) -> None:
        await agent.sees("Очередь 3, просрочено 0 · реакция p50 20 мин p95 20 мин · смена 1/3 тех. 1/1")
        desk.clock.forward(hours=8, minutes=5)
        await agent.sees("Очередь 3, просрочено 2 · реакция p50 20 мин p95 20 мин · смены сейчас нет")

    work(workplace(desk), script, size)


def test_what_failed_is_told_once(desk: TestDesk) -> None:
    """Textual calls the handlers of every class of a screen, not only the last one's."""

    async def script(agent: Working) -> None:
        await agent.sees("VD-1001")
        agent.app._watch.stop()  # or the next good reading takes the words away
        await agent.pilot.pause()
        agent.app.screen.post_message(Failed("page", StoreUnavailable("disk")))
        await agent.until(lambda: agent.toasts())
        assert len(agent.toasts()) == 1
        await agent.sees("не обновилось")

    work(workplace(desk), script, LARGE)
