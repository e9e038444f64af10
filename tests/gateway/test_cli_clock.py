from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from gateway.cli.clock import answer, command
from gateway.cli.common import App
from intake.regulation import shipped_regulation

REGULATION = shipped_regulation()


@pytest.fixture(autouse=True)
def _no_desk_here(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without a configuration or a database: the shipped rules hold."""
    monkeypatch.chdir(tmp_path_factory.mktemp("empty"))


def run(*lines: object, raw: bytes = b"") -> Result:
    text = "".join(line if isinstance(line, str) else json.dumps(line) + "\n" for line in lines)
    return CliRunner().invoke(command, input=text.encode() + raw, obj=App())


def told(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


OPENED = {"opened_at": "2026-05-08T18:30:00+03:00", "type": "consultation"}


@pytest.mark.parametrize(
    ("line", "answered"),
    [
        (OPENED, {"reaction_due": "2026-05-12T10:30:00+03:00", "completion_due": "2026-05-09T18:30:00+03:00"}),
        (
            {**OPENED, "opened_at": "2026-05-08T15:30:00Z", "criticality": None, "estimate_hours": None},
            {"reaction_due": "2026-05-12T10:30:00+03:00", "completion_due": "2026-05-09T18:30:00+03:00"},
        ),
        (
            {**OPENED, "type": "bug", "criticality": "high", "estimated_at": None, "note": "more"},
            {"reaction_due": "2026-05-12T10:30:00+03:00", "completion_due": "2026-05-11T18:30:00+03:00"},
        ),
        (
            {**OPENED, "type": "bug"},
            {"reaction_due": "2026-05-12T10:30:00+03:00", "completion_due": "2026-05-22T18:30:00+03:00"},
        ),
        (
            {**OPENED, "type": "improvement"},
            {"reaction_due": "2026-05-12T10:30:00+03:00", "completion_due": None},
        ),
        (
            {**OPENED, "type": "improvement", "estimate_hours": 2.5},
            {"reaction_due": "2026-05-12T10:30:00+03:00", "completion_due": "2026-05-12T12:00:00+03:00"},
        ),
        (
            {**OPENED, "type": "improvement", "estimate_hours": 9, "estimated_at": "2026-05-13T12:00:00+05:00"},
            {"reaction_due": "2026-05-12T10:30:00+03:00", "completion_due": "2026-05-13T19:00:00+03:00"},
        ),
        (
            {**OPENED, "opened_at": "2026-05-13T12:00:00.123456-04:00"},
            {"reaction_due": "2026-05-14T11:00:00+03:00", "completion_due": "2026-05-14T19:00:00.123456+03:00"},
        ),
        ({"escalated_at": "2026-05-08T18:30:00+03:00", "topic": "legal"}, {"answer_due": "2026-05-14T19:00:00+03:00"}),
        (
            {"escalated_at": "2026-05-08T18:30:00+03:00", "topic": "data_edit", "opened_at": None},
            {"answer_due": "2026-05-12T19:00:00+03:00"},
        ),
    ],
)
def test_a_line_is_answered_with_its_deadlines(line: dict[str, Any], answered: dict[str, Any]) -> None:
    result = run(line)
    assert (told(result), result.exit_code) == ([answered], 0)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({**OPENED, "opened_at": "2026-05-08T18:30:00"}, "no offset"),
        ({**OPENED, "opened_at": "yesterday"}, "not a time"),
        ({**OPENED, "opened_at": 1778254200}, "not a time"),
        ({**OPENED, "opened_at": None}, "opened_at is missing"),
        ({"opened_at": OPENED["opened_at"]}, "type is missing"),
        ({**OPENED, "type": None}, "type is missing"),
        ({**OPENED, "type": "wish"}, "unknown type"),
        ({**OPENED, "type": ["bug"]}, "not a text"),
        ({**OPENED, "type": "bug", "criticality": "huge"}, "unknown criticality"),
        ({**OPENED, "type": "bug", "criticality": 3}, "not a text"),
        ({**OPENED, "type": "improvement", "estimate_hours": -1}, "estimate"),
        ({**OPENED, "type": "improvement", "estimate_hours": float("nan")}, "estimate"),
        ({**OPENED, "type": "improvement", "estimate_hours": True}, "estimate"),
        ({**OPENED, "type": "improvement", "estimate_hours": 1, "estimated_at": "2026-05-08"}, "no offset"),
        ({"escalated_at": OPENED["opened_at"], "topic": "weather"}, "unknown topic"),
        ({"escalated_at": OPENED["opened_at"]}, "topic is missing"),
        ({**OPENED, "escalated_at": OPENED["opened_at"], "topic": "legal"}, "one of them"),
        ({**OPENED, "opened_at": "9999-12-31T23:59:59-12:00"}, "calendar"),
        ({**OPENED, "opened_at": "0001-01-01T00:00:00+12:00"}, "calendar"),
        ({**OPENED, "opened_at": "1999-01-01T00:00:00+03:00"}, "calendar"),
        ([], "not a JSON object"),
        (None, "not a JSON object"),
        ("{\n", "not JSON"),
        ("[" * 100_000 + "\n", "not JSON"),
        (
            '{"opened_at": "2026-05-08T18:30:00Z", "type": "improvement", "estimate_hours": 1' + "0" * 5000 + "}\n",
            "JSON",
        ),
        ('{"opened_at": "2026-05-08T18:30:00Z", "type": "\\ud800"}\n', "unknown type"),
    ],
)
def test_a_line_that_can_t_be_read_is_an_error_in_its_place(line: object, words: str) -> None:
    result = run(OPENED, line, OPENED)
    answers = told(result)
    assert [list(found) for found in (answers[0], answers[2])] == [["reaction_due", "completion_due"]] * 2
    assert list(answers[1]) == ["error"]
    assert words in answers[1]["error"]
    assert result.exit_code == 1


def test_bytes_that_are_no_text_are_an_error_too() -> None:
    result = run(OPENED, raw=b'{"type": "\xff"}\n' + json.dumps(OPENED).encode())
    assert ["error" in found for found in told(result)] == [False, True, False]
    assert result.exit_code == 1


def test_an_empty_line_keeps_its_place_and_one_at_the_end_is_none() -> None:
    middle, end = run(OPENED, "\n", OPENED), run(OPENED, "\n", "\n")
    assert ["error" in found for found in told(middle)] == [False, True, False]
    assert (len(told(end)), end.exit_code) == (1, 0)


def test_nothing_asked_is_nothing_answered() -> None:
    result = run()
    assert (result.stdout, result.exit_code) == ("", 0)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_line_is_too_strange_for_an_answer(line: bytes) -> None:
    assert answer(lambda _at: REGULATION, line)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            key: st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.datetimes().map(str)
            for key in ("opened_at", "escalated_at", "type", "topic", "criticality", "estimate_hours", "estimated_at")
        },
    )
)
def test_no_object_is_too_strange_for_an_answer(asked: dict[str, Any]) -> None:
    assert answer(lambda _at: REGULATION, json.dumps(asked).encode())


def test_answers_come_as_they_are_asked_in_a_process_of_its_own() -> None:
    """A pipe that waits for each answer before it asks the next."""
    script = "from gateway.cli import main; import sys; sys.argv[1:] = ['clock']; main()"
    path = os.pathsep.join(filter(None, sys.path))
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    ) as process:
        assert process.stdin
        assert process.stdout
        at = datetime(2026, 5, 13, 9, 0, tzinfo=UTC)
        for count in range(5):
            opened = at + timedelta(minutes=count)
            process.stdin.write(json.dumps({"opened_at": opened.isoformat(), "type": "bug"}).encode() + b"\n")
            process.stdin.flush()
            due = json.loads(process.stdout.readline())["reaction_due"]
            assert datetime.fromisoformat(due) == opened + timedelta(hours=1)
        process.stdin.close()
        assert process.wait(timeout=30) == 0
