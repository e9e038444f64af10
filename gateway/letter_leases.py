"""The letters this process holds: taken, kept, marked and settled in the outbox without blocking the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

import structlog

from intake.errors import StoreUnavailable
from intake.letters.outcomes import Settlement
from intake.model import OutboxRow

if TYPE_CHECKING:
    from intake.ports import Clock, Store, Transaction

T = TypeVar("T")
Settled = Callable[["Transaction", OutboxRow, datetime], None]
LEASE = timedelta(seconds=60)
"""How long after a crash its letters wait; while the process lives it renews its leases."""
RENEWED_EVERY = 15.0
PATIENCE = (0.2, 0.5, 1.0, 2.0, 5.0)
log = structlog.get_logger()


class LetterLeases:
    """``settled`` is called in the transaction that settles a letter, with the letter as it is then."""

    def __init__(self, store: Store, clock: Clock, settled: Settled) -> None:
        self._store = store
        self._clock = clock
        self._settled = settled
        self._held: dict[int, OutboxRow] = {}
        self._late: list[OutboxRow] = []

    async def take(self, limit: int) -> list[OutboxRow]:
        """Lease what is due. Raises StoreUnavailable."""
        await self._give_back()
        now = self._clock()
        if not await asyncio.to_thread(self._waiting, now):
            return []
        letters = await self._submit(lambda tx: tx.outbox.lease(now, now + LEASE, limit))
        self._held.update((letter.id, letter) for letter in letters)
        return letters

    async def lost(self, limit: int) -> list[OutboxRow]:
        """Letters of processes that ended with them in flight. Raises StoreUnavailable."""
        return await asyncio.to_thread(self._lost, self._clock(), limit)

    async def mark_in_flight(self, letter: int) -> bool:
        """See `Outbox.mark_in_flight`; a lease renewed meanwhile is still ours."""
        while (held := self._held.get(letter)) is not None:
            if await self._marked(held):
                return True
            if self._held.get(letter) is held:
                return False
        return False

    async def _marked(self, held: OutboxRow) -> bool:
        now = self._clock()
        return await self._submit(lambda tx: tx.outbox.mark_in_flight(held, now))

    async def release(self, letters: Iterable[int]) -> None:
        """Give letters back untried: now, or where the store does not answer, as soon as it does."""
        self._late += [self._held.pop(letter) for letter in letters if letter in self._held]
        try:
            await self._give_back()
        except StoreUnavailable as error:
            log.warning("letters not given back now", why=str(error))

    async def _give_back(self) -> None:
        late, self._late = self._late, []
        if not late:
            return
        try:
            await self._submit(lambda tx: tx.outbox.renew(late, None))
        except StoreUnavailable:
            self._late += late
            raise

    async def settle(self, letter: OutboxRow, result: Settlement) -> None:
        """Write down what became of a try, however long the database takes to come back."""
        attempt = 0
        while True:
            try:
                await self._settle(letter, result)
                break
            except StoreUnavailable as error:
                log.warning("a letter's state not written now", letter=letter.id, why=str(error))
                await asyncio.sleep(PATIENCE[min(attempt, len(PATIENCE) - 1)])
                attempt += 1
        self._held.pop(letter.id, None)

    async def keep(self) -> None:
        """Renew what is held, until cancelled."""
        while True:
            await asyncio.sleep(RENEWED_EVERY)
            try:
                await self.renew()
            except StoreUnavailable as error:
                log.warning("leases not renewed now", why=str(error))

    async def renew(self) -> None:
        """Keep every held letter longer. Raises StoreUnavailable."""
        letters, until = list(self._held.values()), self._clock() + LEASE
        if not letters:
            return
        for letter in await self._submit(lambda tx: tx.outbox.renew(letters, until)):
            if letter.id in self._held:
                self._held[letter.id] = letter

    async def _settle(self, letter: OutboxRow, result: Settlement) -> None:
        now = self._clock()

        def alone(tx: Transaction) -> OutboxRow:
            return tx.outbox.settle(letter, result.outcomes, now, result.next_try_at, result.error)

        def with_ticket(tx: Transaction) -> None:
            self._settled(tx, alone(tx), now)

        try:
            await self._submit(with_ticket)
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("a letter's ticket could not be told", letter=letter.id)
            await self._submit(alone)

    def _waiting(self, now: datetime) -> bool:
        with self._store.read() as tx:
            return tx.outbox.waiting(now)

    def _lost(self, now: datetime, limit: int) -> list[OutboxRow]:
        with self._store.read() as tx:
            return tx.outbox.lost(now, limit)

    async def _submit(self, work: Callable[[Transaction], T]) -> T:
        """Not cancelled with its caller: what was handed to the writer is written."""
        return await asyncio.shield(asyncio.wrap_future(self._store.submit(work)))
