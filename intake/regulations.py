"""The versions of the regulation in force over time; a ticket keeps the one it arrived under."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from intake.errors import NotFound

if TYPE_CHECKING:
    from intake.ports import Store, Transaction
    from intake.regulation import Regulation

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""The shipped version is in force for everything that came before another one took effect."""


class Regulations:
    """All versions a store holds, read once; `fresh` reads those added since."""

    def __init__(self, store: Store, timezone: str) -> None:
        self._store = store
        self._zone = ZoneInfo(timezone)
        self._versions: list[tuple[datetime, Regulation]] = []
        self.fresh()

    def fresh(self) -> None:
        """Read the versions again; the shipped one is stored first where there is none."""
        with self._store.read() as tx:
            stored = tx.rules.versions()
        if not stored:
            self._store.write(_store_shipped)
            with self._store.read() as tx:
                stored = tx.rules.versions()
        known = {regulation.rules.version: regulation for _, regulation in self._versions}
        self._versions = [
            (since, known.get(version) or self._load(text, calendar, version))
            for version, since, text, calendar in stored
        ]

    def _load(self, text: str, calendar: str, version: str) -> Regulation:
        from intake.regulation import Regulation, WorkingCalendar, load_rules

        source = f"regulation {version}"
        return Regulation(load_rules(text, source), WorkingCalendar.from_json(calendar, source), self._zone)

    def at(self, instant: datetime) -> Regulation:
        """The version in force at an instant."""
        in_force = [regulation for since, regulation in self._versions if since <= instant]
        return in_force[-1] if in_force else self._versions[0][1]

    def of(self, version: str) -> Regulation:
        """One version by name; one that another process added meanwhile is read first."""
        for attempt in (1, 2):
            for _, regulation in self._versions:
                if regulation.rules.version == version:
                    return regulation
            if attempt == 1:
                self.fresh()
        raise NotFound(f"no version {version} of the regulation")


def _store_shipped(tx: Transaction) -> None:
    from intake.regulation import load_rules, shipped_calendar, shipped_text

    text = shipped_text()
    rules = load_rules(text)
    calendar = shipped_calendar().with_own_days(rules.hours)
    tx.rules.add(rules.version, BEGINNING, text, calendar.to_json(), BEGINNING)
