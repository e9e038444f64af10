"""What the desk still knows of mails it has erased: enough to know them again, not whose they were."""

from __future__ import annotations

from typing import Final, Protocol

FORGOTTEN: Final = "forgotten"
"""The cause of a journal row whose mail was erased before; nothing else of the mail is kept."""


class Tombstones(Protocol):
    """Keyed digests of door keys, content keys, Message-IDs and addresses of erased persons."""

    def knows(self, content_key: str, message_id: str | None, address: str | None) -> bool:
        """Whether this is a mail that was erased: the same content, or an erased Message-ID from an erased address.

        A new mail of that person is none: it has a Message-ID of its own."""
