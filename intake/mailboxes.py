"""How far a mailbox has been read, and by whom: the marks that let mail be fetched once, whatever happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class MailboxMark:
    """A folder's place. UIDs are those of ``uidvalidity`` (RFC 9051 2.3.1.1); 0: the folder was never read.

    ``kept_uid``: what came up to it is kept, left alone or gone, but for ``held``. ``settled_uid``: what came up to
    it was marked as read, or moved, too. ``whole_from``: from this UID on every mail is ours; below it only what
    arrived at ``since`` or later (None: everything). ``held``: UIDs the server would not give, with failed tries.
    """

    account: str
    folder: str
    uidvalidity: int = 0
    kept_uid: int = 0
    settled_uid: int = 0
    whole_from: int = 1
    since: datetime | None = None
    held: Mapping[int, int] = field(default_factory=dict)


class Mailboxes(Protocol):
    """Marks of mailboxes, each written by the one process that holds its lease."""

    def take(self, account: str, folder: str, owner: str, now: datetime, until: datetime) -> MailboxMark | None:
        """Be the one who reads this folder until then; its mark, or None while another owner's lease runs."""

    def put(self, mark: MailboxMark, owner: str, until: datetime) -> None:
        """Write a mark and hold its folder until then. Raises Conflict where another owner took it meanwhile."""

    def give_back(self, account: str, folder: str, owner: str) -> None:
        """End one's lease, if it is still one's own."""

    def release(self) -> None:
        """End every lease: nobody else is at work on these mailboxes."""
