"""Erasing a person: rows stay for the counts, everything that says who it was or what was written goes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from typing import Any, Final

from intake.domains import comparable_address
from intake.errors import Refused
from intake.subjects import bare_subject
from intake.tombstones import FORGOTTEN
from storage.changing import changing
from storage.rows import Rows
from storage.search import StoredSearch
from storage.sweeping import Sweep
from storage.tombstones import StoredTombstones

GONE: Final = "удалено"
NOBODY: Final = "[null, []]"
_KEY_OR_TIME = re.compile(r"[A-Za-z0-9_.:+-]{1,64}\Z")
_NAMES: Final = ("licensee",)
"""Kinds of events that hold a name even where it looks like a key."""


@dataclass(slots=True)
class Forgotten:
    """What was erased: numbers of the person's tickets and of others he took part in, ids of rows and letters."""

    tickets: set[int] = field(default_factory=set)
    shared: set[int] = field(default_factory=set)
    messages: set[int] = field(default_factory=set)
    arrivals: set[int] = field(default_factory=set)
    letters: set[int] = field(default_factory=set)


def forget(url: str, address: str, now: datetime) -> Forgotten:
    """See `storage.forget`."""
    with changing(url) as rows:
        if not rows.postgresql:
            rows.database.register_function(_lower, "lower", 1)  # type: ignore[attr-defined] # SQLite's own is ASCII only
        return Forgetting(rows, address.strip().lower(), now).all()


def _lower(text: Any) -> Any:
    return text.lower() if isinstance(text, str) else text


