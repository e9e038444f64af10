"""Upkeep that leaves nothing behind: what was erased is gone from the files, old raw mails are let go."""

from __future__ import annotations

from datetime import datetime

from intake.errors import StoreUnavailable
from storage import database, troubles
from storage.changing import changing
from storage.rows import Rows, stamp


def scrub(url: str) -> None:
    """See `storage.scrub`."""
    with troubles.named():
        opened = database.opener(url)(False)
        try:
            rows = Rows(opened)
            if rows.postgresql:
                rows.run("VACUUM")
                return
            rows.run("INSERT INTO search_index(search_index) VALUES ('rebuild')")
            rows.run("VACUUM")
            busy = rows.one("PRAGMA wal_checkpoint(TRUNCATE)")
            if busy is not None and busy[0]:
                raise StoreUnavailable("somebody reads the database: its log could not be emptied yet")
        finally:
            opened.close()


def prune(url: str, before: datetime) -> tuple[int, int]:
    """See `storage.prune`."""
    with changing(url) as rows:
        arrivals = rows.update(
            "journal", {"raw": b""}, "received_at < ? AND disposition <> 'new' AND length(raw) > 0", (stamp(before),)
        )
        letters = rows.update(
            "outbox",
            {"raw": b""},
            "created_at < ? AND state NOT IN ('queued', 'uncertain') AND length(raw) > 0",
            (stamp(before),),
        )
    return arrivals, letters
