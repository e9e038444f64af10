"""The command line as a whole: what it loads, how it refuses, how it prints."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest

from gateway.cli.common import App, echo, pass_app, print_json, print_table, width
from gateway.cli.errors import run
from gateway.cli.group import LazyGroup
from gateway.cli.table import COMMANDS, Entry
from intake.errors import ConfigError, NotFound, Refused, StoreUnavailable
from tests.conftest import Otklik
from tests.support import databases

HEAVY = {"textual", "rich", "peewee", "starlette", "uvicorn", "aiosmtpd", "pydantic", "jinja2", "holidays", "structlog"}
LISTED = [name for name, entry in COMMANDS.items() if (Path(*entry.module.split(".")).with_suffix(".py")).exists()]


def said_and_loaded(otklik: Otklik, *arguments: str) -> tuple[str, set[str]]:
    """What a command prints, and the modules it loads for that."""
    program = (
        f"import sys\nfrom gateway.cli import main\nsys.argv = {['otklik', *arguments]!r}\ntry:\n    main()\nfinally:\n"
        "    print(*sys.modules, file=sys.stderr)"
    )
    line = [sys.executable, "-c", program]
    done = subprocess.run(line, capture_output=True, text=True, check=True, cwd=otklik.folder, env=otklik.environment())
    return done.stdout, set(done.stderr.split())


def test_help_imports_no_command_and_nothing_heavy(otklik: Otklik) -> None:
    said, loaded = said_and_loaded(otklik, "--help")
    assert "Commands:" in said
    assert not loaded & HEAVY
    assert {name for name in loaded if name.startswith("gateway.cli.")} == {
        f"gateway.cli.{name}" for name in ("common", "errors", "group", "table")
    }


def test_a_list_from_sqlite_loads_no_driver_no_migrations_and_nothing_that_acts(otklik: Otklik) -> None:
    databases.sqlite(otklik.folder / "var" / "otklik.db")
    said, loaded = said_and_loaded(otklik, "tickets")
    assert said.startswith("key ")
    assert "peewee" in loaded
    assert not loaded & {"psycopg", "playhouse.migrations", "intake.desk", "intake.letters.writing", "asyncio"}


def test_help_lists_exactly_the_commands_that_are_there(otklik: Otklik) -> None:
    listed = re.findall(r"^  ([a-z-]+) {2,}\S", otklik("--help").out.partition("Commands:")[2], re.MULTILINE)
    root = Path(__file__).resolve().parents[2]
    assert listed == [n for n, e in COMMANDS.items() if (root / (e.module.replace(".", "/") + ".py")).exists()]


@pytest.mark.parametrize("name", LISTED)
def test_every_command_loads_and_explains_itself(name: str) -> None:
    command = getattr(import_module(COMMANDS[name].module), COMMANDS[name].attribute)
    assert isinstance(command, click.Command)
    assert command.help
    assert COMMANDS[name].help.endswith(".")


def test_the_version_is_told(otklik: Otklik) -> None:
    assert re.fullmatch(r"otklik \d+\.\d+\.\d+\n", otklik("--version").out)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["clok"], "otklik: No such command 'clok'; did you mean clock? (see otklik --help)\n"),
        (["a\x1b[2J"], "otklik: No such command 'a\\x1b[2J' (see otklik --help)\n"),
        (["--nope"], "otklik: No such option '--nope'. (see otklik --help)\n"),
        (["init", "--nope"], "otklik init: No such option '--nope'. (see otklik init --help)\n"),
        (["init", "a", "b"], "otklik init: Got unexpected extra argument (b) (see otklik init --help)\n"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(otklik: Otklik, arguments: list[str], said: str) -> None:
    answer = otklik(*arguments)
    assert (answer.code, answer.out, answer.err) == (2, "", said)


def test_without_a_command_help_goes_to_stderr(otklik: Otklik) -> None:
    answer = otklik()
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("Usage: otklik")


@click.command()
@pass_app
def show(app: App) -> None:
    """Print the port."""
    click.echo(app.settings.smtp.port)


@click.group()
def above() -> None:
    """Hold a command below."""


above.add_command(show, "below")


@click.command()
@click.argument("name")
def fail(name: str) -> None:
    """Raise something."""
    raised: dict[str, BaseException] = {
        "config": ConfigError("otklik.toml: [smtp] port = 1: why; what to do"),
        "store": StoreUnavailable("the database is busy"),
        "missing": NotFound("no ticket VD-9"),
        "refused": Refused("closed\x1b[2J\nfor good"),
        "bug": RuntimeError("secret\nplan"),
        "disk": OSError(28, "No space left on device"),
        "interrupt": KeyboardInterrupt(),
        "abort": click.Abort(),
        "no": click.exceptions.Exit(1),
    }
    raise raised[name]


ENTRIES = {
    "show": Entry(__name__, "Show.", "show"),
    "above": Entry(__name__, "Above.", "above"),
    "fail": Entry(__name__, "Fail.", "fail"),
    "intake": Entry(__name__, "Fail.", "fail", trouble=75, misconfigured=75),
    "gone": Entry("gateway.cli.not_there_yet", "Gone."),
}


@pytest.fixture
def group() -> LazyGroup:
    """A command line of this module's commands."""
    return LazyGroup(name="otklik", entries=ENTRIES)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two configurations."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.toml").write_text("[smtp]\nport = 1001\n")
    (tmp_path / "b.toml").write_text("[smtp]\nport = 1002\n")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "port"),
    [
        ("show", 2525),
        ("--config a.toml show", 1001),
        ("show --config a.toml", 1001),
        ("--config a.toml show --config b.toml", 1002),
        ("above below", 2525),
        ("above --config a.toml below", 1001),
        ("above below --config a.toml", 1001),
        ("--config a.toml above --config b.toml below", 1002),
    ],
)
def test_config_is_taken_before_and_behind_the_command(
    group: LazyGroup, files: Path, capsys: pytest.CaptureFixture[str], arguments: str, port: int
) -> None:
    assert run(group, arguments.split()) == 0
    assert capsys.readouterr().out == f"{port}\n"


