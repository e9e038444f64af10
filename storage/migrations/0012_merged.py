"""Tickets that are part of another are found by it; of those that are not, which are most, it says nothing."""

from __future__ import annotations

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Add the index."""
    db.execute_sql("CREATE INDEX tickets_merged_into ON tickets (merged_into) WHERE merged_into IS NOT NULL")
