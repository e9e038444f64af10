"""Dates of completion that were agreed with the client."""

from __future__ import annotations

from typing import Any

from peewee import BigIntegerField


def up(migrator: Any, db: Any) -> None:
    """Add the column; UTC microseconds."""
    migrator.migrate(migrator.add_column("tickets", "agreed_due", BigIntegerField(null=True)))
