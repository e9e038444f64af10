"""The journal on a database. See `intake.ports.Journal`."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from intake.errors import Conflict, NotFound, Refused
from intake.model import Arrival, Disposition, Envelope, JournalRow
from intake.ports import Outcome
from intake.tombstones import FORGOTTEN
from storage.rows import Rows, moment, stamp, storable
from storage.tombstones import StoredTombstones

_HEAD = (
    "id, received_at, door, mailbox, envelope, sender, subject, disposition, cause, ticket, attempts, kept_at, message,"
    " peer"
)


class StoredJournal:
    """See `intake.ports.Journal`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._stones = StoredTombstones(rows)

    def keep(self, arrival: Arrival, lease_until: datetime | None = None) -> int | None:
        """See `Journal.keep`."""
        if self._stones.has("door", arrival.door_key):
            return None
        envelope = json.dumps([arrival.envelope.mail_from, arrival.envelope.rcpt_to], ensure_ascii=False)
        found = self._rows.insert_new(
            "journal",
            {
                "received_at": stamp(arrival.received_at),
                "kept_at": stamp(arrival.kept_at or arrival.received_at),
                "door": arrival.door,
                "mailbox": storable(arrival.mailbox),
                "envelope": storable(envelope),
                "peer": storable(arrival.peer),
                "door_key": arrival.door_key,
                "raw": arrival.raw,
                "disposition": "new",
                "attempts": 0,
                "due_at": 0 if lease_until is None else stamp(lease_until),
            },
            conflict="door_key",
            returning="id",
        )
        return None if found is None else int(found)

    def known(self, door_key: str) -> JournalRow | None:
        """See `Journal.known`."""
        erased = self._stones.mark("door", door_key) or door_key
        found = self._rows.one(f"SELECT {_HEAD} FROM journal WHERE door_key IN (?, ?)", (door_key, erased))
        return None if found is None else _row(found)

    def lease(self, now: datetime, until: datetime, limit: int) -> list[JournalRow]:
        """See `Journal.lease`."""
        found = self._rows.all(
            f"SELECT {_HEAD}, raw FROM journal WHERE disposition = 'new' AND due_at <= ?"
            f" ORDER BY due_at, id LIMIT ?{self._rows.skip_locked}",
            (stamp(now), limit),
        )
        if found:
            marks = ", ".join("?" * len(found))
            self._rows.run(
                f"UPDATE journal SET due_at = ? WHERE id IN ({marks})",
                (stamp(until), *(row[0] for row in found)),
            )
        return [_row(row, raw=bytes(row[-1])) for row in sorted(found)]

    def finish(self, row: int, outcome: Outcome) -> None:
        """See `Journal.finish`."""
        values: dict[str, Any] = {
            "disposition": outcome.disposition.value,
            "cause": storable(outcome.cause),
            "ticket": outcome.ticket,
            "message": outcome.message,
            "due_at": 0,
        }
        if outcome.sender is not None:
            values["sender"] = storable(outcome.sender)
        if outcome.subject is not None:
            values["subject"] = storable(outcome.subject)
        if outcome.cause == FORGOTTEN:
            values |= {"sender": None, "subject": None, "envelope": "[null, []]", "peer": "", "raw": b""}
        if not self._rows.update("journal", values, "id = ? AND disposition = 'new'", (row,)):
            raise Conflict(f"journal row {row} was finished by somebody else meanwhile")

    def postpone(self, row: int, cause: str, next_try_at: datetime) -> None:
        """See `Journal.postpone`."""
        self._rows.run(
            "UPDATE journal SET cause = ?, due_at = ?, attempts = attempts + 1 WHERE id = ?",
            (storable(cause), stamp(next_try_at), row),
        )

    def release(self, now: datetime) -> None:
        """See `Journal.release`."""
        at = stamp(now)
        self._rows.run("UPDATE journal SET due_at = ? WHERE disposition = 'new' AND due_at > ?", (at, at))

    def reopen(self, row: int, lease_until: datetime) -> None:
        """See `Journal.reopen`."""
        if not self.get(row).raw:
            raise Refused(f"journal row {row}: its raw mail is gone (retention or erasure), there is nothing to read")
        self._rows.run(
            "UPDATE journal SET disposition = 'new', attempts = 0, due_at = ? WHERE id = ?", (stamp(lease_until), row)
        )

    def get(self, row: int) -> JournalRow:
        """See `Journal.get`."""
        found = self._rows.one(f"SELECT {_HEAD}, raw FROM journal WHERE id = ?", (row,))
        if found is None:
            raise NotFound(f"no journal row {row}")
        return _row(found, raw=bytes(found[-1]))

    def recent(self, disposition: str | None = None, limit: int = 50, before: int | None = None) -> list[JournalRow]:
        """See `Journal.recent`."""
        where, params = ["1 = 1"], []
        if disposition is not None:
            where.append("disposition = ?" if disposition == "new" else "disposition = ? AND due_at = 0")
            params.append(disposition)
        if before is not None:
            where.append("id < ?")
            params.append(str(before))
        found = self._rows.all(
            f"SELECT {_HEAD} FROM journal WHERE {' AND '.join(where)} ORDER BY id DESC LIMIT ?",
            (*params, limit),
        )
        return [_row(row) for row in found]

    def waiting(self, now: datetime) -> int:
        """See `Journal.waiting`."""
        return self._rows.count("SELECT COUNT(*) FROM journal WHERE disposition = 'new' AND due_at <= ?", (stamp(now),))


def _row(found: tuple[Any, ...], raw: bytes = b"") -> JournalRow:
    id_, received, door, mailbox, envelope, sender, subject, disposition, cause, ticket, attempts = found[:11]
    kept, message, peer = found[11:14]
    mail_from, rcpt_to = json.loads(str(envelope))
    return JournalRow(
        id=id_,
        received_at=moment(received),
        door=door,
        mailbox=mailbox,
        envelope=Envelope(mail_from, tuple(rcpt_to)),
        sender=sender,
        subject=subject,
        disposition=Disposition(disposition),
        cause=cause,
        ticket=ticket,
        attempts=attempts,
        raw=raw,
        kept_at=moment(kept),
        message=message,
        peer=peer,
    )
