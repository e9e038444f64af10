"""The searchable documents of tickets: one each, made of stems, found alike on both databases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from intake.model import Ticket
from intake.ports import NewMessage
from intake.stems import stems
from storage.rows import Rows, storable

BREAK = "¦"
"""Stands between messages, so that no phrase runs from one into the next; nobody can search for it."""
LONGEST_BODY = 200_000
"""Characters of stems a document keeps: a tsvector must stay below 1 MB. The oldest part is thinned out first."""
_LONGEST_TEXT = 120_000
_LONGEST_REST = 30_000
_LAST_PLACE = 16_383
_MOST_PLACES = 255
_GAP = 2
_HEAD = "number, key, subject, product, topic, contact_name, contact_address, licensee"
_MESSAGE = "id, direction, automatic, subject, text, full_text, sender_name, sender_address, author"


class StoredSearch:
    """Writes documents as tickets and messages change."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def add_ticket(self, ticket: Ticket) -> None:
        """A new ticket, as yet without messages."""
        head, people = _head(ticket.key, ticket.subject, ticket.product), _people_of(ticket)
        self._put(ticket.number, head, people, "")

    def add_message(self, message: NewMessage) -> None:
        """One more message of a ticket that has a document."""
        body = _body(
            message.direction,
            message.automatic,
            message.subject,
            message.text,
            message.full_text,
            [attached.filename for attached in message.attachments],
        )
        found = self._rows.one("SELECT head, people, body FROM search_documents WHERE ticket = ?", (message.ticket,))
        if found is None:
            self.reindex([message.ticket])
            return
        who = _writer(message.direction, message.sender_name, message.sender_address)
        people = _joined(found[1], who) if who and f" {who} " not in f" {found[1]} " else found[1]
        if body or people != found[1]:
            self._put(message.ticket, found[0], people, fitted(_joined(found[2], body)))

    def reindex(self, numbers: Iterable[int]) -> None:
        """Make the documents of these tickets anew from what is stored."""
        for number in dict.fromkeys(numbers):
            found = self._rows.one(f"SELECT {_HEAD} FROM tickets WHERE number = ?", (number,))
            if found is None:
                self._rows.run("DELETE FROM search_documents WHERE ticket = ?", (number,))
                continue
            _, key, subject, product, _, name, address, licensee = found
            people, body = [_joined(_stems(name, address or ""), _stems(licensee or ""))], []
            for row in self._rows.all(f"SELECT {_MESSAGE} FROM messages WHERE ticket = ? ORDER BY id", (number,)):
                id_, direction, automatic, about, text, full_text, sender, sender_address, _ = row
                files = self._rows.all("SELECT filename FROM attachments WHERE message = ? ORDER BY part", (id_,))
                body.append(_body(direction, bool(automatic), about, text, full_text, [file[0] for file in files]))
                people.append(_writer(direction, sender, sender_address))
            self._put(number, _head(key, subject, product), _once(people), fitted(_joined(*body)))

    def rebuild(self) -> int:
        """Make every document anew; how many."""
        triggers = self._without_triggers()
        self._rows.run("DELETE FROM search_documents")
        numbers = [row[0] for row in self._rows.all("SELECT number FROM tickets ORDER BY number")]
        self.reindex(numbers)
        for trigger in triggers:
            self._rows.run(trigger)
        if not self._rows.postgresql:
            self._rows.run("INSERT INTO search_index(search_index) VALUES ('rebuild')")
        return len(numbers)

    def _without_triggers(self) -> list[str]:
        """Drop what keeps SQLite's index row by row: read at once it is made many times as fast. How to make them."""
        if self._rows.postgresql:
            return []
        found = self._rows.all(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'search!_%' ESCAPE '!'"
        )
        for name, _ in found:
            self._rows.run(f'DROP TRIGGER "{name}"')
        return [str(row[1]) for row in found]

    def _put(self, ticket: int, head: str, people: str, body: str) -> None:
        values: tuple[Any, ...] = (ticket, head, people, body)
        if self._rows.postgresql:
            self._rows.run(
                "INSERT INTO search_documents (ticket, head, people, body, document) VALUES (?, ?, ?, ?, ?::tsvector)"
                " ON CONFLICT (ticket) DO UPDATE SET head = excluded.head, people = excluded.people,"
                " body = excluded.body, document = excluded.document",
                (*values, vector(head, people, body)),
            )
            return
        self._rows.run(
            "INSERT INTO search_documents (ticket, head, people, body) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (ticket) DO UPDATE SET head = excluded.head, people = excluded.people, body = excluded.body",
            values,
        )


def vector(head: str, people: str, body: str) -> str:
    """A tsvector's text: each stem with its places, those among the people weighted A (PostgreSQL manual, 8.11.1)."""
    places: dict[str, list[str]] = {}
    at = 0
    for text, weight in ((head, ""), (people, "A"), (body, "")):
        for stem in text.split():
            at += 1
            known = places.setdefault(stem, [])
            if at <= _LAST_PLACE and len(known) < _MOST_PLACES:
                known.append(f"{at}{weight}")
        at += _GAP
    return " ".join(f"'{stem}':{','.join(known)}" if known else f"'{stem}'" for stem, known in places.items())


def fitted(body: str) -> str:
    """A body that is not too long: of its older half each stem is kept once, where that does not do the newest stay."""
    if len(body) <= LONGEST_BODY:
        return body
    words = body.split()
    half = len(words) // 2
    thinned = " ".join([*dict.fromkeys(words[:half]), BREAK, *words[half:]])
    return thinned if len(thinned) <= LONGEST_BODY else thinned[-LONGEST_BODY:].partition(" ")[2]


def _head(key: str, subject: str, product: str | None) -> str:
    return _joined(_stems(key), _stems(subject), _stems(product or ""))


def _people_of(ticket: Ticket) -> str:
    return _joined(_stems(ticket.contact_name, ticket.contact_address or ""), _stems(ticket.licensee or ""))


def _writer(direction: str, name: str, address: str | None) -> str:
    """Who wrote, where it was no letter of ours."""
    return "" if direction in ("out", "dept_out", "note") else _stems(name, address or "")


def _body(direction: str, automatic: bool, subject: str, text: str, full_text: str, filenames: Sequence[str]) -> str:
    """What of a message is searched. Letters that the desk writes by itself are left out: they all say the same."""
    if automatic and direction == "out":
        return ""
    new = text[:_LONGEST_TEXT]
    said = {line.lstrip("> \t").rstrip() for line in new.splitlines()}
    rest = [line for line in full_text[:_LONGEST_REST].splitlines() if line.lstrip("> \t").rstrip() not in said]
    return _joined(_stems(subject), _stems(new), _stems("\n".join(rest)), *map(_stems, filenames))


def _stems(*texts: str) -> str:
    return " ".join(stems(storable(" ".join(texts))))


def _joined(*pieces: str) -> str:
    return f" {BREAK} ".join(piece for piece in pieces if piece)


def _once(pieces: Sequence[str]) -> str:
    """Pieces joined, each that is not yet there."""
    whole = pieces[0]
    for piece in pieces[1:]:
        if piece and f" {piece} " not in f" {whole} ":
            whole = _joined(whole, piece)
    return whole
