"""``otklik typing``."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.cli.common import App
from gateway.cli.lessons import model_in_use
from gateway.cli.typing import command
from gateway.mail_readers import PooledReader
from intake.typing import classify, desk_model
from intake.typing.examples import shipped_examples
from storage import open_store
from tests.support.desks import a_desk, mail


@pytest.fixture
def few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of a few examples, in a folder without a configuration."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "few.jsonl"
    rows = [
        {"subject": e.subject, "body": e.text, "type": e.type, "topic": e.topic, "criticality": e.criticality}
        for e in shipped_examples()[::24]
    ]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(command, arguments, obj=App())
    return result.exit_code, result.stdout, result.stderr


def in_use(folder: Path) -> tuple[int, str]:
    store = open_store(f"sqlite:///{folder / 'var' / 'otklik.db'}")
    with store.read() as tx:
        found = tx.lessons.model()
    store.close()
    return found


KINDS = (("Бурундук", "Фиолетовый бурундук {} просит зелени", "legal"), ("Енот", "Полосатый енот {} ушёл", "joint_pr"))
"""Mails of kinds that the package's model can't know."""


def odd(folder: Path) -> Path:
    path = folder / "odd.jsonl"
    rows = [
        {"subject": subject, "body": body.format(n), "type": "bug", "topic": topic, "criticality": "low"}
        for n in range(10)
        for subject, body, topic in KINDS
    ]
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return path


def test_a_model_that_judges_better_is_put_in_use_and_taken_back_by_reset(few: Path) -> None:
    code, out, err = run("train", "--no-shipped", "--examples", str(odd(few.parent)), "--folds", "2")
    assert (code, out) == (0, "model 1\n")
    assert "what agents taught judges" in err
    version, text = in_use(few.parent)
    assert version == 1
    assert classify("Бурундук", "Фиолетовый бурундук", model=desk_model(text)).topic.value == "legal"
    assert run("reset")[:2] == (0, "model 2\n")
    assert in_use(few.parent) == (2, "")


def test_asking_for_the_model_makes_no_desk_and_never_fails(few: Path) -> None:
    assert model_in_use(App().settings.storage) == ""
    assert not (few.parent / "var").exists()
    run("reset")
    assert model_in_use(App().settings.storage) == ""
    store = open_store("sqlite:///var/otklik.db")
    store.write(lambda tx: tx.lessons.put_model("a model", "{}", datetime(2026, 5, 12, tzinfo=UTC)))
    store.close()
    assert model_in_use(App().settings.storage) == "a model"
    (few.parent / "var" / "otklik.db").write_bytes(b"no database at all" * 100)
    assert model_in_use(App().settings.storage) == ""


def test_what_the_package_knows_already_changes_nothing(few: Path) -> None:
    assert run("train")[:2] == (0, "unchanged\n")
    code, out, err = run("train", "--no-shipped", "--examples", str(few), "--folds", "2")
    assert (code, out) == (0, "unchanged\n")
    assert "the package's model judges" in err
    assert not (few.parent / "var").exists()


def test_what_agents_corrected_is_learnt_from(few: Path) -> None:
    (few.parent / "var").mkdir()
    with a_desk(f"sqlite:///{few.parent / 'var' / 'otklik.db'}") as desk:
        for number in range(20):
            subject, body, topic = KINDS[number % 2]
            sender = f"Олег <o{number}@roscha.example>"
            row = desk.receive(mail(subject, body.format(number), sender, message_id=f"<{number}@roscha.example>"))
            assert row.ticket is not None
            desk.desk.set_topic(row.ticket, topic, "boris")
        reader = PooledReader(desk.settings, processes=0, store=desk.store)
        code, out, err = run("train", "--no-shipped", "--folds", "2")
        assert (code, out) == (0, "model 1\n")
        assert "topic: 20 mails of the desk, 20 corrected" in err
        told = json.loads(run("test", "--no-shipped", "--folds", "2", "--json")[1])
        assert told["desk"]["topic"]["better"] is True
        arrival = desk.arrive(mail("Бурундук", "Опять фиолетовый бурундук просит", message_id="<9@roscha.example>"))
        with desk.store.read() as tx:
            row = tx.journal.get(arrival)
        assert reader.submit(row).result().typing.topic.value != "legal"
        reader.look()
        assert reader.submit(row).result().typing.topic.value == "legal"
        reader.close()


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
    assert {"lexicon", "model", "combined"} <= set(found)
    asked = found["combined"]["type"]
    assert asked["asked"] == sum(sum(row.values()) for row in asked["confusion"].values())
    assert 0.3 < asked["accuracy"] <= 1


@pytest.mark.parametrize("text", ["{}\n", '{"body": "x", "type": "wish"}\n', ""])
def test_a_wrong_file_is_refused_by_name_or_number(few: Path, text: str) -> None:
    few.write_text(text, "utf-8")
    code, out, err = run("train", "--no-shipped", "--examples", str(few))
    assert (code, out) == (2, "")
    assert "few.jsonl, line 1" in err or "too few" in err
