"""How far mailboxes have been read. Times are UTC microseconds; ``held`` is JSON, UID to number of failed tries."""

from __future__ import annotations

from typing import Any

from peewee import AutoField, BigIntegerField, CharField, Model, TextField


def up(migrator: Any, db: Any) -> None:
    """Create the marks of mailboxes."""

    class Mailbox(Model):
        id = AutoField()
        account = CharField()
        folder = CharField()
        uidvalidity = BigIntegerField()
        kept_uid = BigIntegerField()
        settled_uid = BigIntegerField()
        whole_from = BigIntegerField()
        since = BigIntegerField(null=True)
        held = TextField()
        owner = CharField()
        leased_until = BigIntegerField()

        class Meta:
            database = db
            table_name = "mailboxes"
            indexes = ((("account", "folder"), True),)

    db.create_tables([Mailbox])
