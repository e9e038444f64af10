"""Other rules: put in force from a day on, tried on the past."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from intake.regulation import shipped_text
from tests.conftest import Inside, Otklik
from tests.support.desks import mail


@pytest.fixture
def stricter(tmp_path: Path) -> Path:
    file = tmp_path / "stricter.toml"
    text = shipped_text().replace('version = "2.0"', 'version = "2.1"').replace("\nminutes = 60", "\nminutes = 30")
    file.write_text(text, encoding="utf-8")
    return file


def intake(otklik: Otklik, at: str, message_id: str) -> None:
    said = otklik("intake", "-", "--received-at", at, stdin=mail(message_id=message_id))
    assert said.code == 0, said.err


def due(otklik: Otklik, number: str) -> tuple[str, str]:
    ticket = json.loads(otklik("ticket", number, "--json").out)
    return ticket["reaction_due"], ticket["regulation"]


def test_a_new_version_holds_for_what_comes_after(inside: Inside, stricter: Path) -> None:
    intake(inside, "2026-06-01T11:00:00+03:00", "<1@x.example>")
    said = inside("regulation", "activate", str(stricter), "--from", "2026-06-02", "--as", "anna")
    assert said.code == 0, said.err
    intake(inside, "2026-06-01T12:00:00+03:00", "<2@x.example>")
    intake(inside, "2026-06-02T12:00:00+03:00", "<3@x.example>")
    assert due(inside, "1001") == ("2026-06-01T12:00:00+03:00", "2.0")
    assert due(inside, "1002") == ("2026-06-01T13:00:00+03:00", "2.0")
    assert due(inside, "1003") == ("2026-06-02T12:30:00+03:00", "2.1")
    line = b'{"opened_at": "2026-06-02T12:00:00+03:00", "type": "bug"}\n'
    assert json.loads(inside("clock", stdin=line).out)["reaction_due"] == "2026-06-02T12:30:00+03:00"


def test_a_version_is_not_changed_behind_its_name(inside: Inside, stricter: Path) -> None:
    assert inside("regulation", "activate", str(stricter), "--from", "2026-06-02", "--as", "anna").code == 0
    stricter.write_text(stricter.read_text(encoding="utf-8").replace("minutes = 30", "minutes = 20"), encoding="utf-8")
    said = inside("regulation", "activate", str(stricter), "--from", "2026-06-03", "--as", "anna")
    assert said.code == 1
    assert "another version" in said.err


def test_a_version_keeps_the_day_it_is_in_force_from(inside: Inside, stricter: Path) -> None:
    line = ("regulation", "activate", str(stricter), "--as", "anna", "--from")
    assert inside(*line, "2026-06-02").code == 0
    assert inside(*line, "2026-06-02").code == 0
    said = inside(*line, "2026-06-03")
    assert said.code == 1
    assert "another version" in said.err
    assert "2026-06-03" not in said.err


def test_a_wrong_file_is_one_line_and_exit_2(otklik: Otklik, stricter: Path) -> None:
    stricter.write_text(stricter.read_text(encoding="utf-8").replace("minutes = 30", 'minutes = "x"'), encoding="utf-8")
    said = otklik("regulation", "activate", str(stricter), "--from", "2026-06-02", "--as", "anna")
    assert said.code == 2
    assert len(said.err.strip().splitlines()) == 1
    assert "minutes" in said.err


def test_simulating_shows_what_moves_and_stores_nothing(otklik: Otklik, stricter: Path) -> None:
    intake(otklik, "2026-06-01T11:00:00+03:00", "<1@x.example>")
    said = otklik("regulation", "simulate", str(stricter), "--from", "2026-06-01", "--to", "2026-06-01", "--json")
    found = json.loads(said.out)
    assert found["tickets"] == 1
    assert [(m["ticket"], m["deadline"]) for m in found["moved"]] == [("VD-1001", "reaction_due")]
    assert due(otklik, "1001") == ("2026-06-01T12:00:00+03:00", "2.0")
    assert "2.1" not in otklik("regulation", "show").out.splitlines()[0]
    moved = found["moved"][0]
    assert (moved["from"], moved["to"]) == ("2026-06-01T12:00:00+03:00", "2026-06-01T11:30:00+03:00")


def test_a_span_that_ends_before_it_begins_is_wrong_usage(inside: Inside, stricter: Path) -> None:
    said = inside("regulation", "simulate", str(stricter), "--from", "2026-06-02", "--to", "2026-06-01")
    assert (said.code, said.out) == (2, "")
    assert "--to" in said.err
