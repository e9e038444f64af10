"""Desks to be examined."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gateway.doctor import Finding, Patient, examine
from gateway.settings import Settings
from intake.ports import Store
from storage import examine as look

NOW = datetime(2026, 5, 12, 8, tzinfo=UTC)


def patient(
    folder: Path, store: Store | None = None, now: datetime = NOW, config: Path | None = None, **sections: Any
) -> Patient:
    """A desk whose listeners take any port, with its database and letters in a folder unless told otherwise."""
    usual: dict[str, Any] = {
        "desk": {"address": "support@desk.example"},
        "storage": {"url": f"sqlite:///{folder}/desk.db", "outbox": f"{folder}/outbox"},
        "smtp": {"port": 0},
        "web": {"port": 0},
    }
    given = {name: section for name, section in sections.items() if section is not None}
    return Patient(Settings.model_validate({**usual, **given}), config, now, look, store)


def said(examined: Patient, name: str) -> list[tuple[str, str]]:
    """Level and words of what a check says."""
    return [(one.level, f"{one.what}; {one.todo}") for one in of(examined, name)]


def of(examined: Patient, name: str) -> list[Finding]:
    """Its findings of one name."""
    return [one for one in examine(examined) if one.name == name or one.name.startswith(f"{name} ")]


def levels(examined: Patient, name: str) -> list[str]:
    """How bad they are."""
    return [one.level for one in of(examined, name)]
