"""Looking for what else names an erased person: in every text of every table, and in raw mails and letters."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Final

from intake.subjects import bare_subject
from storage.rows import Rows
from storage.tables import Table, tables

GONE: Final = "удалено"
_SHORTEST_NAME: Final = 5
_SHORTEST_LINE: Final = 12
_MOST_LINES: Final = 2000


class Sweep:
    """``address`` is lower case; names and the lines the person ``said`` count only in tickets where he wrote, for
    others bear and write them too."""

    def __init__(
        self, rows: Rows, address: str, names: frozenset[str], keys: Sequence[str], said: frozenset[str] = frozenset()
    ) -> None:
        self._rows = rows
        self._address = address
        self._named = re.compile(re.escape(address), re.IGNORECASE)
        known = sorted((name for name in names if len(name) >= _SHORTEST_NAME and name != GONE), key=len, reverse=True)
        self._person = re.compile("|".join(map(re.escape, [address, *known])), re.IGNORECASE)
        lines = sorted((line for line in said if len(line) >= _SHORTEST_LINE and line != GONE), key=len, reverse=True)
        self._said = re.compile("|".join(map(re.escape, lines[:_MOST_LINES])) or r"(?!)")
        self._subjects = frozenset(said - {"", GONE})
        self._keys = re.compile("|".join(rf"{re.escape(key)}\b" for key in keys) or r"(?!)")

    def texts(self, shared: Collection[int]) -> set[int]:
        """Take the address out of every text column, and the names out of messages of ``shared`` tickets; the ids of
        messages that were changed."""
        found: set[int] = set()
        for table in tables(self._rows):
            for column in sorted(table.texts - set(table.key)):
                found |= self._column(table, column)
        for number in shared:
            found |= self._names_in(number)
            found |= self._quotes_in(number)
            self._subject_of(number)
        return found

    def _column(self, table: Table, column: str) -> set[int]:
        names = ", ".join(f'"{name}"' for name in table.key)
        like = "%" + self._address.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"
        met = self._rows.all(
            f'SELECT "{column}", {names} FROM "{table.name}" WHERE lower("{column}") LIKE ? ESCAPE \'!\'', (like,)
        )
        where = " AND ".join(f'"{name}" = ?' for name in table.key)
        for text, *key in met:
            self._rows.update(table.name, {column: self._named.sub(GONE, text)}, where, key)
        return {row[1] for row in met} if table.name == "messages" else set()

    def _names_in(self, ticket: int) -> set[int]:
        found = set()
        for id_, *texts in self._rows.all(
            "SELECT id, subject, text, full_text FROM messages WHERE ticket = ?", (ticket,)
        ):
            clean = [self._person.sub(GONE, text) for text in texts]
            if clean != texts:
                self._rows.update(
                    "messages", dict(zip(("subject", "text", "full_text"), clean, strict=True)), "id = ?", (id_,)
                )
                found.add(id_)
        return found

    def _quotes_in(self, ticket: int) -> set[int]:
        """Messages whose whole text quotes the person keep their own words alone."""
        found = set()
        for id_, text, full in self._rows.all("SELECT id, text, full_text FROM messages WHERE ticket = ?", (ticket,)):
            quoted = set(self._said.findall(full)) - set(self._said.findall(text))
            if quoted:
                self._rows.update("messages", {"full_text": text}, "id = ?", (id_,))
                found.add(id_)
        return found

    def _subject_of(self, ticket: int) -> None:
        """A ticket may bear the subject of a person who is its contact no more; and so may the desk's letters."""
        for key, subject in self._rows.all("SELECT key, subject FROM tickets WHERE number = ?", (ticket,)):
            prefix = str(key).rpartition("-")[0]
            if bare_subject(subject, prefix) in self._subjects:
                self._rows.update("tickets", {"subject": GONE, "haystack": GONE}, "number = ?", (ticket,))
            own = "ticket = ? AND direction <> 'in'"
            for (said,) in self._rows.all(f"SELECT DISTINCT subject FROM messages WHERE {own}", (ticket,)):
                if bare_subject(said, prefix) in self._subjects:
                    self._rows.update("messages", {"subject": GONE}, f"{own} AND subject = ?", (ticket, said))

    def tickets(self, messages: Iterable[int]) -> set[int]:
        """Whose messages these are."""
        return self._of(messages, "SELECT ticket FROM messages WHERE id = ?")

    def arrivals(self, messages: Iterable[int]) -> set[int]:
        """Raw mails that hold the address in plain octets, and those of messages that held it."""
        own = self._of(messages, "SELECT journal FROM messages WHERE id = ? AND journal IS NOT NULL")
        return own | self._holding("journal")

    def letters(self, messages: Iterable[int], shared: Collection[int] = ()) -> set[int]:
        """Letters that hold the address, those of messages that held it, those of ``shared`` tickets that name him or
        say what he said, and circulars that name a ticket of his."""
        own = self._of(messages, "SELECT outbox FROM messages WHERE id = ? AND outbox IS NOT NULL")
        circulars = {
            row[0]
            for row in self._rows.all("SELECT id, raw FROM outbox WHERE ticket IS NULL")
            if self._tells(bytes(row[1] or b""))
        }
        about = {
            row[0]
            for number in shared
            for row in self._rows.all("SELECT id, raw FROM outbox WHERE ticket = ?", (number,))
            if self._quotes(_readable(bytes(row[1] or b"")))
        }
        return own | circulars | about | self._holding("outbox")

    def _of(self, messages: Iterable[int], sql: str) -> set[int]:
        return {row[0] for message in messages for row in self._rows.all(sql, (message,))}

    def _holding(self, table: str) -> set[int]:
        """Rows whose raw octets hold the address, in small letters or as mostly written."""
        test = "position(?::bytea IN raw) > 0" if self._rows.postgresql else "instr(raw, ?) > 0"
        found: set[int] = set()
        for octets in {self._address.encode(), self._address.title().encode(), self._address.capitalize().encode()}:
            found |= {row[0] for row in self._rows.all(f"SELECT id FROM {table} WHERE {test}", (octets,))}
        return found

    def _tells(self, raw: bytes) -> bool:
        """Whether a letter's readable text names the person or one of his tickets."""
        whole = _readable(raw)
        return bool(self._person.search(whole) or self._keys.search(whole))

    def _quotes(self, whole: str) -> bool:
        return bool(self._person.search(whole) or self._said.search(whole))


def _readable(raw: bytes) -> str:
    """A letter's subject and texts."""
    mail: Any = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage), "the policy makes these"
    texts = [str(mail.get("Subject", ""))]
    parts = (part.get_payload(decode=True) for part in mail.walk() if part.get_content_maintype() == "text")
    texts += [part.decode("utf-8", "replace") for part in parts if isinstance(part, bytes)]
    return "\n".join(texts)
