"""Licensees with their domains, contacts and products, and the roster of shifts."""

from __future__ import annotations

from typing import Any

from peewee import BigAutoField, CharField, Model, SmallIntegerField, TextField


def up(migrator: Any, db: Any) -> None:
    """Create the tables. Days are ISO 8601 dates, times minutes of the day."""

    class Base(Model):
        class Meta:
            database = db

    class Licensee(Base):
        inn = CharField(max_length=12, primary_key=True)
        name = TextField()
        folded = TextField()
        kind = TextField()
        licence_no = TextField()
        licensed_since = CharField(max_length=10, null=True)

        class Meta:
            table_name = "licensees"

    class Domain(Base):
        id = BigAutoField()
        inn = CharField(max_length=12)
        domain = CharField(index=True)

        class Meta:
            table_name = "domains"
            indexes = ((("inn", "domain"), True),)

    class Contact(Base):
        id = BigAutoField()
        inn = CharField(max_length=12, index=True)
        address_key = CharField(index=True)
        address = TextField()
        name = TextField()
        post = TextField()
        phone = TextField()
        learned = SmallIntegerField()

        class Meta:
            table_name = "contacts"

    class Product(Base):
        id = BigAutoField()
        inn = CharField(max_length=12, index=True)
        name = TextField()

        class Meta:
            table_name = "products"

    class Turn(Base):
        id = BigAutoField()
        day = CharField(max_length=10)
        login = CharField()
        starts = SmallIntegerField()
        ends = SmallIntegerField()

        class Meta:
            table_name = "shifts"
            indexes = ((("day", "login", "starts"), True),)

    db.create_tables([Licensee, Domain, Contact, Product, Turn])
