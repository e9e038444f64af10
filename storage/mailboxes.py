"""Marks of mailboxes on a database. See `intake.mailboxes.Mailboxes`."""

from __future__ import annotations

import json
from datetime import datetime

from intake.errors import Conflict
from intake.mailboxes import MailboxMark
from storage.rows import Rows, moment_or_none, stamp, stamp_or_none, storable

_COLUMNS = "uidvalidity, kept_uid, settled_uid, whole_from, since, held"
_PLACE = "account = ? AND folder = ?"


class StoredMailboxes:
    """See `intake.mailboxes.Mailboxes`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def take(self, account: str, folder: str, owner: str, now: datetime, until: datetime) -> MailboxMark | None:
        """See `Mailboxes.take`."""
        place = (storable(account), storable(folder))
        fresh = MailboxMark(*place)
        self._rows.insert_new(
            "mailboxes",
            {"account": place[0], "folder": place[1], **_columns(fresh), "owner": "", "leased_until": 0},
            conflict="account, folder",
            returning="id",
        )
        taken = self._rows.update(
            "mailboxes",
            {"owner": owner, "leased_until": stamp(until)},
            f"{_PLACE} AND (owner = ? OR leased_until <= ?)",
            (*place, owner, stamp(now)),
        )
        if not taken:
            return None
        found = self._rows.one(f"SELECT {_COLUMNS} FROM mailboxes WHERE {_PLACE}", place)
        assert found is not None, "it was just written"
        uidvalidity, kept, settled, whole_from, since, held = found
        tries = {int(uid): int(count) for uid, count in json.loads(held).items()}
        return MailboxMark(*place, uidvalidity, kept, settled, whole_from, moment_or_none(since), tries)

    def put(self, mark: MailboxMark, owner: str, until: datetime) -> None:
        """See `Mailboxes.put`."""
        place = (storable(mark.account), storable(mark.folder))
        values = {**_columns(mark), "leased_until": stamp(until)}
        if not self._rows.update("mailboxes", values, f"{_PLACE} AND owner = ?", (*place, owner)):
            raise Conflict(f"{mark.account} {mark.folder} is read by somebody else meanwhile")

    def give_back(self, account: str, folder: str, owner: str) -> None:
        """See `Mailboxes.give_back`."""
        self._rows.update(
            "mailboxes",
            {"owner": "", "leased_until": 0},
            f"{_PLACE} AND owner = ?",
            (storable(account), storable(folder), owner),
        )

    def release(self) -> None:
        """See `Mailboxes.release`."""
        self._rows.run("UPDATE mailboxes SET owner = '', leased_until = 0 WHERE leased_until > 0")


def _columns(mark: MailboxMark) -> dict[str, object]:
    return {
        "uidvalidity": mark.uidvalidity,
        "kept_uid": mark.kept_uid,
        "settled_uid": mark.settled_uid,
        "whole_from": mark.whole_from,
        "since": stamp_or_none(mark.since),
        "held": json.dumps({str(uid): tries for uid, tries in sorted(mark.held.items())}),
    }
