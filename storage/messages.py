"""Conversations on a database. See `intake.ports.Messages`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from intake.authentication import UNKNOWN, Authentication
from intake.errors import NotFound
from intake.model import Delivery, Direction, StoredAttachment, TicketMessage
from intake.ports import DuplicateContent, NewMessage
from storage.rows import Rows, digest, moment, stamp, storable
from storage.search import StoredSearch

_HEAD = (
    "m.id, m.ticket, m.direction, m.automatic, m.sender_name, m.sender_address, m.at, m.text, m.full_text, m.subject,"
    " m.author, m.unconfirmed, m.message_id, m.journal, m.outbox, m.warnings, o.state, o.error, m.authentication"
)
_FROM = "messages m LEFT JOIN outbox o ON o.id = m.outbox"
_ATTACHED = "a.id, a.filename, a.content_type, a.size, a.part, a.inline, a.content_id"


class StoredMessages:
    """See `intake.ports.Messages`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def add(self, message: NewMessage) -> int:
        """See `Messages.add`."""
        found = self._rows.insert_new(
            "messages",
            {
                "ticket": message.ticket,
                "journal": message.journal,
                "outbox": message.outbox,
                "direction": str(message.direction),
                "automatic": int(message.automatic),
                "unconfirmed": int(message.unconfirmed),
                "author": message.author,
                "sender_name": storable(message.sender_name),
                "sender_address": None if message.sender_address is None else storable(message.sender_address),
                "at": stamp(message.at),
                "subject": storable(message.subject),
                "text": storable(message.text),
                "full_text": storable(message.full_text) if message.full_text != message.text else "",
                "warnings": json.dumps(message.warnings, ensure_ascii=False) if message.warnings else "",
                "message_id": storable(message.ids[0]) if message.ids else None,
                "content_key": message.content_key,
                "authentication": _told(message.authentication),
            },
            conflict="content_key",
            returning="id",
        )
        if found is None:
            raise DuplicateContent
        for value in message.ids:
            self.learn_id(int(found), message.ticket, value)
        for attachment in message.attachments:
            self._attach(int(found), attachment)
        StoredSearch(self._rows).add_message(message)
        return int(found)

    def _attach(self, message: int, attachment: StoredAttachment) -> None:
        self._rows.insert(
            "attachments",
            {
                "id": attachment.id,
                "message": message,
                "part": attachment.part,
                "filename": storable(attachment.filename),
                "content_type": storable(attachment.content_type),
                "size": attachment.size,
                "inline": int(attachment.inline),
                "content_id": None if attachment.content_id is None else storable(attachment.content_id),
            },
            returning=None,
        )

    def of(self, ticket: int) -> list[TicketMessage]:
        """See `Messages.of`."""
        attached: dict[int, list[StoredAttachment]] = {}
        for message, *rest in self._rows.all(
            f"SELECT a.message, {_ATTACHED} FROM attachments a JOIN messages m ON m.id = a.message"
            " WHERE m.ticket = ? ORDER BY a.message, a.part",
            (ticket,),
        ):
            attached.setdefault(message, []).append(_attachment(rest))
        found = self._rows.all(f"SELECT {_HEAD} FROM {_FROM} WHERE m.ticket = ? ORDER BY m.at, m.id", (ticket,))
        return [_message(row, tuple(attached.get(row[0], ()))) for row in found]

    def get(self, message: int) -> TicketMessage:
        """See `Messages.get`."""
        found = self._rows.one(f"SELECT {_HEAD} FROM {_FROM} WHERE m.id = ?", (message,))
        if found is None:
            raise NotFound(f"no message {message}")
        attached = self._rows.all(
            f"SELECT {_ATTACHED} FROM attachments a WHERE a.message = ? ORDER BY a.part", (message,)
        )
        return _message(found, tuple(_attachment(row) for row in attached))

    def by_content(self, content_key: str) -> TicketMessage | None:
        """See `Messages.by_content`."""
        found = self._rows.one("SELECT id FROM messages WHERE content_key = ?", (content_key,))
        return None if found is None else self.get(found[0])

    def tickets_by_id(self, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
        """See `Messages.tickets_by_id`."""
        if not ids:
            return {}
        by_hash = {digest(value): value for value in ids[:200]}
        marks = ", ".join("?" * len(by_hash))
        found = self._rows.all(
            f"SELECT hash, ticket, message FROM message_ids WHERE hash IN ({marks}) ORDER BY id DESC", tuple(by_hash)
        )
        return {by_hash[row[0]]: (row[1], row[2]) for row in found}

    def learn_id(self, message: int, ticket: int, message_id: str) -> None:
        """See `Messages.learn_id`."""
        self._rows.insert_new(
            "message_ids",
            {"hash": digest(message_id), "message": message, "ticket": ticket},
            conflict="hash, message",
            returning="id",
        )

    def reread(self, message: int, text: str, full_text: str, warnings: tuple[str, ...]) -> None:
        """See `Messages.reread`."""
        values = {
            "text": storable(text),
            "full_text": storable(full_text) if full_text != text else "",
            "warnings": json.dumps(warnings, ensure_ascii=False) if warnings else "",
        }
        self._rows.update("messages", values, "id = ?", (message,))
        StoredSearch(self._rows).reindex(self._tickets_of([message]))

    def withdraw(self, message: int) -> None:
        """See `Messages.withdraw`."""
        tickets = self._tickets_of([message])
        for table in ("attachments", "message_ids"):
            self._rows.run(f"DELETE FROM {table} WHERE message = ?", (message,))
        self._rows.run("DELETE FROM messages WHERE id = ?", (message,))
        StoredSearch(self._rows).reindex(tickets)

    def move(self, messages: Sequence[int], ticket: int) -> None:
        """See `Messages.move`."""
        left = self._tickets_of(messages)
        for message in messages:
            self._rows.run("UPDATE messages SET ticket = ? WHERE id = ?", (ticket, message))
            self._rows.run("UPDATE message_ids SET ticket = ? WHERE message = ?", (ticket, message))
        StoredSearch(self._rows).reindex([*left, ticket])

    def _tickets_of(self, messages: Sequence[int]) -> list[int]:
        found = [self._rows.one("SELECT ticket FROM messages WHERE id = ?", (message,)) for message in messages]
        return [row[0] for row in found if row is not None]

    def participants(self, ticket: int) -> set[str]:
        """See `Messages.participants`."""
        found = self._rows.all(
            "SELECT DISTINCT sender_address FROM messages WHERE ticket = ? AND direction = 'in' AND unconfirmed = 0"
            " UNION SELECT contact_address FROM tickets WHERE number = ?",
            (ticket, ticket),
        )
        return {str(row[0]).lower() for row in found if row[0]}

    def last_ids(self, ticket: int, limit: int = 20) -> list[str]:
        """See `Messages.last_ids`."""
        found = self._rows.all(
            "SELECT message_id FROM messages WHERE ticket = ? AND direction IN ('in', 'out') AND message_id IS NOT NULL"
            " ORDER BY at DESC, id DESC LIMIT ?",
            (ticket, limit),
        )
        return [row[0] for row in reversed(found)]

    def attachment(self, ticket: int, attachment: str) -> tuple[StoredAttachment, bytes]:
        """See `Messages.attachment`."""
        found = self._rows.one(
            f"SELECT {_ATTACHED}, j.raw, o.raw FROM attachments a JOIN messages m ON m.id = a.message"
            " LEFT JOIN journal j ON j.id = m.journal LEFT JOIN outbox o ON o.id = m.outbox"
            " WHERE a.id = ? AND m.ticket = ?",
            (attachment, ticket),
        )
        if found is None:
            raise NotFound(f"no attachment {attachment} in this ticket")
        raw = found[-2] if found[-2] is not None else found[-1]
        if not raw:
            raise NotFound(f"attachment {attachment}: the mail it came with is gone (retention or erasure)")
        return _attachment(found[:7]), bytes(raw)


def _attachment(row: Sequence[Any]) -> StoredAttachment:
    id_, filename, content_type, size, part, inline, content_id = row
    return StoredAttachment(id_, filename, content_type, size, part, bool(inline), content_id)


def _message(row: Sequence[Any], attachments: tuple[StoredAttachment, ...]) -> TicketMessage:
    state = row[16]
    return TicketMessage(
        id=row[0],
        ticket=row[1],
        direction=Direction(row[2]),
        automatic=bool(row[3]),
        sender_name=row[4],
        sender_address=row[5],
        at=moment(row[6]),
        text=row[7],
        full_text=row[8] or row[7],
        subject=row[9],
        author=row[10],
        unconfirmed=bool(row[11]),
        message_id=row[12],
        journal=row[13],
        outbox=row[14],
        warnings=tuple(json.loads(row[15])) if row[15] else (),
        delivery=None if state is None else Delivery(state),
        delivery_error=row[17],
        attachments=attachments,
        authentication=Authentication(**json.loads(row[18])) if row[18] else UNKNOWN,
    )


def _told(found: Authentication) -> str:
    return "" if found == UNKNOWN else json.dumps(asdict(found))
