"""The screen in a real terminal multiplexer, worked at as an agent would: by keys of either layout."""

from __future__ import annotations

import shlex
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from intake.mail.reading import read_message
from tests.support.desks import a_desk, mail
from tests.support.programs import ROOT, require
from tests.tui.terminal import command, configuration

PATIENCE = 30.0
KEYS = {"latin": {"take": "t", "reply": "r", "note": "m", "search": "/"}}
KEYS["russian"] = {"take": "е", "reply": "к", "note": "ь", "search": "."}


class Pane:
    """A tmux pane with a program in it."""

    def __init__(self, socket: Path) -> None:
        self._tmux = [require("tmux"), "-S", str(socket), "-f", "/dev/null"]

    def run(self, *arguments: str) -> str:
        """A tmux command; what it said."""
        done = subprocess.run([*self._tmux, *arguments], capture_output=True, text=True, check=True, timeout=20)
        return done.stdout

    def keys(self, *names: str) -> None:
        """Press keys by tmux's names, letters literally."""
        for name in names:
            self.run("send-keys", "-t", "desk", *(("-l", name) if len(name) == 1 else (name,)))

    def type(self, text: str) -> None:
        """Type a text."""
        self.run("send-keys", "-t", "desk", "-l", text)

    def text(self) -> str:
        """What is on the screen, runs of spaces as one."""
        return " ".join(self.run("capture-pane", "-p", "-t", "desk").split())

    def sees(self, *words: str) -> None:
        """Wait until all these words are on the screen."""
        deadline = time.monotonic() + PATIENCE
        while not all(word in self.text() for word in words):
            assert time.monotonic() < deadline, f"{words} never came; there is:\n{self.text()}"
            time.sleep(0.05)


@contextmanager
def pane(folder: Path, config: Path, size: tuple[int, int], editor: str = "") -> Iterator[Pane]:
    """The screen in a terminal of that size."""
    made = Pane(folder / "tmux")
    start = " ".join(map(shlex.quote, command(config)))
    environ = f"PYTHONPATH={shlex.quote(str(ROOT))} LANG=C.UTF-8 EDITOR={shlex.quote(editor)}"
    width, height = map(str, size)
    made.run("new-session", "-d", "-s", "desk", "-x", width, "-y", height, f"{environ} {start}; echo CLOSED; cat")
    try:
        yield made
    finally:
        made.run("kill-server")


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["80x24", "140x40"])
@pytest.mark.parametrize("layout", ["latin", "russian"])
def test_an_agent_takes_answers_and_finds_by_keys_alone(tmp_path: Path, layout: str, size: tuple[int, int]) -> None:
    require("tmux")
    keys = KEYS[layout]
    with a_desk(tmp_path) as desk:
        desk.receive(mail())
        config = configuration(tmp_path, f"sqlite:///{tmp_path}/desk.db")
        with pane(tmp_path, config, size) as at:
            at.sees("VD-1001", "Свободные 1", "F1 Помощь")
            desk.receive(mail("Второе обращение", message_id="<2@x.example>"))
            at.sees("Второе обращение", "Все 2")
            at.keys(keys["take"])
            at.sees("теперь у вас", "Мои 1")
            at.keys("Enter")
            at.sees("ошибка 500", "Esc Назад")
            at.keys(keys["reply"])
            at.sees("F4 Редактор")
            at.type("Починили, проверьте.")
            at.sees("черновик сохранён")
            at.keys("C-s")
            at.sees("ещё не отправлено", "Кому: Ольга Петрова")
            at.keys("Enter")
            at.sees("→ Анна Белова", "в очереди")
            at.keys("Escape")
            at.sees("Мои 1")
            at.keys(keys["search"])
            at.sees("Что ищем?")
            at.type("второе")
            at.keys("Enter")
            at.sees("VD-1002 Второе обращение")
            at.keys("F1")
            at.sees("t · е", "Взять обращение себе")
            at.keys("C-q")
            at.sees("CLOSED")
        letter = desk.letters()[-1]
    assert letter.kind == "reply"
    assert read_message(letter.raw).reply.startswith("Починили, проверьте.")


def test_the_agents_own_editor_gets_the_terminal(tmp_path: Path) -> None:
    require("tmux")
    editor = tmp_path / "editor.sh"
    editor.write_text('#!/bin/sh\necho EDITOR IS HERE; read line; printf \'%s\' "$line" > "$1"\n')
    editor.chmod(0o755)
    with a_desk(tmp_path) as desk:
        desk.receive(mail())
        config = configuration(tmp_path, f"sqlite:///{tmp_path}/desk.db")
        with pane(tmp_path, config, (80, 24), str(editor)) as at:
            at.sees("VD-1001")
            at.keys("r")
            at.sees("F4 Редактор", "письмо: Ольга")
            at.keys("F4")
            at.sees("EDITOR IS HERE")
            at.type("Written elsewhere")
            at.keys("Enter")
            at.sees("Written elsewhere", "черновик сохранён")
