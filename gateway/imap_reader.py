"""Who reads a folder: its settings, its place in the store, and how what came is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from intake.arrivals import door_key
from intake.model import Arrival

if TYPE_CHECKING:
    from gateway.imap_limits import ImapLimits
    from intake.mailboxes import MailboxMark
    from intake.ports import Store, Transaction

NO_TIME = datetime(2000, 1, 2, tzinfo=UTC)
"""Mail moved from server to server sometimes says 1970 or 1904: nobody knows when it came."""


@dataclass(frozen=True, slots=True)
class Reader:
    """``done`` as in the settings; ``import_since``: how far back the first contact reaches; ``owner`` names this
    process to others that could read the folder; ``on_kept`` is called in the mailbox's thread."""

    account: str
    folder: str
    done: str
    import_since: datetime | None
    owner: str
    store: Store
    clock: Callable[[], datetime]
    on_kept: Callable[[], None]
    limits: ImapLimits

    @property
    def place(self) -> str:
        """Account and folder, for people."""
        return f"{self.account}/{self.folder}"

    def take(self) -> MailboxMark | None:
        """The folder's mark, or None while somebody else reads it."""
        now = self.clock()
        return self.store.write(
            lambda tx: tx.mailboxes.take(self.account, self.folder, self.owner, now, self._until(now))
        )

    def put(self, mark: MailboxMark, arrivals: Sequence[Arrival] = ()) -> int:
        """Keep arrivals together with the mark that says so; how many were new. Durable when it returns.

        Raises Conflict where somebody else reads the folder meanwhile, StoreUnavailable.
        """
        until = self._until(self.clock())

        def work(tx: Transaction) -> int:
            new = sum(tx.journal.keep(arrival) is not None for arrival in arrivals)
            tx.mailboxes.put(mark, self.owner, until)
            return new

        return self.store.write(work)

    def give_back(self) -> None:
        """Let others read it."""
        self.store.write(lambda tx: tx.mailboxes.give_back(self.account, self.folder, self.owner))

    def arrival(self, raw: bytes, arrived: datetime | None) -> Arrival:
        """A mail at this door. Its time is the server's, unless that can't be: later than now, or `NO_TIME`.

        The door key knows the account, not the UID: a folder made anew brings nothing twice.
        """
        now = self.clock()
        at = min(arrived, now) if arrived is not None and arrived > NO_TIME else now
        key = door_key(raw, self.account, (), arrived or now)
        return Arrival(raw, "imap", at, key, mailbox=self.place, kept_at=now)

    def _until(self, now: datetime) -> datetime:
        return now + timedelta(seconds=self.limits.lease)
