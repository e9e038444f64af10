from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.cli.common import App
from gateway.cli.regulation import command
from intake.regulation import shipped_text


@pytest.fixture(autouse=True)
def _no_desk_here(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without a configuration or a database: the shipped rules hold."""
    monkeypatch.chdir(tmp_path_factory.mktemp("empty"))


def test_show_tells_every_value_beside_its_clause() -> None:
    result = CliRunner().invoke(command, ["show"], obj=App())
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert lines[0] == "Регламент поддержки пользователей, 2.0"
    assert "§5 reaction.minutes 60" in lines
    assert "own completion.own.criticality.high.hours 72" in lines
    assert "§8 channels.legal slack, mail" in lines
    assert "§6 quality.good.at_least 4.7" in lines


def test_show_as_json_is_one_object() -> None:
    result = CliRunner().invoke(command, ["show", "--json"], obj=App())
    found = json.loads(result.stdout)
    rows = {row["key"]: row for row in found["rules"]}
    assert found["version"] == "2.0"
    assert rows["reaction.minutes"] == {"key": "reaction.minutes", "value": 60, "clause": "§5", "own": False}
    assert rows["completion.own.clock"]["own"]
    assert rows["quality.good.at_least"]["value"] == 4.7
    assert {row["clause"] for row in rows.values()} == {None, *(f"§{number}" for number in range(1, 9))}


def test_check_says_ok_to_the_shipped_rules(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text("\ufeff" + shipped_text(), encoding="utf-8")
    result = CliRunner().invoke(command, ["check", str(file)])
    assert (result.exit_code, result.stdout.startswith("ok")) == (0, True)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (shipped_text().replace("people = 3", "people = 0").encode(), "[shift] people = 0: must be a whole number"),
        (b"version = ", "not TOML"),
        (b"\xff\xfe", "not UTF-8"),
        (b"#" * 1_000_001, "larger than"),
        (None, "No such file"),
    ],
)
def test_check_says_in_one_line_what_is_wrong(tmp_path: Path, raw: bytes | None, words: str) -> None:
    file = tmp_path / "rules.toml"
    if raw is not None:
        file.write_bytes(raw)
    result = CliRunner().invoke(command, ["check", str(file)])
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert result.stderr.startswith(f"{file}: ")
    assert words in result.stderr
