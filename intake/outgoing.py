"""Letters that leave: what is needed of a store that keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from intake.model import Delivery, Letter, OutboxRow


class Outbox(Protocol):
    """Letters that leave."""

    def add(self, letter: Letter, now: datetime) -> int:
        """Queue a letter with one state per recipient; its id."""

    def automatic_since(self, since: datetime, address: str | None = None) -> int:
        """How many automatic letters were written since then (suppressed ones not counted), to one address or all."""

    def lease(self, now: datetime, until: datetime, limit: int) -> list[OutboxRow]:
        """Take letters that are due and not leased or in flight, with raw. A lease that ran out before the letter
        was marked in flight is simply taken again."""

    def lost(self, now: datetime, limit: int) -> list[OutboxRow]:
        """Letters whose lease ran out after they were marked in flight: nobody knows whether they left."""

    def release(self, now: datetime) -> None:
        """End every lease: nobody else is at work on this outbox. Letters in flight become `lost` ones."""

    def waiting(self, now: datetime) -> bool:
        """Whether `lease` would find anything."""

    def renew(self, letters: Sequence[OutboxRow], until: datetime | None) -> list[OutboxRow]:
        """Keep leases longer, also in flight; those that are still the caller's, as they are now.

        ``until`` None gives letters back untried, but never those in flight."""

    def mark_in_flight(self, letter: OutboxRow, now: datetime) -> bool:
        """Just before DATA, committed on its own; False where the lease is not the caller's any more."""

    def settle(
        self,
        letter: OutboxRow,
        outcomes: Mapping[str, tuple[Delivery, str | None]],
        now: datetime,
        next_try_at: datetime | None,
        error: str | None,
    ) -> OutboxRow:
        """Write the state of recipients and with it the letter's; release the lease. ``next_try_at`` None: not
        again. The letter as it is now."""

    def withdraw(self, row: int, now: datetime) -> bool:
        """Remove a letter nobody has tried to send: queued, not leased, not yet due. False where it is too late."""

    def retry(self, row: int, now: datetime) -> None:
        """An administrator's wish: try the recipients not yet sent to, now. Raises NotFound, Refused."""

    def bounced(self, row: int, addresses: Sequence[str], reason: str) -> None:
        """A delivery report says that these recipients (none: all) did not get the letter after all."""

    def get(self, row: int) -> OutboxRow:
        """One letter with raw. Raises NotFound."""

    def recent(self, state: str | None = None, limit: int = 50, suppressed: bool = False) -> list[OutboxRow]:
        """Newest first, without raw."""

    def by_message_id(self, ids: Sequence[str]) -> OutboxRow | None:
        """The letter a delivery report is about."""

    def counts(self) -> Mapping[str, int]:
        """Letters by state."""
