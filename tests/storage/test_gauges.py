"""What a scrape costs does not grow with the years."""

from __future__ import annotations

from pathlib import Path

from storage import open_store
from storage.gauges import REACTIONS


def test_todays_reactions_are_found_by_indexes(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/desk.db")
    try:
        with store.read() as tx:
            plan = [row[3] for row in tx.rows.all(f"EXPLAIN QUERY PLAN {REACTIONS}", (1, 1, 1))]
    finally:
        store.close()
    searched = [line for line in plan if "tickets" in line]
    assert len(searched) == 2
    assert "(open=?" in searched[0]
    assert "(closed_at>?" in searched[1]
