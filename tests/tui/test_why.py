"""The screen explains a ticket's deadlines as the command does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.model import Status
from tests.support.desks import TestDesk, a_desk, mail
from tests.tui.working import LATIN, RUSSIAN, Working, work, workplace
from tui.screens.ticket import TicketScreen
from tui.screens.why import WhyScreen, explanation


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    with a_desk(tmp_path) as made:
        made.receive(mail())
        made.desk.set_status(1001, Status.INFO_NEEDED, "anna")
        made.clock.forward(hours=3)
        yield made


@pytest.mark.parametrize("layout", [LATIN, RUSSIAN])
def test_one_key_tells_what_counted_what_did_not_and_by_which_clause(desk: TestDesk, layout: str) -> None:
    async def script(agent: Working) -> None:
        await agent.sees("VD-1001")
        agent.app.open_ticket(1001)
        await agent.until(lambda: isinstance(agent.app.screen, TicketScreen) and agent.app.screen.file)
        ticket = agent.app.screen
        assert isinstance(ticket, TicketScreen)
        assert ticket.file is not None
        told = explanation(ticket.file, desk.clock())
        assert "ждём клиента: Требуется информация" in told
        assert "(§5)" in told
        await agent.press("equals_sign")
        await agent.until(lambda: isinstance(agent.app.screen, WhyScreen))
        await agent.sees("Почему такие сроки", "ждём клиента: Требуется информация")
        await agent.press("escape")
        await agent.until(lambda: isinstance(agent.app.screen, TicketScreen))

    work(workplace(desk), script, layout=layout)