def test_config_may_come_from_the_environment_and_the_option_wins(
    group: LazyGroup, files: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTKLIK_CONFIG", "a.toml")
    run(group, ["show"])
    run(group, ["show", "--config", "b.toml"])
    run(group, ["--config", "b.toml", "show"])
    assert capsys.readouterr().out == "1001\n1002\n1002\n"


def test_a_missing_config_is_exit_2(group: LazyGroup, files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(group, ["show", "--config", "none.toml"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("otklik: none.toml: no such file; ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("command", "what", "code", "said"),
    [
        ("fail", "config", 2, "otklik: otklik.toml: [smtp] port = 1: why; what to do\n"),
        ("fail", "store", 1, "otklik: the database is busy\n"),
        ("fail", "missing", 1, "otklik: no ticket VD-9\n"),
        ("fail", "refused", 1, "otklik: closed␛[2J for good\n"),
        ("fail", "bug", 1, "otklik: RuntimeError: secret plan\n"),
        ("fail", "disk", 1, "otklik: OSError: [Errno 28] No space left on device\n"),
        ("fail", "no", 1, ""),
        ("fail", "interrupt", 130, ""),
        ("fail", "abort", 130, ""),
        ("intake", "store", 75, "otklik: the database is busy\n"),
        ("intake", "disk", 75, "otklik: OSError: [Errno 28] No space left on device\n"),
        ("intake", "bug", 75, "otklik: RuntimeError: secret plan\n"),
        ("intake", "config", 75, "otklik: otklik.toml: [smtp] port = 1: why; what to do\n"),
        ("intake", "refused", 1, "otklik: closed␛[2J for good\n"),
        ("gone", "", 2, "otklik: No such command 'gone' (see otklik --help)\n"),
    ],
)
def test_what_goes_wrong_is_one_line_and_an_exit_code(
    group: LazyGroup, capsys: pytest.CaptureFixture[str], command: str, what: str, code: int, said: str
) -> None:
    assert run(group, [command, what]) == code
    assert capsys.readouterr() == ("", said)


def test_the_real_intake_lets_an_mta_try_again() -> None:
    assert (COMMANDS["intake"].trouble, COMMANDS["intake"].misconfigured) == (75, 75)
    assert {(entry.trouble, entry.misconfigured) for name, entry in COMMANDS.items() if name != "intake"} == {(1, 2)}


def test_a_traceback_is_for_who_asks(
    group: LazyGroup, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTKLIK_DEBUG", "1")
    run(group, ["fail", "bug"])
    assert "Traceback" in capsys.readouterr().err
    run(group, ["fail", "missing"])
    assert "Traceback" not in capsys.readouterr().err


def test_a_reader_that_leaves_is_no_failure(otklik: Otklik) -> None:
    program = (
        "from gateway.cli.common import echo\nimport gateway.cli.errors as e, click, sys\n"
        "from gateway.cli.group import LazyGroup\n"
        "class Talker(LazyGroup):\n    def invoke(self, ctx):\n        [echo('x' * 100) for _ in range(10_000)]\n"
        "sys.exit(e.run(Talker(name='t', entries={}, invoke_without_command=True), []))"
    )
    done = subprocess.run(
        ["bash", "-c", '"$0" -c "$1" | head -1; exit ${PIPESTATUS[0]}', sys.executable, program],
        capture_output=True,
        text=True,
        env=otklik.environment(),
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "x" * 100 + "\n", "")


def test_a_terminal_gets_marks_for_what_could_steer_it() -> None:
    """Read what a real terminal would be sent."""
    hostile = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0), 0x202E, 0x200B, 0x2028, 0xE0041]))
    program = f"from gateway.cli.common import *\nx = {hostile!r}\necho(x)\nprint_table([[x]], ['a'])\nprint_json(x)"
    child, master = pty.fork()
    if child == 0:
        os.execve(sys.executable, [sys.executable, "-c", program], {**os.environ, "PYTHONPATH": str(Path.cwd())})
    sent = b""
    with io.FileIO(master) as terminal:
        while True:
            try:
                sent += terminal.read(65536) or b""
            except OSError:
                break
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    shown = sent.decode().replace("\r\n", "\n")
    assert shown.count("␛") == 2
    assert not [char for char in shown if not char.isprintable() and char not in "\n\t"]


def test_json_lines_are_utf8_in_any_locale(otklik: Otklik) -> None:
    program = "from gateway.cli.common import print_json; print_json({'тема': 'Оплата ⟨☎⟩'})"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        env={**otklik.environment(), "PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
    )
    assert json.loads(done.stdout.decode("utf-8")) == {"тема": "Оплата ⟨☎⟩"}


def test_a_terminal_that_lacks_a_letter_gets_its_number(otklik: Otklik) -> None:
    answer = otklik("漢", env={"PYTHONIOENCODING": "koi8-r"})
    assert answer.code == 2
    assert "\\u6f22" in answer.err


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"at": datetime(2026, 5, 8, 15, 30, tzinfo=UTC)}, '{"at": "2026-05-08T15:30:00+00:00"}\n'),
        ({"by_rated": Decimal("4.7")}, '{"by_rated": 4.7}\n'),
        ([("a", None)], '[["a", null]]\n'),
        ("a\x9bb\u202e\ud800\U000e0041", '"a\\u009bb\\u202e\\ud800\\udb40\\udc41"\n'),
    ],
)
def test_json_values(capsysbinary: pytest.CaptureFixture[bytes], value: Any, text: str) -> None:
    print_json(value)
    assert capsysbinary.readouterr().out.decode() == text


