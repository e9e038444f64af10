"""Качество: every figure of the month, who needs help, and the tickets behind it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from intake.history import read_past
from intake.model import Agent, Role
from intake.takeover import take_over
from tests.support.desks import MovedClock, TestDesk, a_desk, mail
from tests.tui.working import LARGE, Working, work, workplace
from tui.screens.quality import QualityScreen
from tui.screens.quality_tickets import QualityTickets
from tui.screens.ticket import TicketScreen

DATA = Path(__file__).resolve().parents[1] / "data" / "history"
EXPECTED: dict[str, Any] = json.loads((DATA / "history_expected.json").read_text("utf-8"))["months"]
WORDS = {"good": "●", "normal": "◆", "unacceptable": "▲"}


@pytest.fixture
def past(tmp_path: Path) -> Iterator[TestDesk]:
    """A desk with three months behind it, on 30 November."""
    with a_desk(tmp_path, clock=MovedClock(datetime(2026, 11, 30, 9, 0, tzinfo=UTC))) as desk:
        lines = (DATA / "history.jsonl").read_text("utf-8").splitlines()
        read = [(number, read_past(line, desk.regulations)) for number, line in enumerate(lines, 1)]
        people = [Agent(login, login.title(), f"{login}@d.example", Role.AGENT) for login in ("belova", "tkachenko")]
        desk.store.write(lambda tx: tx.people.put_agents(people))
        desk.store.write(lambda tx: take_over(tx, read, desk.clock()))
        yield desk


def expected_words(figures: dict[str, Any]) -> str:
    def average(name: str) -> str:
        value, level = figures[name], figures[f"{name}_level"]
        return "—" if value is None else f"{str(value).replace('.', ',')} {WORDS[level]}"

    return (
        f"Завершено {figures['closed']}, оценено {figures['rated']}, сумма {figures['sum']}; на оценённые"
        f" {average('by_rated')}, на все {average('by_closed')}"
    )


def test_the_screen_shows_every_expected_figure(past: TestDesk) -> None:
    async def script(agent: Working) -> None:
        await agent.press("f6")
        for month in reversed(EXPECTED):
            await agent.until(lambda month=month: heading(agent) == month, month)  # type: ignore[misc]
            expected = EXPECTED[month]
            await agent.sees(expected_words(expected["desk"]))
            closed = [figures for figures in expected["agents"].values() if figures["closed"]]
            seen = set()
            for _ in closed:
                await agent.pilot.pause(0.05)
                seen |= set(re.findall(r"Завершено \d+, .*?на все \S+ .", agent.flat()))
                await agent.press("down")
            assert seen >= {expected_words(figures) for figures in closed}
            await agent.press("left")

    def heading(agent: Working) -> str:
        screen = agent.app.screen
        return str(screen._shown) if isinstance(screen, QualityScreen) else ""

    work(workplace(past), script, LARGE)


def test_who_needs_help_stands_first_with_the_reason(past: TestDesk, size: tuple[int, int]) -> None:
    async def script(agent: Working) -> None:
        await agent.press("f6")
        await agent.sees(
            "Качество: ноябрь 2026", "3,8 ▲", "ещё 3 пятёрки до 4,0", "Нужна помощь: оценки 3 и ниже: 5 из 15"
        )

    work(workplace(past), script, size)


def test_a_number_leads_to_its_tickets(past: TestDesk, layout: str) -> None:
    async def script(agent: Working) -> None:
        await agent.press("f6")
        await agent.sees("Нужна помощь")
        await agent.press("enter")
        await agent.until(lambda: isinstance(agent.app.screen, QualityTickets))
        await agent.sees("обращений: 21", "2 VD-0401")
        await agent.press("enter")
        await agent.until(lambda: isinstance(agent.app.screen, TicketScreen))
        await agent.misses("обращений: 21")
        await agent.sees("VD-0401")

    work(workplace(past), script, layout=layout)


def test_a_month_without_closings_says_so(past: TestDesk) -> None:
    past.clock.now = datetime(2027, 2, 3, 9, 0, tzinfo=UTC)

    async def script(agent: Working) -> None:
        await agent.press("f6")
        await agent.sees("февраль 2027", "никто не завершил")
        await agent.press("right")
        await agent.until(lambda: any("не наступил" in toast for toast in agent.toasts()))

    work(workplace(past), script)


def test_whoever_needs_help_is_named_at_the_top_and_a_wide_window_shows_months(past: TestDesk) -> None:
    async def script(agent: Working) -> None:
        await agent.press("f6")
        await agent.sees("Нужна помощь: Ткаченко", "Миронова", "09.26 4,8 ● 10.26 3,9 ▲ 11.26 3,8 ▲")

    lead = [Agent("tkachenko", "Ткаченко Илья", "t@d.example"), Agent("mironova", "Миронова Ксения", "m@d.example")]
    past.store.write(lambda tx: tx.people.put_agents(lead))
    work(workplace(past), script, LARGE)


def test_every_number_leads_to_its_tickets(past: TestDesk, layout: str) -> None:
    """Marks, missing marks, late ones; the same by type; what is not counted."""
    row = past.receive(mail(message_id="<spam@roscha.example>"))
    assert row.ticket is not None
    past.desk.spam(row.ticket, "anna")

    async def script(agent: Working) -> None:
        await agent.press("f6")
        await agent.sees("15 из 21", "0·2·3·6·4")
        await agent.press("enter")
        for key, words, count in (
            *(("2", "оценка 2", 2), ("3", "оценка 3", 3), ("0", "без оценки", 6)),
            ("c", "завершено позже срока", 7),
        ):
            await agent.press(key)
            title = re.compile(rf"{words}\s*обращений: {count}\b")
            await agent.until(lambda title=title: title.search(agent.flat()), words)  # type: ignore[misc]
        await agent.press("a")
        await agent.sees("обращений: 21")
        await agent.press("escape", "g")
        await agent.sees("ноябрь 2026, типы", "Консультация", "Доработка", "56 из 69")
        await agent.press("enter")
        await agent.sees("Консультация, ноябрь 2026", "обращений: 69")
        await agent.press("escape", "x")
        await agent.sees("Не учтено, ноябрь 2026", f"VD-{row.ticket} спам")

    work(workplace(past), script, layout=layout)
