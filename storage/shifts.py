"""The roster and passwords on a database. See `intake.registries`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

from intake.registries import Turn
from storage.rows import Rows


class StoredShifts:
    """See `intake.registries.Shifts`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def between(self, first: date, last: date) -> list[Turn]:
        """See `Shifts.between`."""
        found = self._rows.all(
            "SELECT day, login, starts, ends FROM shifts WHERE day BETWEEN ? AND ?",
            (first.isoformat(), last.isoformat()),
        )
        turns = [Turn(date.fromisoformat(day), login, _time(starts), _time(ends)) for day, login, starts, ends in found]
        return sorted(turns, key=lambda turn: (turn.day, turn.start, turn.login))

    def last_day(self) -> date | None:
        """See `Shifts.last_day`."""
        found = self._rows.one("SELECT max(day) FROM shifts")
        return date.fromisoformat(found[0]) if found and found[0] else None

    def put(self, turns: Iterable[Turn]) -> None:
        """See `Shifts.put`."""
        wanted = list(turns)
        for day, login in dict.fromkeys((turn.day.isoformat(), turn.login) for turn in wanted):
            self._rows.run("DELETE FROM shifts WHERE day = ? AND login = ?", (day, login))
        for turn in wanted:
            starts, ends = turn.minutes
            values = {"day": turn.day.isoformat(), "login": turn.login, "starts": starts, "ends": ends}
            self._rows.insert("shifts", values, returning=None)

    def remove(self, day: date, login: str) -> bool:
        """See `Shifts.remove`."""
        where = (day.isoformat(), login)
        found = self._rows.one("SELECT 1 FROM shifts WHERE day = ? AND login = ?", where)
        self._rows.run("DELETE FROM shifts WHERE day = ? AND login = ?", where)
        return found is not None

    def clear(self, first: date, last: date) -> None:
        """See `Shifts.clear`."""
        self._rows.run("DELETE FROM shifts WHERE day BETWEEN ? AND ?", (first.isoformat(), last.isoformat()))


class StoredPasswords:
    """See `intake.registries.Passwords`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def of(self, login: str) -> str | None:
        """See `Passwords.of`."""
        found = self._rows.one("SELECT password FROM agents WHERE login = ?", (login,))
        return None if found is None else found[0]

    def set(self, login: str, hashed: str | None) -> None:
        """See `Passwords.set`."""
        self._rows.update("agents", {"password": hashed}, "login = ?", (login,))


def _time(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)
