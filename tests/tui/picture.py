"""The pictures of the README, made from the screen itself on the demo's desk. Run: make screenshot"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gateway.bootstrap import Parts, build, utc_now
from gateway.demo import DemoClock, configuration, make_up
from gateway.settings import load_settings
from intake.model import Delivery
from tests.tui.working import Working
from tui.app import DeskApp
from tui.workplace import Workplace

if TYPE_CHECKING:
    from intake.ports import Transaction

ROOT = Path(__file__).resolve().parents[2]
MOMENT = datetime(2026, 5, 12, 8, 40, tzinfo=UTC)
PICTURES = {"screen": ("dark", (132, 28), []), "ticket": ("light", (132, 28), ["down"] * 5 + ["enter"])}


def deliver(parts: Parts) -> None:
    """Every letter has left."""

    def work(tx: Transaction) -> None:
        now = parts.clock()
        for letter in tx.outbox.lease(now, now, 100):
            sent = dict.fromkeys(letter.open_recipients(), (Delivery.SENT, None))
            parts.desk.letter_settled(tx, tx.outbox.settle(letter, sent, now, None, None), now)

    parts.store.write(work)


async def picture(place: Workplace, theme: str, size: tuple[int, int], keys: list[str]) -> str:
    """One screenshot after some keys."""
    app = DeskApp(place, theme)
    async with app.run_test(size=size) as pilot:
        agent = Working(app, pilot, "latin")
        await agent.sees("VD-1004", "Свободные")
        for key in keys:
            await agent.press(key)
        await pilot.pause(0.5)
        return tidy(app.export_screenshot(title="otklik tui"))


def tidy(svg: str) -> str:
    """Fonts of the reader's own machine instead of fetched ones; the grid is kept by the lengths that stand in it."""
    svg = re.sub(r"@font-face\s*\{.*?\}\s*", "", svg, flags=re.S)
    return re.sub(r"font-family: Fira Code[^;]*;", "font-family: ui-monospace, Menlo, Consolas, monospace;", svg)


def main() -> None:
    """Both pictures, on a Tuesday at 11:40."""
    with tempfile.TemporaryDirectory() as name:
        clock = DemoClock(MOMENT - utc_now())
        parts = build(load_settings(configuration(Path(name)), {}), clock)
        try:
            make_up(parts, clock)
            deliver(parts)
            agent = parts.desk.agent("belova")
            place = Workplace(parts.store, parts.desk, parts.regulations, parts.desk_settings, parts.clock, agent)
            for title, (theme, size, keys) in PICTURES.items():
                svg = asyncio.run(picture(place, theme, size, keys))
                (ROOT / "docs" / f"{title}.svg").write_text(svg, encoding="utf-8")
        finally:
            parts.close()


if __name__ == "__main__":
    main()
