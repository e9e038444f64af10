"""Tombstones on a database. See `intake.tombstones.Tombstones`."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime
from functools import cached_property

from storage.rows import Rows, stamp

KEY = "tombstone_key"


class StoredTombstones:
    """HMAC-SHA256 with a key of the desk's own: without it nobody can try out whose they were."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    @cached_property
    def _key(self) -> bytes | None:
        found = self._rows.one("SELECT value FROM notes WHERE name = ?", (KEY,))
        return None if found is None else bytes.fromhex(found[0])

    def mark(self, kind: str, value: str) -> str | None:
        """The mark of a value, hex; None on a desk that never erased anybody."""
        if self._key is None:
            return None
        return hmac.new(self._key, f"{kind}\x1f{value}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def has(self, kind: str, value: str) -> bool:
        """Whether a value was erased."""
        mark = self.mark(kind, value)
        return mark is not None and self._rows.one("SELECT 1 FROM tombstones WHERE mark = ?", (mark,)) is not None

    def knows(self, content_key: str, message_id: str | None, address: str | None) -> bool:
        """See `Tombstones.knows`."""
        if self._key is None:
            return False
        if content_key and self.has("content", content_key):
            return True
        return bool(
            message_id and address and self.has("message-id", message_id) and self.has("address", address.lower())
        )

    def add(self, kind: str, value: str, now: datetime) -> str:
        """Set one; its mark."""
        if self._key is None:
            fresh = {"name": KEY, "value": secrets.token_hex(32)}
            self._rows.insert_new("notes", fresh, conflict="name", returning="name")
            del self.__dict__["_key"]
        mark = self.mark(kind, value)
        assert mark is not None, "the key was just made"
        self._rows.insert_new("tombstones", {"mark": mark, "at": stamp(now)}, conflict="mark", returning="mark")
        return mark
