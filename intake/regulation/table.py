"""One table of a rules file, read key by key; whatever doesn't fit is one line naming where, what and why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import NoReturn, TypeVar

from intake.regulation.errors import RegulationError, shown

T = TypeVar("T")


class Table:
    """A TOML table and where it stands. Every read marks its key; `finish` refuses the keys nobody asked for."""

    def __init__(self, source: str, path: str, values: Mapping[str, object]) -> None:
        self._source = source
        self._path = path
        self._values = values
        self._read: set[str] = set()

    def refuse(self, key: str, why: str) -> NoReturn:
        """Raise the one line about ``key`` of this table."""
        place = f"[{self._path}] {key}" if self._path else key
        value = f" = {shown(self._values[key])}" if key in self._values else ""
        raise RegulationError(f"{self._source}: {place}{value}: {why}")

    def finish(self) -> None:
        """Refuse the first key that no rule knows."""
        for key in self._values:
            if key not in self._read:
                known = ", ".join(sorted(self._read - {"clause", "own"}))
                self.refuse(key, f"unknown key (known here: {known})" if known else "unknown key")

    def _take(self, key: str) -> object:
        self._read.add(key)
        if key not in self._values:
            self.refuse(key, "missing")
        return self._values[key]

    def table(self, key: str) -> Table:
        """The sub-table ``key``."""
        value = self._take(key)
        if not isinstance(value, dict):
            self.refuse(key, "must be a table")
        return Table(self._source, f"{self._path}.{key}" if self._path else key, value)

    def names(self) -> tuple[str, ...]:
        """The keys of a table whose keys are data, in the file's order."""
        return tuple(self._values)

    def has(self, key: str) -> bool:
        """Whether an optional key is there."""
        return key in self._values

    def clause(self) -> str:
        """The clause this table carries, as "§5"."""
        value = self.text("clause")
        if not (value.startswith("§") and value[1:].replace(".", "").isdigit()):
            self.refuse("clause", 'must name a clause, as "§5"')
        return value

    def text(self, key: str) -> str:
        """One line of text, not empty."""
        value = self._take(key)
        if not isinstance(value, str) or not value.strip() or any(ord(char) < ord(" ") for char in value):
            self.refuse(key, "must be a line of text")
        return value

    def whole(self, key: str, least: int, most: int) -> int:
        """A whole number from ``least`` to ``most``."""
        value = self._take(key)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.refuse(key, f"must be a whole number from {least} to {most}")
        return value

    def decimal(self, key: str) -> Decimal:
        """An exact number above 0."""
        value = self._take(key)
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            self.refuse(key, "must be a number")
        number = Decimal(value)
        if not number.is_finite() or number <= 0:
            self.refuse(key, "must be a number above 0")
        return number

    def choice(self, key: str, options: Mapping[str, T]) -> T:
        """One of ``options``."""
        value = self._take(key)
        if not isinstance(value, str) or value not in options:
            self.refuse(key, f"must be one of {', '.join(options)}")
        return options[value]

    def choices(self, key: str, options: Mapping[str, T]) -> tuple[T, ...]:
        """A list of ``options``, none twice."""
        items = self._list(key)
        for item in items:
            if not isinstance(item, str) or item not in options:
                self.refuse(key, f"{shown(item)} is none of {', '.join(options)}")
        return tuple(options[str(item)] for item in self._distinct(key, items))

    def wholes(self, key: str, least: int, most: int) -> tuple[int, ...]:
        """A list of whole numbers from ``least`` to ``most``, none twice."""
        items = self._list(key)
        found = [item for item in items if isinstance(item, int) and not isinstance(item, bool)]
        if len(found) < len(items) or any(not least <= item <= most for item in found):
            self.refuse(key, f"must be whole numbers from {least} to {most}")
        self._distinct(key, items)
        return tuple(found)

    def days(self, key: str) -> frozenset[date]:
        """A list of dates, none twice."""
        items = self._list(key)
        found = [item for item in items if isinstance(item, date) and not isinstance(item, datetime)]
        if len(found) < len(items):
            self.refuse(key, "must be a list of dates, as [2026-07-20]")
        self._distinct(key, items)
        return frozenset(found)

    def time(self, key: str) -> time:
        """A time of day to the minute, as "10:00"; "24:00" is 00:00."""
        value = self._take(key)
        try:
            return parse_time(value)
        except ValueError:
            self.refuse(key, 'must be a time of day, as "10:00"')

    def each(self, keys: Collection[str], read: Callable[[Table, str], T]) -> dict[str, T]:
        """``read`` every one of ``keys``."""
        return {key: read(self, key) for key in keys}

    def _list(self, key: str) -> list[object]:
        value = self._take(key)
        if not isinstance(value, list):
            self.refuse(key, "must be a list")
        return value

    def _distinct(self, key: str, items: list[object]) -> list[object]:
        for place, item in enumerate(items):
            if item in items[:place]:
                self.refuse(key, f"{shown(item)} stands twice")
        return items


def parse_time(value: object) -> time:
    """A `time` of "HH:MM". Raises ValueError."""
    if isinstance(value, str) and len(value) == len("10:00") and value[2] == ":":
        hours, minutes = value[:2], value[3:]
        if hours.isdecimal() and minutes.isdecimal() and value.isascii():
            return time(0) if value == "24:00" else time(int(hours), int(minutes))
    raise ValueError(value)
