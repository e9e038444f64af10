"""What a check says, and what it may look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from gateway.settings import Settings
    from intake.ports import Store
    from storage.upkeep import Examination

Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. ``todo`` is what to do about it, empty where there is nothing to do."""

    level: Level
    name: str
    what: str
    todo: str = ""

    def __str__(self) -> str:
        return f"{self.level:<4}  {self.name}: {self.what}" + (f"; {self.todo}" if self.todo else "")


@dataclass(frozen=True, slots=True)
class Patient:
    """A desk's settings, where they came from (None: embedded defaults), and ways to its database.

    ``store`` is None where there is no database that could be opened."""

    settings: Settings
    config: Path | None
    now: datetime
    examine: Callable[[str], Examination]
    store: Store | None = None


def ok(name: str, what: str) -> Finding:
    """All is well."""
    return Finding("ok", name, what)


def warn(name: str, what: str, todo: str) -> Finding:
    """It works, but not as it should, or not for long."""
    return Finding("warn", name, what, todo)


def fail(name: str, what: str, todo: str) -> Finding:
    """It does not work."""
    return Finding("fail", name, what, todo)
