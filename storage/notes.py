"""Named values and versions of the regulation on a database. See `intake.notes.Notes` and `intake.notes.Rules`."""

from __future__ import annotations

from datetime import datetime

from intake.errors import Refused
from storage.rows import Rows, moment, stamp


class StoredNotes:
    """See `intake.notes.Notes`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def value(self, name: str) -> str | None:
        """See `Notes.value`."""
        found = self._rows.one("SELECT value FROM notes WHERE name = ?", (name,))
        return None if found is None else str(found[0])

    def value_to_change(self, name: str) -> str | None:
        """See `Notes.value_to_change`."""
        self._rows.hold(f"note {name}")
        found = self._rows.one(f"SELECT value FROM notes WHERE name = ?{self._rows.for_update}", (name,))
        return None if found is None else str(found[0])

    def set_value(self, name: str, value: str) -> None:
        """See `Notes.set_value`."""
        self._rows.put("notes", {"name": name}, {"value": value})

    def set_once(self, name: str, value: str) -> str:
        """See `Notes.set_once`."""
        self._rows.hold(f"note {name}")
        self._rows.insert_new("notes", {"name": name, "value": value}, conflict="name", returning="name")
        return self.value(name) or value


class StoredRules:
    """See `intake.notes.Rules`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def versions(self) -> list[tuple[str, datetime, str, str]]:
        """See `Rules.versions`."""
        found = self._rows.all(
            "SELECT version, effective_from, text, calendar FROM regulations ORDER BY effective_from, id"
        )
        return [(row[0], moment(row[1]), row[2], row[3]) for row in found]

    def add(self, version: str, effective_from: datetime, text: str, calendar: str, now: datetime) -> None:
        """See `Rules.add`."""
        values = {
            "version": version,
            "effective_from": stamp(effective_from),
            "text": text,
            "calendar": calendar,
            "added_at": stamp(now),
        }
        if self._rows.insert_new("regulations", values, conflict="version", returning="id") is not None:
            return
        found = self._rows.one("SELECT text, effective_from FROM regulations WHERE version = ?", (version,))
        if found is None or found[0] != text:
            raise Refused(f"version {version} is stored already with other rules: give the new ones another version")
        if found[1] != values["effective_from"]:
            since = f"{moment(found[1]):%Y-%m-%d %H:%M} UTC"
            raise Refused(
                f"version {version} is in force from {since} already: for another day give it another version"
            )