class Forgetting:
    """One person's erasure, in one transaction. ``address`` is lower case."""

    def __init__(self, rows: Rows, address: str, now: datetime) -> None:
        self._rows = rows
        self._address = address
        self._now = now
        self._stones = StoredTombstones(rows)
        self._done = Forgotten()
        self._names: set[str] = set()
        self._said_by: set[str] = set()

    def all(self) -> Forgotten:
        """Erase. Raises Refused for an agent's address."""
        if self._rows.one("SELECT 1 FROM agents WHERE lower(email) = ?", (self._address,)) is not None:
            raise Refused(f"{self._address} is an agent's: otklik agents keeps that registry")
        self._find()
        keys = [self._rows.one("SELECT key FROM tickets WHERE number = ?", (n,)) for n in self._done.tickets]
        self._stones.add("address", self._address, self._now)
        for number in sorted(self._done.tickets):
            self._ticket(number)
        for message in sorted(self._done.messages):
            self._message(message)
        self._rows.run(
            "DELETE FROM contacts WHERE lower(address) = ? OR address_key = ?",
            (self._address, comparable_address(self._address)),
        )
        own_keys = [str(row[0]) for row in keys if row]
        sweep = Sweep(self._rows, self._address, frozenset(self._names), own_keys, frozenset(self._said_by))
        swept = sweep.texts(self._done.shared)
        self._done.arrivals |= sweep.arrivals(swept)
        self._done.letters |= sweep.letters(swept, self._done.shared)
        for row in sorted(self._done.arrivals):
            self._arrival(row)
        for letter in sorted(self._done.letters):
            self._letter(letter)
        StoredSearch(self._rows).reindex(sorted(self._done.tickets | self._done.shared | sweep.tickets(swept)))
        return self._done

    def _ids(self, sql: str, *params: Any) -> set[int]:
        return {row[0] for row in self._rows.all(sql, params)}

    def _find(self) -> None:
        done, who = self._done, self._address
        done.tickets = self._ids("SELECT number FROM tickets WHERE lower(contact_address) = ?", who)
        done.messages = self._ids("SELECT id FROM messages WHERE lower(sender_address) = ?", who)
        done.arrivals = self._ids("SELECT id FROM journal WHERE lower(sender) = ?", who)
        done.letters = self._ids("SELECT letter FROM recipients WHERE lower(address) = ?", who)
        for name in self._rows.all(
            "SELECT contact_name FROM tickets WHERE lower(contact_address) = ?"
            " UNION SELECT sender_name FROM messages WHERE lower(sender_address) = ?"
            " UNION SELECT name FROM contacts WHERE lower(address) = ?",
            (who, who, who),
        ):
            self._names.add(str(name[0]))
        self._words_of(done.messages)
        done.messages |= self._ids(
            "SELECT m.id FROM messages m JOIN recipients r ON r.letter = m.outbox WHERE lower(r.address) = ?"
            " AND NOT EXISTS (SELECT 1 FROM recipients o WHERE o.letter = m.outbox AND lower(o.address) <> ?)",
            who,
            who,
        )
        for message in list(done.messages):
            done.shared |= self._ids("SELECT ticket FROM messages WHERE id = ?", message)
            done.arrivals |= self._ids("SELECT id FROM journal WHERE message = ?", message)
            done.arrivals |= self._ids("SELECT journal FROM messages WHERE id = ? AND journal IS NOT NULL", message)
        done.shared -= done.tickets
        for number in done.tickets:
            done.messages |= self._ids("SELECT id FROM messages WHERE ticket = ?", number)
            done.arrivals |= self._ids("SELECT id FROM journal WHERE ticket = ?", number)
            done.letters |= self._ids("SELECT id FROM outbox WHERE ticket = ?", number)

    def _words_of(self, messages: Iterable[int]) -> None:
        """What the person wrote, a line each: others may have quoted it."""
        for message in messages:
            for subject, text in self._rows.all("SELECT subject, text FROM messages WHERE id = ?", (message,)):
                self._said_by.add(bare_subject(subject))
                self._said_by.update(line.strip(" >\t") for line in text.split("\n"))

    def _ticket(self, number: int) -> None:
        found = self._rows.one("SELECT licensee, product FROM tickets WHERE number = ?", (number,)) or (None, None)
        values = {
            "subject": GONE,
            "haystack": GONE,
            "contact_name": GONE,
            "contact_address": None,
            "licensee": self._registered("licensees", found[0]),
            "product": self._registered("products", found[1]),
        }
        self._rows.update("tickets", values, "number = ?", (number,))
        self._rows.run("UPDATE tickets SET version = version + 1 WHERE number = ?", (number,))
        self._rows.run("DELETE FROM drafts WHERE ticket = ?", (number,))
        self._rows.run("UPDATE ratings SET comment = ? WHERE ticket = ? AND comment <> ''", (GONE, number))
        self._rows.run("UPDATE escalations SET question = ? WHERE ticket = ?", (GONE, number))
        for id_, kind, before, after in self._rows.all(
            "SELECT id, kind, before, after FROM events WHERE ticket = ?", (number,)
        ):
            values = {"before": self._said(kind, before), "after": self._said(kind, after)}
            self._rows.update("events", values, "id = ?", (id_,))

    def _registered(self, table: str, name: str | None) -> str | None:
        """An organisation or product of the registry is no person's; what a stranger typed may be."""
        found = name is not None and self._rows.one(f"SELECT 1 FROM {table} WHERE name = ? LIMIT 1", (name,))
        return name if found else None

    def _said(self, kind: str, value: str | None) -> str | None:
        """What an event tells: keys, logins and times stay, for deadlines rest on them."""
        if value is None or (kind not in _NAMES and _KEY_OR_TIME.match(value)):
            return value
        return self._registered("licensees", value) or GONE

    def _message(self, message: int) -> None:
        found = self._rows.one(
            "SELECT direction, content_key, message_id, sender_address FROM messages WHERE id = ?", (message,)
        )
        assert found is not None, "it was just found"
        direction, content_key, message_id, sender = found
        values: dict[str, Any] = {"subject": GONE, "text": GONE, "full_text": "", "warnings": "", "content_key": None}
        values["authentication"] = ""
        if content_key is not None:
            self._stones.add("content", content_key, self._now)
        if direction == "in":
            values |= {"sender_name": GONE, "sender_address": None, "message_id": None}
            if message_id is not None and (sender or "").lower() == self._address:
                self._stones.add("message-id", message_id, self._now)
            self._rows.run("DELETE FROM message_ids WHERE message = ?", (message,))
        self._rows.update("messages", values, "id = ?", (message,))
        self._rows.update("attachments", {"filename": GONE, "content_id": None}, "message = ?", (message,))

    def _arrival(self, row: int) -> None:
        found = self._rows.one("SELECT door_key, raw, disposition, cause FROM journal WHERE id = ?", (row,))
        if found is None or not found[1]:
            return
        door_key, raw, disposition, cause = found
        for message_id in _message_ids(bytes(raw)):
            self._stones.add("message-id", message_id, self._now)
        values: dict[str, Any] = {
            "sender": GONE,
            "subject": GONE,
            "envelope": NOBODY,
            "peer": "",
            "raw": b"",
            "cause": None if cause is None else str(cause).partition(":")[0][:80],
            "door_key": self._stones.add("door", door_key, self._now),
        }
        if disposition == "new":
            values |= {"disposition": "ignored", "cause": FORGOTTEN, "due_at": 0}
        self._rows.update("journal", values, "id = ?", (row,))

    def _letter(self, letter: int) -> None:
        self._rows.run("UPDATE recipients SET address = ? WHERE letter = ? AND lower(address) = ?", (
            GONE, letter, self._address,
        ))  # fmt: skip
        self._rows.run("UPDATE recipients SET error = NULL WHERE letter = ?", (letter,))
        unsent = "state IN ('queued', 'uncertain')"
        self._rows.run(f"UPDATE recipients SET state = 'suppressed' WHERE letter = ? AND {unsent}", (letter,))
        self._rows.run(
            f"UPDATE outbox SET state = 'suppressed', next_try_at = NULL, leased_until = NULL, in_flight_at = NULL"
            f" WHERE id = ? AND {unsent}",
            (letter,),
        )
        self._rows.update("outbox", {"raw": b"", "error": None}, "id = ?", (letter,))


def _message_ids(raw: bytes) -> Iterable[str]:
    """The Message-ID in a raw mail's head: an arrival that became no message has it nowhere else."""
    head = message_from_bytes(re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0][:1_000_000], policy=policy.compat32)
    value = str(head.get("Message-ID", "")).strip()
    return [value] if value else []
