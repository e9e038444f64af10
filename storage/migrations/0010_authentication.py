"""What our relay found out about who sent a mail: JSON, empty where nothing is known."""

from __future__ import annotations

from typing import Any

from peewee import TextField


def up(migrator: Any, db: Any) -> None:
    """Add the column."""
    migrator.migrate(migrator.add_column("messages", "authentication", TextField(default="")))
