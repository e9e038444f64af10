"""Links between tickets, and which warnings were given once."""

from __future__ import annotations

from typing import Any

from peewee import BigAutoField, BigIntegerField, CharField, Model


def up(migrator: Any, db: Any) -> None:
    """Create the tables."""

    class Link(Model):
        id = BigAutoField()
        ticket = BigIntegerField()
        other = BigIntegerField(index=True)

        class Meta:
            database = db
            table_name = "links"
            indexes = ((("ticket", "other"), True),)

    class Notice(Model):
        id = BigAutoField()
        ticket = BigIntegerField()
        kind = CharField()
        mark = CharField()
        given_at = BigIntegerField()

        class Meta:
            database = db
            table_name = "notices"
            indexes = ((("ticket", "kind", "mark"), True),)

    db.create_tables([Link, Notice])
