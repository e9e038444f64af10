"""Figures for those who watch the desk, as a Protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Held:
    """How many automatic letters the desk's ceiling holds back, and when the last of them may leave."""

    letters: int
    until: datetime | None


class Gauges(Protocol):
    """Figures for those who watch the desk; each is cheap however much has been kept."""

    def dispositions(self) -> Mapping[str, int]:
        """Journal rows by disposition."""

    def last_arrival(self) -> int:
        """The newest journal row's id, 0 where there is none."""

    def arrived(self, after: int) -> tuple[int, Mapping[str, int]]:
        """The newest row's id, and rows after ``after`` by door."""

    def oldest_arrival(self) -> datetime | None:
        """When the oldest journal row without a disposition was kept."""

    def held(self, now: datetime) -> Held:
        """What the brake holds now."""

    def oldest_letter(self, now: datetime) -> datetime | None:
        """Since when the letter that is most overdue for another try has been due. None where none is due."""

    def reactions(self, since: datetime) -> Sequence[tuple[datetime, datetime]]:
        """When tickets whose first human reaction came at ``since`` or later were opened and reacted to; spam and
        merged ones left out."""
