"""Whatever a stranger writes, the terminal gets it as harmless signs."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from intake.visible import CONTROLS, FORMATS, visible
from tests.support.desks import TestDesk, a_desk, mail
from tests.tui.terminal import Terminal, a_terminal, configuration, sequences, words
from tests.tui.working import LARGE, Working, work, workplace
from tui.widgets.message_card import MessageCard

SAMPLES = sorted((Path(__file__).parents[1] / "data" / "eml").glob("5[4-9]*.eml")) + sorted(
    (Path(__file__).parents[1] / "data" / "eml").glob("60*.eml")
)
HIDDEN = re.compile(f"[{CONTROLS}{FORMATS}]")
EVERY_CONTROL = "".join(
    chr(code) for code in range(0x110000) if HIDDEN.match(chr(code)) and not 0xD800 <= code < 0xE000
)
PAYLOADS = ["\x1b]0;pwned\x07", "\x1b]52;c;cHduZWQ=\x07", "\x1b[2J", "\x9b31m", "\x1bP$q\x1b\\", "[/nope]", "[link=x]"]
PAYLOADS += ["[@click=app.quit]", "[bold]", "\u202egpj.exe"]


def encoded(text: str) -> str:
    """An encoded word of RFC 2047."""
    return f"=?utf-8?b?{base64.b64encode(text.encode()).decode()}?="


def poisoned(text: str, number: int, answers: str | None = None) -> bytes:
    """A mail with the same text in its subject, sender's name, body and file name."""
    head = [
        f"From: {encoded(text)} <p{number}@x.example>",
        "To: support@vitrina-domiland.example",
        f"Subject: {encoded('тема ' + text)}",
        f"Message-ID: <poison{number}@x.example>",
        *([f"In-Reply-To: {answers}"] if answers else []),
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="b"',
    ]
    body = base64.b64encode(f"начало {text} конец\nцитаты нет\n".encode()).decode()
    lines = [
        *head,
        "",
        "--b",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        "",
        *(body[place : place + 76] for place in range(0, len(body), 76)),
        "--b",
        "Content-Type: application/octet-stream",
        f"Content-Disposition: attachment; filename*=utf-8''{quote(text[:300])}.exe",
        "",
        "MZ",
        "--b--",
        "",
    ]
    return "\r\n".join(lines).encode()


def texts(hostile: bool) -> list[str]:
    """What strangers write; the harmless twin of each for the clean run."""
    found = [*PAYLOADS, *(EVERY_CONTROL[place : place + 60] for place in range(0, len(EVERY_CONTROL), 60))][:16]
    return found if hostile else [visible(text) for text in found]


@contextmanager
def poisoned_desk(folder: Path, hostile: bool) -> Iterator[TestDesk]:
    """A desk with nothing but such mail."""
    with a_desk(folder) as desk:
        desk.receive(mail())
        for number, text in enumerate(texts(hostile)):
            desk.receive(poisoned(text, number))
        for sample in SAMPLES if hostile else []:
            desk.receive(sample.read_bytes())
        yield desk


def walk(terminal: Terminal, desk: TestDesk, hostile: bool) -> None:
    """Every place of the screen, on several tickets; a poisoned answer comes while a letter is written."""
    terminal.keys(*["\x1b[B"] * 8, *["\x1b[A"] * 3)
    for _ in range(2):
        terminal.keys("\x1b[B", "\r", "v", "f", "h", "\x1b[F", "\x1b", "\x1b")
    terminal.keys("\r", "g", "\x1b", "s", "\x1b", "a", "\x1b", "\x1b")
    terminal.keys("/", "тема", "\x1b[B", "\x1b[B", "\x1b")
    terminal.keys("\x10", "10", "\x1b[B", "\x1b", "\x1bOP", "\x1b")
    terminal.keys("\x1b[H", "\r", "r", "Ответ", "\x13")
    desk.receive(poisoned(texts(hostile)[0], 500, desk.letters()[0].message_id))
    terminal.rest()
    terminal.keys("\x13", "\x13", "\x1b", "\x1b")


@pytest.fixture(scope="module")
def captured(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, bytes]:
    """What the same walk wrote on a poisoned and on a clean desk."""
    found = {}
    for hostile in (False, True):
        folder = tmp_path_factory.mktemp("hostile" if hostile else "clean")
        with poisoned_desk(folder, hostile) as desk:
            config = configuration(folder, f"sqlite:///{folder}/desk.db")
            with a_terminal(config) as terminal:
                walk(terminal, desk, hostile)
                found[hostile] = terminal.written
    return found


def test_hostile_mail_sends_the_terminal_no_sequence_that_clean_mail_does_not(captured: dict[bool, bytes]) -> None:
    assert len(captured[True]) > 20_000
    assert sequences(captured[True]) <= sequences(captured[False])


def test_no_control_sign_of_a_stranger_reaches_the_terminal(captured: dict[bool, bytes]) -> None:
    shown = words(captured[True])
    assert not HIDDEN.findall(shown.replace("\r", "").replace("\x0f", ""))
    assert "pwned" in shown
    assert "⟨U+202E⟩" in shown


@pytest.mark.parametrize(
    "payload", [b"\x1b]0;", b"\x1b]52", b"\x1b]8;", b"\x9b31m", b"\xc2\x9b", b"\x1bP", "\u202e".encode()]
)
def test_no_payload_is_in_the_bytes(captured: dict[bool, bytes], payload: bytes) -> None:
    assert payload not in captured[True]


def test_without_colour_no_colour_is_sent(tmp_path: Path) -> None:
    with a_desk(tmp_path) as desk:
        desk.receive(mail())
        with a_terminal(configuration(tmp_path, f"sqlite:///{tmp_path}/desk.db"), NO_COLOR="1") as terminal:
            terminal.keys("\r", "s", "\x1b", "\x1b", "/")
            styles = re.findall(rb"\x1b\[([0-9;]*)m", terminal.written)
    numbers = {int(number) for style in styles for number in style.split(b";") if number}
    assert numbers
    assert numbers <= {0, 1, 2, 3, 4, 7, 39, 49}, "attributes, and the terminal's own two colours"


@pytest.mark.parametrize("text", [*PAYLOADS, EVERY_CONTROL, "[red]СРОЧНО[/red] [/nope] [#12] arr[i]"])
def test_markup_and_controls_come_out_literally_in_every_place(tmp_path: Path, text: str) -> None:
    with a_desk(tmp_path) as desk:
        desk.receive(mail())
        desk.receive(poisoned(text, 1))

        async def script(agent: Working) -> None:
            await agent.sees("VD-1002")
            await agent.press("down", "enter")
            await agent.sees("Esc Назад")
            card = next(iter(agent.app.screen.query(MessageCard)))
            said = str(card.content)
            assert visible(text) in said or "⟨U+009B⟩" in said
            assert not HIDDEN.findall(said.replace("\n", ""))
            agent.app.place.say(text, title=text)
            await agent.until(lambda: agent.toasts()[-1:] == [visible(text, keep_newlines=True)], "the toast")
            assert not HIDDEN.findall(agent.text().replace("\n", ""))
            assert agent.app.is_running

        work(workplace(desk), script, LARGE)
