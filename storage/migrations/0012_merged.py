"""Tickets that are part of another are found by it."""

from __future__ import annotations

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Add the index."""
    migrator.migrate(migrator.add_index("tickets", ("merged_into",)))
