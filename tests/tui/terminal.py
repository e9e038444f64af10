"""The real screen in a real terminal: every byte it writes is kept."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect  # type: ignore[import-untyped] # it ships no types

from tests.support.desks import DESK_ADDRESS
from tests.support.programs import ROOT

QUIET = 0.2
LONGEST = 60
SEQUENCE = re.compile(
    rb"\x1b\[(?P<csi>[<=>?]?)[0-9:;]*[ -/]*(?P<final>[@-~])"  # CSI, its parameters left out
    rb"|\x1b(?P<string>[\]P_^X])(?P<payload>[^\x07\x1b]*)(?:\x07|\x1b\\)"  # OSC, DCS, APC, PM, SOS
    rb"|\x1b(?P<other>[^\[\]P_^X])"
)


def configuration(folder: Path, database: str) -> Path:
    """A configuration file for a desk whose database is known."""
    path = folder / "otklik.toml"
    path.write_text(f'[desk]\naddress = "{DESK_ADDRESS}"\n[storage]\nurl = "{database}"\n', encoding="utf-8")
    return path


def command(config: Path, *arguments: str) -> list[str]:
    """The command line of the screen."""
    start = "from gateway.cli import main; main()"
    return [sys.executable, "-c", start, "tui", "--config", str(config), "--as", "anna", *arguments]


class Terminal:
    """A screen that runs; ``written`` is everything it has said to its terminal."""

    def __init__(self, child: pexpect.spawn) -> None:
        self._child = child
        self.written = b""

    def keys(self, *keys: str) -> None:
        """Press keys, each after the screen has come to rest."""
        for key in keys:
            self._child.send(key.encode())
            self.rest()

    def rest(self) -> None:
        """Until nothing was written for a moment."""
        for _ in range(LONGEST):
            try:
                self.written += self._child.read_nonblocking(1 << 16, QUIET)
            except pexpect.TIMEOUT:
                return
            except pexpect.EOF:
                return

    def wait_for(self, words: str, seconds: float = 20) -> None:
        """Until these words were written."""
        wanted = words.encode()
        for _ in range(int(seconds / QUIET) + 1):
            self.rest()
            if wanted in self.written:
                return
        raise AssertionError(f"{words!r} was never written; the last was {self.written[-2000:]!r}")


@contextmanager
def a_terminal(config: Path, *arguments: str, **environ: str) -> Iterator[Terminal]:
    """Open the screen on a pty of 24 lines and 80 columns."""
    program, *rest = command(config, *arguments)
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLORTERM", "TEXTUAL")}
    env = {**kept, "TERM": "xterm-256color", "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", **environ}
    child = pexpect.spawn(program, rest, env=env, dimensions=(24, 80), timeout=20)
    child.delaybeforesend = None
    terminal = Terminal(child)
    try:
        terminal.wait_for("VD-1001")
        yield terminal
    finally:
        try:
            child.close(force=True)
        except pexpect.ExceptionPexpect:
            os.waitpid(child.pid, 0)  # it was killed, and a busy machine takes its time over that


def sequences(written: bytes) -> set[bytes]:
    """The kinds of escape sequences, whatever their numbers; strings (OSC and kin) whole."""
    found = set()
    for match in SEQUENCE.finditer(written):
        if match["final"] is not None:
            found.add(b"CSI " + match["csi"] + match["final"])
        elif match["string"] is not None:
            found.add(match["string"] + match["payload"])
        else:
            found.add(b"ESC " + match["other"])
    return found


def words(written: bytes) -> str:
    """What is left without escape sequences."""
    return SEQUENCE.sub(b"", written).decode("utf-8", "strict")
