"""Versions of the regulation and small named values: what is needed of a store that keeps them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Rules(Protocol):
    """Versions of the regulation, each with its TOML text and the calendar it was computed with."""

    def versions(self) -> list[tuple[str, datetime, str, str]]:
        """(version, effective from, TOML text, calendar JSON), oldest first."""

    def add(self, version: str, effective_from: datetime, text: str, calendar: str, now: datetime) -> None:
        """One more version. Raises Refused where the version is known with another text or day."""


class Notes(Protocol):
    """Small named values: signing keys, marks."""

    def value(self, name: str) -> str | None:
        """None when it was never set."""

    def value_to_change(self, name: str) -> str | None:
        """As `value`, and until the transaction ends whoever else wants to change it waits."""

    def set_value(self, name: str, value: str) -> None:
        """Write it."""

    def set_once(self, name: str, value: str) -> str:
        """Write it unless somebody did; the value that stands."""
