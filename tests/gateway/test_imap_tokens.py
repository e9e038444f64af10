"""The command that prints an access token."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from gateway.imap_errors import ImapTrouble
from gateway.imap_tokens import TokenCommand


def counting(folder: Path) -> str:
    """A command that prints a1, a2, …"""
    script = folder / "print token.py"
    script.write_text(
        "import pathlib, sys\nseen = pathlib.Path(sys.argv[1])\n"
        "n = int(seen.read_text() or 0) + 1 if seen.exists() else 1\nseen.write_text(str(n))\nprint(f'a{n}')\n"
    )
    return f'{sys.executable} "{script}" "{folder}/seen"'


def test_a_token_is_printed_once_until_it_is_forgotten(tmp_path: Path) -> None:
    command = TokenCommand(counting(tmp_path))
    assert not command.cached
    assert [command.token(), command.token()] == ["a1", "a1"]
    command.forget()
    assert not command.cached
    assert command.token() == "a2"


def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    words = TokenCommand(f"/bin/echo $(touch {tmp_path}/x);touch {tmp_path}/y")
    with pytest.raises(ImapTrouble):
        words.token()
    assert TokenCommand(("/bin/echo", "$HOME;id")).token() == "$HOME;id"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (("/bin/sh", "-c", "echo s3cret; echo s3cret >&2; exit 3"), "exit code 3"),
        (("/bin/sh", "-c", "echo s3cret s3cret"), "printed no token"),
        (("/bin/sh", "-c", "printf 's3cret\\001'"), "printed no token"),
        (("/bin/true",), "printed no token"),
        (("/no/such/program",), "does not run"),
        (("/bin/sleep", "60"), "longer than"),
        ("", "does not run"),
    ],
)
def test_what_goes_wrong_is_said_without_the_token(command: str | tuple[str, ...], why: str) -> None:
    with pytest.raises(ImapTrouble, match=why) as caught:
        TokenCommand(command, seconds=0.3).token()
    assert "s3cret" not in str(caught.value)
