"""The agents' screen beside a bare Textual table: cold start and the time to a key's answer, on a real pty.

Both are started in turns in the same run, so that the ratios mean something on a busy machine. A key's time is from
writing it to the terminal until the first bytes come back. Run: python tests/bench/bench_tui.py
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import pexpect  # type: ignore[import-untyped] # it ships no types

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from intake.model import Direction
from intake.ports import NewMessage
from tests.support.desks import TestDesk, a_desk, mail
from tests.support.programs import ROOT
from tests.tui.terminal import command, configuration
from tests.tui.working import LARGE, workplace
from tui.app import DeskApp
from tui.screens.ticket import TicketScreen
from tui.widgets.message_card import MessageCard
from tui.widgets.queue_list import QueueList

TICKETS, ROUNDS, PRESSES, QUIET = 100, 5, 25, 0.15
DOWN, UP, PAGE_DOWN, PAGE_UP = "\x1b[B", "\x1b[A", "\x1b[6~", "\x1b[5~"
BARE = [sys.executable, str(Path(__file__).with_name("bare_table.py")), str(TICKETS)]


def milliseconds(seconds: list[float]) -> str:
    """Median and worst."""
    return f"{statistics.median(seconds) * 1000:7.1f} ms median {max(seconds) * 1000:7.1f} worst"


def rest(child: pexpect.spawn) -> None:
    """Until nothing was written for a moment."""
    for _ in range(200):
        try:
            child.read_nonblocking(1 << 16, QUIET)
        except pexpect.TIMEOUT:
            return


def answered(child: pexpect.spawn, key: str) -> float:
    """From a key to the first bytes of its answer."""
    begun = time.perf_counter()
    child.send(key)
    child.read_nonblocking(1 << 16, 5)
    spent = time.perf_counter() - begun
    rest(child)
    return spent


def measure(program: list[str]) -> dict[str, list[float]]:
    """One start of a program, and its keys."""
    env = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    env |= {"TERM": "xterm-256color", "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
    begun = time.perf_counter()
    child = pexpect.spawn(program[0], program[1:], env=env, dimensions=(40, 140), timeout=30)
    child.delaybeforesend = None
    try:
        child.expect_exact(b"VD-1001")
        found = {"cold start to rows": [time.perf_counter() - begun]}
        rest(child)
        for name, there, back in (("row down", DOWN, UP), ("page down", PAGE_DOWN, PAGE_UP)):
            answered(child, there)
            found[name] = [answered(child, key) for _ in range(PRESSES) for key in (back, there)]
    finally:
        child.close(force=True)
    return found


def compare(programs: dict[str, list[str]]) -> None:
    """Every program in turns."""
    results: dict[tuple[str, str], list[float]] = {}
    for _ in range(ROUNDS):
        for name, program in programs.items():
            for what, seconds in measure(program).items():
                results.setdefault((what, name), []).extend(seconds)
    for what in ("cold start to rows", "row down", "page down"):
        for name in programs:
            ratio = statistics.median(results[what, name]) / statistics.median(results[what, next(iter(programs))])
            print(f"{what:20}{name:12}{milliseconds(results[what, name])}  {ratio:5.2f} of bare")


def opening(desk: TestDesk) -> None:
    """From a key to a conversation that stands; an ordinary one, and one of 50,000 lines."""
    text = "строка письма, как их пишут\n" * 50_000
    message = NewMessage(1002, Direction.IN, desk.clock(), text, text, sender_address="a@b.example")
    desk.store.write(lambda tx: tx.messages.add(message))
    for name, number in (("ordinary", 1003), ("50k lines", 1002)):
        spent = [asyncio.run(open_ticket(DeskApp(workplace(desk)), number)) for _ in range(ROUNDS)]
        print(f"{'open a ticket':20}{name:12}{milliseconds(spent)}")


async def open_ticket(app: DeskApp, number: int) -> float:
    """One opening."""
    async with app.run_test(size=LARGE) as pilot:
        while not app.screen.query_one(QueueList).rows:
            await pilot.pause(0.001)
        begun = time.perf_counter()
        app.open_ticket(number)
        while not (isinstance(app.screen, TicketScreen) and app.screen.query(MessageCard)):
            await pilot.pause(0.001)
        return time.perf_counter() - begun


def main() -> None:
    """All of it."""
    with tempfile.TemporaryDirectory() as name, a_desk(Path(name)) as desk:
        for number in range(TICKETS):
            sender = f"Ольга Петрова <a{number}@x.example>"
            desk.arrive(mail(f"Вопрос {number}", message_id=f"<{number}@x.example>", sender=sender))
        desk.process()
        config = configuration(Path(name), f"sqlite:///{name}/desk.db")
        compare({"bare table": BARE, "screen": command(config)})
        opening(desk)


if __name__ == "__main__":
    main()
