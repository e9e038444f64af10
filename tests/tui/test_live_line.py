"""The queue's status line: what there is no room for goes by rank, and no figure is cut."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from intake.live import Cover, Live
from tests.support.desks import TestDesk
from tests.tui.working import SMALL, Working, work, workplace
from tui.live_line import LiveLine, live_words
from tui.reading import FILTERS
from tui.widgets.bars import FilterBar

FULL = Cover(3, 1, 3, 1, planned=True)
BUSY = Live(1240, 1024, 96, timedelta(hours=3, minutes=12), timedelta(hours=9, minutes=48), FULL)
FIGURE = re.compile(r"\d[\d\u00a0]*(?:/\d+)?")


@pytest.mark.parametrize("cover", [FULL, Cover(12, 0, 12, 2, planned=True), Cover(0, 0, 3, 1, planned=False)])
@pytest.mark.parametrize("width", [20, 30, 40, 50, 60, 70, 78, 90, 138])
def test_what_is_shown_is_whole_at_every_width(cover: Cover, width: int) -> None:
    found = Live(BUSY.queue, BUSY.overdue, BUSY.reactions, BUSY.p50, BUSY.p95, cover)
    line, whole = live_words(found, width).plain, live_words(found, 500).plain
    assert len(line) <= width
    assert "…" not in line
    assert line.startswith("Очередь 1\u00a0240")
    assert set(FIGURE.findall(line)) <= set(FIGURE.findall(whole))


def test_reactions_go_before_what_is_wrong() -> None:
    short = Live(1240, 1024, 96, BUSY.p50, BUSY.p95, Cover(2, 0, 3, 1, planned=True))
    line = live_words(short, 56).plain
    assert "просрочено 1\u00a0024" in line
    assert "смена 2/3 тех. 0/1" in line
    assert "p50" not in line


def test_a_queue_of_four_digits_fits_a_small_window(desk: TestDesk) -> None:
    async def script(agent: Working) -> None:
        await agent.sees("VD-1001")
        agent.app.screen.query_one(LiveLine).tell(BUSY)
        await agent.sees("Очередь 1 240, просрочено 1 024", "p95 9 ч 48 мин", "смена 3/3 тех. 1/1")
        bar = agent.app.screen.query_one(FilterBar)
        bar.tell(FILTERS[0], {"all": 1240, "mine": 24, "free": 1240, "client": 1000, "overdue": 1024}, "")
        await agent.sees("4 Ждут клиента 1 000 проср. 1 024")

    work(workplace(desk), script, SMALL)
