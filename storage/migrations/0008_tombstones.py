"""What is left of erased mails, as keyed digests that name nobody; and the desk's own canned answers."""

from __future__ import annotations

from typing import Any

from peewee import AutoField, BigIntegerField, CharField, Model, TextField


def up(migrator: Any, db: Any) -> None:
    """Create the tables. ``at`` is UTC microseconds."""

    class Tombstone(Model):
        mark = CharField(max_length=64, primary_key=True)
        at = BigIntegerField()

        class Meta:
            database = db
            table_name = "tombstones"

    class Snippet(Model):
        id = AutoField()
        topic = CharField()
        name = CharField(unique=True)
        text = TextField()

        class Meta:
            database = db
            table_name = "snippets"

    db.create_tables([Tombstone, Snippet])
