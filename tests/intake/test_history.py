"""Lines of another system's history: what cannot be counted with is told as a wrong line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.history import BadLine, read_past
from intake.regulations import Regulations
from tests.support.desks import a_desk

LINE = {"id": "VD-0001", "type": "bug", "opened_at": "2026-09-01T10:00:00+03:00"}


@pytest.fixture(scope="module")
def regulations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Regulations]:
    folder: Path = tmp_path_factory.mktemp("history")
    with a_desk(folder) as desk:
        yield desk.regulations


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"opened_at": "9999-12-31T23:59:59-12:00"}, "ISO 8601"),
        ({"opened_at": "0001-01-01T00:00:00+12:00"}, "ISO 8601"),
        ({"opened_at": "1990-01-01T00:00:00Z"}, "calendar"),
        ({"closed_at": "2060-01-01T00:00:00Z"}, "calendar"),
        ({"first_reaction_at": "2060-01-01T00:00:00Z"}, "calendar"),
    ],
)
def test_a_time_without_a_working_calendar_is_a_wrong_line(
    regulations: Regulations, change: dict[str, str], reason: str
) -> None:
    with pytest.raises(BadLine, match=reason):
        read_past(json.dumps(LINE | change), regulations)
