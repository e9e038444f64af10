"""Questions to departments: escalations, who was asked, which messages belong to which question, posts in Slack.

Times are UTC microseconds."""

from __future__ import annotations

from typing import Any

from peewee import BigAutoField, BigIntegerField, CharField, Model, SmallIntegerField, TextField


def up(migrator: Any, db: Any) -> None:
    """Create the tables."""

    class Escalation(Model):
        id = BigAutoField()
        ticket = BigIntegerField(index=True)
        topic = CharField()
        by = CharField()
        question = TextField()
        regulation = CharField()
        escalated_at = BigIntegerField(index=True)
        answer_due = BigIntegerField()
        channels = CharField()
        answered_at = BigIntegerField(null=True, index=True)

        class Meta:
            database = db
            table_name = "escalations"

    class Asked(Model):
        id = BigIntegerField(primary_key=True)
        escalation = BigIntegerField(index=True)
        department = CharField()
        title = TextField()
        channels = CharField()
        answered_at = BigIntegerField(null=True)
        outcome = CharField(null=True)
        answered_by = TextField(null=True)
        answer = BigIntegerField(null=True)

        class Meta:
            database = db
            table_name = "escalation_departments"

    class Said(Model):
        message = BigIntegerField(primary_key=True)
        asked = BigIntegerField(index=True)

        class Meta:
            database = db
            table_name = "department_messages"

    class Post(Model):
        id = BigAutoField()
        asked = BigIntegerField(index=True)
        message_id = CharField(unique=True)
        channel = CharField()
        ts = CharField()
        thread_ts = CharField()

        class Meta:
            database = db
            table_name = "slack_posts"
            indexes = ((("channel", "thread_ts"), False),)

    class Reply(Model):
        id = BigAutoField()
        asked = BigIntegerField(index=True)
        channel = CharField()
        ts = CharField()
        message = BigIntegerField(null=True)
        edited = CharField()
        deleted = SmallIntegerField()

        class Meta:
            database = db
            table_name = "slack_replies"
            indexes = ((("channel", "ts"), True),)

    db.create_tables([Escalation, Asked, Said, Post, Reply])
