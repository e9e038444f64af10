"""The desk's first tables. Times are UTC microseconds; texts that may be absent are NULL, flags are 0 or 1.

Unique columns of long or secret texts hold digests, so that every index stays small on both databases.
"""

from __future__ import annotations

from typing import Any

from peewee import (
    AutoField,
    BigAutoField,
    BigIntegerField,
    BlobField,
    CharField,
    ForeignKeyField,
    IntegerField,
    Model,
    SmallIntegerField,
    TextField,
)


def up(migrator: Any, db: Any) -> None:
    """Create everything."""

    class Base(Model):
        class Meta:
            database = db

    class Note(Base):
        name = CharField(primary_key=True)
        value = TextField()

        class Meta:
            table_name = "notes"

    class Regulation(Base):
        id = AutoField()
        version = CharField(unique=True)
        effective_from = BigIntegerField(index=True)
        text = TextField()
        calendar = TextField()
        added_at = BigIntegerField()

        class Meta:
            table_name = "regulations"

    class Agent(Base):
        login = CharField(primary_key=True)
        name = TextField()
        email = TextField()
        role = CharField()
        technical = SmallIntegerField()
        active = SmallIntegerField()
        password = TextField(null=True)

        class Meta:
            table_name = "agents"

    class Journal(Base):
        id = BigAutoField()
        received_at = BigIntegerField()
        kept_at = BigIntegerField()
        door = CharField()
        mailbox = TextField()
        envelope = TextField()
        peer = TextField()
        door_key = CharField(max_length=64, unique=True)
        raw = BlobField()  # type: ignore[assignment] # hides Model.raw, which is not used
        disposition = CharField()
        cause = TextField(null=True)
        sender = TextField(null=True)
        subject = TextField(null=True)
        ticket = BigIntegerField(null=True, index=True)
        message = BigIntegerField(null=True)
        attempts = IntegerField()
        due_at = BigIntegerField()

        class Meta:
            table_name = "journal"
            indexes = ((("disposition", "due_at", "id"), False),)

    class Ticket(Base):
        number = BigIntegerField(primary_key=True)
        key = CharField(unique=True)
        version = IntegerField()
        type = CharField(null=True)
        type_sure = SmallIntegerField()
        status = CharField()
        status_before = CharField(null=True)
        open = SmallIntegerField()
        category = CharField()
        subject = TextField()
        haystack = TextField()
        source = CharField()
        criticality = CharField(null=True)
        topic = CharField(null=True)
        product = TextField(null=True)
        licensee = TextField(null=True)
        contact_name = TextField()
        contact_address = TextField(null=True)
        assignee = CharField()
        regulation = CharField()
        estimate_hours = CharField(null=True)
        estimated_at = BigIntegerField(null=True)
        opened_at = BigIntegerField()
        updated_at = BigIntegerField()
        reaction_due = BigIntegerField(null=True)
        acknowledged_at = BigIntegerField(null=True)
        reacted_at = BigIntegerField(null=True)
        answered_at = BigIntegerField(null=True)
        awaiting_since = BigIntegerField(null=True)
        answer_due = BigIntegerField(null=True)
        completion_due = BigIntegerField(null=True)
        paused = SmallIntegerField()
        closed_at = BigIntegerField(null=True, index=True)
        rating = SmallIntegerField(null=True)
        next_due = BigIntegerField()
        next_due_kind = CharField(null=True)
        merged_into = BigIntegerField(null=True)
        spam = SmallIntegerField()
        snoozed_until = BigIntegerField(null=True)
        unread = SmallIntegerField()

        class Meta:
            table_name = "tickets"
            indexes = (
                (("open", "next_due", "number"), False),
                (("open", "assignee", "next_due", "number"), False),
                (("open", "category", "next_due", "number"), False),
                (("contact_address", "number"), False),
            )

    class Event(Base):
        id = BigAutoField()
        ticket = ForeignKeyField(Ticket, column_name="ticket", index=True)
        at = BigIntegerField()
        actor = CharField()
        kind = CharField()
        before = TextField(null=True)
        after = TextField(null=True)

        class Meta:
            table_name = "events"

    class Letter(Base):
        id = BigAutoField()
        ticket = BigIntegerField(null=True, index=True)
        kind = CharField()
        message_id = TextField()
        message_id_hash = CharField(max_length=64, index=True)
        envelope_from = TextField()
        raw = BlobField()  # type: ignore[assignment] # hides Model.raw, which is not used
        automatic = SmallIntegerField()
        state = CharField()
        attempts = IntegerField()
        repeated = SmallIntegerField()
        created_at = BigIntegerField()
        next_try_at = BigIntegerField(null=True)
        leased_until = BigIntegerField(null=True)
        in_flight_at = BigIntegerField(null=True)
        first_failed_at = BigIntegerField(null=True)
        error = TextField(null=True)

        class Meta:
            table_name = "outbox"
            indexes = ((("state", "next_try_at", "id"), False), (("automatic", "created_at"), False))

    class Recipient(Base):
        id = BigAutoField()
        letter = ForeignKeyField(Letter, column_name="letter", index=True)
        address = TextField()
        state = CharField()
        error = TextField(null=True)
        sent_at = BigIntegerField(null=True)
        automatic = SmallIntegerField()
        created_at = BigIntegerField()

        class Meta:
            table_name = "recipients"
            indexes = ((("address", "automatic", "created_at"), False),)

    class Message(Base):
        id = BigAutoField()
        ticket = ForeignKeyField(Ticket, column_name="ticket", index=True)
        journal = BigIntegerField(null=True, index=True)
        outbox = BigIntegerField(null=True, index=True)
        direction = CharField()
        automatic = SmallIntegerField()
        unconfirmed = SmallIntegerField()
        author = CharField(null=True)
        sender_name = TextField()
        sender_address = TextField(null=True)
        at = BigIntegerField()
        subject = TextField()
        text = TextField()
        full_text = TextField()
        warnings = TextField()
        message_id = TextField(null=True)
        content_key = CharField(max_length=64, null=True, unique=True)

        class Meta:
            table_name = "messages"

    class MessageId(Base):
        id = BigAutoField()
        hash = CharField(max_length=64)
        message = ForeignKeyField(Message, column_name="message", index=True)
        ticket = BigIntegerField()

        class Meta:
            table_name = "message_ids"
            indexes = ((("hash", "message"), True),)

    class Attachment(Base):
        id = CharField(primary_key=True)
        message = ForeignKeyField(Message, column_name="message", index=True)
        part = IntegerField()
        filename = TextField()
        content_type = TextField()
        size = BigIntegerField()
        inline = SmallIntegerField()
        content_id = TextField(null=True)

        class Meta:
            table_name = "attachments"

    class Draft(Base):
        id = BigAutoField()
        login = CharField()
        ticket = BigIntegerField()
        kind = CharField()
        text = TextField()
        saved_at = BigIntegerField()

        class Meta:
            table_name = "drafts"
            indexes = ((("login", "ticket", "kind"), True),)

    db.create_tables(
        [Note, Regulation, Agent, Journal, Ticket, Event, Letter, Recipient, Message, MessageId, Attachment, Draft]
    )
