"""Models by which mails are typed, learnt from what agents corrected."""

from __future__ import annotations

from typing import Any

from peewee import AutoField, BigIntegerField, Model, TextField


def up(migrator: Any, db: Any) -> None:
    """Create the table. ``made_at`` is UTC microseconds, ``figures`` JSON; the row with the highest id is in use."""

    class TypingModel(Model):
        id = AutoField()
        made_at = BigIntegerField()
        figures = TextField()
        text = TextField()

        class Meta:
            database = db
            table_name = "typing_models"

    db.create_tables([TypingModel])
