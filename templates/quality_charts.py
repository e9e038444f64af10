"""Geometry of the report's charts: from numbers to points of an SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers from ``low`` to ``high`` on pixels from ``start`` to ``end``."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float | Decimal) -> float:
        """The pixel of a number; one outside goes to the nearer end."""
        share = (min(max(float(value), self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)


@dataclass(frozen=True, slots=True)
class Point:
    """A month's place on a line; ``text`` is its figure."""

    x: float
    y: float
    text: str


def points(values: Sequence[Decimal | None], across: Scale, up: Scale) -> list[Point]:
    """The months that have a figure, left to right."""
    return [
        Point(across(place), up(value), str(value).replace(".", ","))
        for place, value in enumerate(values)
        if value is not None
    ]


def path(found: Sequence[Point]) -> str:
    """The line through points, for an SVG polyline."""
    return " ".join(f"{point.x},{point.y}" for point in found)


def shares(marks: Sequence[int], width: float) -> list[tuple[int, float, float, int]]:
    """A stacked bar of marks from the highest to the lowest: (mark's place, x, width, count), none for nothing."""
    total, x, found = sum(marks), 0.0, []
    for place in range(len(marks) - 1, -1, -1):
        if marks[place]:
            room = width * marks[place] / total
            found.append((place, round(x, 1), round(room, 1), marks[place]))
            x += room
    return found


def floor_of(values: Sequence[Decimal | None], lowest: int, highest: int) -> float:
    """Where a scale of averages begins: low enough for all of them, and not much lower."""
    given = [float(value) for value in values if value is not None]
    return max(float(lowest), min([*given, highest - 2.0]) - 0.3)
