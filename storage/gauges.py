"""Figures of the desk on a database. See `intake.gauges.Gauges`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from intake.gauges import Held
from intake.letters.ceilings import HELD_REASON
from storage.rows import Rows, moment, stamp

_OWN = "reacted_at >= ? AND spam = 0 AND merged_into IS NULL"
REACTIONS = (
    f"SELECT opened_at, reacted_at FROM tickets WHERE open = 1 AND {_OWN}"
    f" UNION ALL SELECT opened_at, reacted_at FROM tickets WHERE closed_at >= ? AND {_OWN}"
)
"""An open ticket has no closing: none is found twice. "open = 0" as well would tempt SQLite to that index."""


class StoredGauges:
    """See `intake.gauges.Gauges`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def dispositions(self) -> Mapping[str, int]:
        """See `Gauges.dispositions`. An index holds all it needs."""
        return dict(self._rows.all("SELECT disposition, COUNT(*) FROM journal GROUP BY disposition"))

    def last_arrival(self) -> int:
        """See `Gauges.last_arrival`."""
        return self._rows.count("SELECT COALESCE(MAX(id), 0) FROM journal")

    def arrived(self, after: int) -> tuple[int, Mapping[str, int]]:
        """See `Gauges.arrived`."""
        found = self._rows.all("SELECT door, COUNT(*), MAX(id) FROM journal WHERE id > ? GROUP BY door", (after,))
        return max([after, *(row[2] for row in found)]), {row[0]: row[1] for row in found}

    def oldest_arrival(self) -> datetime | None:
        """See `Gauges.oldest_arrival`."""
        found = self._rows.one("SELECT MIN(kept_at) FROM journal WHERE disposition = 'new'")
        return None if found is None or found[0] is None else moment(found[0])

    def held(self, now: datetime) -> Held:
        """See `Gauges.held`. An index holds those that wait."""
        found = self._rows.one(
            "SELECT COUNT(*), MAX(next_try_at) FROM outbox WHERE state = 'queued' AND next_try_at > ?"
            " AND automatic = 1 AND attempts = 0 AND error LIKE ?",
            (stamp(now), f"{HELD_REASON}%"),
        )
        count, last = found or (0, None)
        return Held(count, None if last is None else moment(last))

    def oldest_letter(self, now: datetime) -> datetime | None:
        """See `Gauges.oldest_letter`."""
        found = self._rows.one(
            "SELECT MIN(next_try_at) FROM outbox WHERE state IN ('queued', 'uncertain') AND next_try_at <= ?",
            (stamp(now),),
        )
        return None if found is None or found[0] is None else moment(found[0])

    def reactions(self, since: datetime) -> Sequence[tuple[datetime, datetime]]:
        """See `Gauges.reactions`. What was reacted to since then is open or was closed since then, and both are
        indexed: tickets closed before are not looked at."""
        found = self._rows.all(REACTIONS, (stamp(since), stamp(since), stamp(since)))
        return [(moment(opened), moment(reacted)) for opened, reacted in found]
