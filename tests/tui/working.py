"""Working at the agents' screen in a test: keys in, words out, never a call to the database from the event loop."""

from __future__ import annotations

import asyncio
import html
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

from textual.pilot import Pilot

from intake.desk import Desk
from intake.letters.writing import LetterWriter
from intake.mailroom import Mailroom
from intake.regulations import Regulations
from templates import render_letter
from tests.support.desks import TestDesk
from tui.app import DeskApp
from tui.keys import twin
from tui.workplace import Workplace

SMALL, LARGE = (80, 24), (140, 40)
LATIN, RUSSIAN = "latin", "russian"
PATIENCE = 400
STEP = 0.02


class OffLoop:
    """A store that fails when it is called on a thread that runs an event loop."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return getattr(self._store, name)
        raise AssertionError(f"store.{name} was called on the event loop")


def workplace(desk: TestDesk, login: str = "anna", greeting: str = "") -> Workplace:
    """The place of an agent at a test's desk, on a store that minds the event loop."""
    store: Any = OffLoop(desk.store)
    regulations = Regulations(store, desk.settings.timezone)
    writer = LetterWriter(desk.settings, desk.signer, render_letter)
    verbs = Desk(store, regulations, writer, desk.settings, desk.clock)
    room = Mailroom(store, desk.receiver, lambda row: desk.worker._reader.submit(row).result(), desk.clock)
    return Workplace(store, verbs, regulations, desk.settings, desk.clock, verbs.agent(login), greeting, mailroom=room)


class Working:
    """An agent in front of a screen."""

    def __init__(self, app: DeskApp, pilot: Pilot[None], layout: str) -> None:
        self.app, self.pilot, self.layout = app, pilot, layout

    async def press(self, *keys: str) -> None:
        """Press keys, named by their Latin letters, in the keyboard layout that is on."""
        for key in keys:
            await self.pilot.press((twin(key) or key) if self.layout == RUSSIAN else key)

    async def type(self, text: str) -> None:
        """Type a text, whatever the layout."""
        await self.pilot.press(*("space" if char == " " else "enter" if char == "\n" else char for char in text))

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Wait for something to come true; fails with what is on the screen instead."""
        for _ in range(PATIENCE):
            if condition():
                return
            await self.pilot.pause(STEP)
        raise AssertionError(f"{what or 'it'} never came true; on the screen:\n{self.text()}")

    async def sees(self, *words: str) -> None:
        """Wait until all these words are on the screen."""
        for word in words:
            await self.until(lambda word=word: word in self.flat(), repr(word))  # type: ignore[misc]

    async def misses(self, *words: str) -> None:
        """Wait until none of these words is on the screen."""
        await self.until(lambda: not any(word in self.flat() for word in words), f"no {words}")

    def flat(self) -> str:
        """What is on the screen, runs of spaces as one."""
        return " ".join(self.text().split())

    def text(self) -> str:
        """What is on the screen, line by line, from a screenshot."""
        return screenshot_text(self.app.export_screenshot())

    def toasts(self) -> list[str]:
        """What was said."""
        return [note.message for note in self.app._notifications]


def screenshot_text(svg: str) -> str:
    """The words of an SVG screenshot in lines."""
    lines: dict[float, list[tuple[float, str]]] = defaultdict(list)
    for attributes, words in re.findall(r"<text ([^>]*)>([^<]*)</text>", svg):
        place = {name: float(value) for name, value in re.findall(r'\b([xy])="([\d.]+)"', attributes)}
        if "clip-path" in attributes:
            lines[place["y"]].append((place["x"], html.unescape(words).replace("\xa0", " ")))
    return "\n".join("".join(words for _, words in sorted(lines[y])) for y in sorted(lines))


def work(
    at: Workplace,
    script: Callable[[Working], Awaitable[None]],
    size: tuple[int, int] = SMALL,
    layout: str = LATIN,
) -> None:
    """Open the screen, let an agent work, close it."""

    async def run() -> None:
        app = DeskApp(at)
        async with app.run_test(size=size, notifications=True) as pilot:
            await script(Working(app, pilot, layout))

    asyncio.run(run())