def test_a_table_keeps_every_row_on_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([("VD-1", "две\nстроки", None), ("VD-10", "漢字", 5)], ("key", "subject", "n"))
    assert capsys.readouterr().out.splitlines() == [
        "key    subject     n",
        "VD-1   две␊строки",
        "VD-10  漢字        5",
    ]


def test_columns_count_what_a_terminal_shows() -> None:
    assert [width(text) for text in ("abc", "тест", "漢字", "e\u0301", "")] == [3, 4, 4, 1, 0]


def test_who_acts_is_named_or_the_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "ivanova")
    assert App().login("petrov") == "petrov"
    assert App().login() == "ivanova"


def test_an_account_without_a_name_has_to_say_who(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", lambda uid: (_ for _ in ()).throw(KeyError(uid)))
    with pytest.raises(Refused, match="--as LOGIN"):
        App().login()


def test_completions_are_answered(otklik: Otklik) -> None:
    answer = otklik(env={"_OTKLIK_COMPLETE": "bash_complete", "COMP_WORDS": "otklik cl", "COMP_CWORD": "1"})
    assert "clock" in answer.out


def test_text_keeps_its_lines(capsys: pytest.CaptureFixture[str]) -> None:
    echo("одна\n\tдве\r")
    assert capsys.readouterr().out == "одна\n\tдве␍\n"
