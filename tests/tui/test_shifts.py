"""«Смены»: who is there, what §2 lacks, whose tickets wait; and who has the screen open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from intake.errors import Refused
from intake.forms import FilledForm
from intake.model import Agent, Role, Type
from intake.registries import Turn
from tests.support.desks import TestDesk
from tests.tui.working import LARGE, LATIN, RUSSIAN, SMALL, Working, work, workplace
from tui.roster import hours
from tui.screens.opening import OpenScreen
from tui.screens.shifts import ShiftsScreen
from tui.screens.ticket import TicketScreen
from tui.widgets.queue_list import QueueList

TODAY = date(2026, 5, 12)


def planned(desk: TestDesk) -> None:
    """Anna and Vera are here today, Boris is not."""
    desk.store.write(lambda tx: tx.people.put_agents([Agent("vera", "Вера Ильина", "", Role.AGENT, True)]))
    desk.desk.put_turns([Turn(TODAY, "anna", time(10), time(19)), Turn(TODAY, "vera", time(10), time(14))])


@pytest.mark.parametrize(("size", "layout"), [(SMALL, RUSSIAN), (LARGE, LATIN)], ids=["80x24", "140x40"])
def test_days_say_what_is_missing_and_a_lead_fills_it(desk: TestDesk, layout: str, size: tuple[int, int]) -> None:
    planned(desk)

    async def script(agent: Working) -> None:
        await agent.sees("VD-1001")
        await agent.press("7")
        await agent.sees("вт 12.05 ! не хватает", "сб 16.05 выходной", "10:00–14:00 Вера Ильина (vera), технический")
        await agent.sees("! 10:00–14:00 не хватает 1 человека", "! 14:00–19:00 не хватает 2 человек и 1 технического")
        await agent.press("a")
        await agent.sees("В смену 12.05.2026", "Борис Гусев")
        await agent.press("1")
        await agent.sees("часы", "→ 10:00–19:00")
        await agent.press("enter")
        await agent.sees("10:00–19:00 Борис Гусев")
        with desk.store.read() as tx:
            assert [turn.login for turn in tx.shifts.between(TODAY, TODAY)] == ["anna", "boris", "vera"]
        await agent.press("x")
        await agent.sees("Из смены 12.05.2026")
        await agent.press("1")
        await agent.misses("10:00–19:00 Анна Белова")

    work(workplace(desk), script, size, layout)
    with desk.store.read() as tx:
        assert [turn.login for turn in tx.shifts.between(TODAY, TODAY)] == ["boris", "vera"]
    with pytest.raises(Refused, match="и так не в смене"):
        desk.desk.drop_turns(TODAY, "anna", "anna")
    with pytest.raises(Refused, match="может только"):
        desk.desk.drop_turns(TODAY, "boris", "boris")


def test_who_is_no_lead_is_told_so(desk: TestDesk) -> None:
    planned(desk)

    async def script(agent: Working) -> None:
        await agent.press("7")
        await agent.sees("вт 12.05")
        await agent.press("a")
        await agent.until(lambda: any("может только руководитель" in said for said in agent.toasts()))

    work(workplace(desk, "vera"), script)


def test_tickets_of_the_absent_are_marked_and_taken(desk: TestDesk, layout: str) -> None:
    planned(desk)
    desk.desk.take(1002, "boris")
    desk.desk.take(1001, "vera")

    async def script(agent: Working) -> None:
        await agent.sees("VD-1002")
        marks = {row.ticket.number: row.cells["mark"] for row in agent.app.screen.query_one(QueueList).rows}
        assert {number for number, mark in marks.items() if "◇" in mark} == {1002}
        await agent.press("7")
        await agent.sees("Обращения тех, кого сегодня нет: 1", "VD-1002")
        await agent.press("t")
        await agent.until(lambda: desk.ticket(1002).assignee == "anna")
        await agent.sees("Обращений отсутствующих нет")
        await agent.press("escape")
        await agent.until(lambda: not isinstance(agent.app.screen, ShiftsScreen))

    work(workplace(desk), script, layout=layout)


def test_an_open_screen_is_told_to_the_desk(desk: TestDesk) -> None:
    def seen() -> str | None:
        with desk.store.read() as tx:
            return tx.notes.value("screen:anna")

    async def script(agent: Working) -> None:
        await agent.until(seen, "the screen is open")

    assert seen() is None
    work(workplace(desk), script)


def test_a_ticket_is_opened_on_behalf_and_the_form_is_kept_until_then(desk: TestDesk, layout: str) -> None:
    forms: list[tuple[FilledForm, str]] = []

    def open_for(form: FilledForm, login: str) -> int:
        forms.append((form, login))
        return 1003

    async def script(agent: Working) -> None:
        await agent.sees("VD-1001")
        await agent.press("ctrl+n")
        await agent.until(lambda: isinstance(agent.app.screen, OpenScreen) and agent.app.screen._ready)
        await agent.type("klient@dom.example")
        await agent.press("ctrl+s")
        await agent.until(lambda: any("Не заполнено: Тема" in said for said in agent.toasts()))
        await agent.press("escape", "ctrl+n")
        await agent.sees("черновик восстановлен", "klient@dom.example")
        await agent.press("tab", "tab", "tab", "tab")
        await agent.type("Звонок")
        await agent.press("tab")
        await agent.type("Не грузится план")
        await agent.press("f2")
        await agent.sees("Тип обращения")
        await agent.press("2")
        await agent.sees("Тип: Ошибка")
        await agent.press("ctrl+s")
        await agent.until(lambda: isinstance(agent.app.screen, TicketScreen))

    work(replace(workplace(desk), open_for=open_for), script, layout=layout)
    ((form, login),) = forms
    assert form == FilledForm("", "klient@dom.example", "Звонок", "Не грузится план", type=Type.BUG)
    assert login == "anna"
    with desk.store.read() as tx:
        assert tx.people.draft("anna", 0, "open") is None


@pytest.mark.parametrize(
    ("said", "found"),
    [("10:00–19:00", (time(10), time(19))), ("10-19", (time(10), time(19))), ("9 до 14:30", (time(9), time(14, 30))),
     ("12:00-24:00", (time(12), time(0))), ("1000 1900", (time(10), time(19)))],
)  # fmt: skip
def test_hours_are_understood(said: str, found: tuple[time, time]) -> None:
    assert hours(said) == found


@pytest.mark.parametrize("said", ["", "10", "19-10", "10:00-10:00", "25-26", "10:99-19", "с утра"])
def test_hours_that_are_none_are_refused(said: str) -> None:
    with pytest.raises(Refused):
        hours(said)
