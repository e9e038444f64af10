"""``otklik typing``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.cli.common import App
from gateway.cli.typing import command
from intake.typing import load_model
from intake.typing.examples import shipped_examples


@pytest.fixture
def few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of a few examples, in a folder without a configuration."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "few.jsonl"
    rows = [
        {"subject": e.subject, "body": e.text, "type": e.type, "topic": e.topic, "criticality": e.criticality}
        for e in shipped_examples()[::12]
    ]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(command, arguments, obj=App())
    return result.exit_code, result.stdout, result.stderr


def test_train_writes_the_model_beside_the_database(few: Path) -> None:
    code, out, err = run("train", "--no-shipped", "--examples", str(few), "--folds", "2")
    assert (code, out) == (0, "var/typing-model.json\n")
    assert "examples" in err
    assert load_model(few.parent / "var" / "typing-model.json").trained_on == len(few.read_text("utf-8").splitlines())


def test_train_writes_where_it_is_told(few: Path, tmp_path: Path) -> None:
    target = tmp_path / "deep" / "model.json"
    code, out, _ = run("train", "--no-shipped", "--examples", str(few), "--folds", "2", "--output", str(target))
    assert (code, out) == (0, f"{target}\n")
    assert target.exists()


def test_test_prints_a_table_for_each_question(few: Path) -> None:
    code, out, _ = run("test", "--no-shipped", "--examples", str(few), "--folds", "2")
    assert code == 0
    for word in ("lexicon", "model", "combined", "accuracy", "improvement", "development", "medium", "judged →"):
        assert word in out


def test_test_as_json_tells_the_same(few: Path) -> None:
    code, out, _ = run("test", "--no-shipped", "--examples", str(few), "--folds", "2", "--json")
    found = json.loads(out)
    assert code == 0
    assert set(found) == {"lexicon", "model", "combined"}
    asked = found["combined"]["type"]
    assert asked["asked"] == sum(sum(row.values()) for row in asked["confusion"].values())
    assert 0.3 < asked["accuracy"] <= 1


@pytest.mark.parametrize("text", ["{}\n", '{"body": "x", "type": "wish"}\n', ""])
def test_a_wrong_file_is_refused_by_name_or_number(few: Path, text: str) -> None:
    few.write_text(text, "utf-8")
    code, out, err = run("train", "--no-shipped", "--examples", str(few))
    assert (code, out) == (2, "")
    assert "few.jsonl, line 1" in err or "too few" in err
