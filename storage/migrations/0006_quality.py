"""Votes, the letters that ask for them, frozen months. Times are UTC microseconds."""

from __future__ import annotations

from typing import Any

from peewee import BigAutoField, BigIntegerField, CharField, Model, SmallIntegerField, TextField


def up(migrator: Any, db: Any) -> None:
    """Create the tables."""

    class Ask(Model):
        nonce = CharField(primary_key=True)
        ticket = BigIntegerField(index=True)
        agent = CharField()
        regulation = CharField()
        asked_at = BigIntegerField()
        expires_at = BigIntegerField()
        message_id = TextField()

        class Meta:
            database = db
            table_name = "rating_asks"

    class Rating(Model):
        id = BigAutoField()
        ticket = BigIntegerField(index=True)
        agent = CharField()
        score = SmallIntegerField()
        comment = TextField()
        at = BigIntegerField()
        door = CharField()
        left_out = TextField(null=True)

        class Meta:
            database = db
            table_name = "ratings"

    class Month(Model):
        month = CharField(primary_key=True)
        frozen_at = BigIntegerField()
        frozen_by = CharField()
        digest = CharField(max_length=64)
        figures = TextField()
        inputs = TextField()

        class Meta:
            database = db
            table_name = "quality_months"

    db.create_tables([Ask, Rating, Month])
