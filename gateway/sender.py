"""Outbox to relay: takes letters that are due, sends several at once, writes down what became of each."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from gateway.letter_leases import LetterLeases, Settled
from intake.errors import StoreUnavailable
from intake.letters.outcomes import Relay, Sent, Trouble, due_recipients, lost_in_flight, settlement
from intake.model import Delivery, OutboxRow
from intake.settings import Limits

if TYPE_CHECKING:
    from intake.ports import Clock, Store

AT_ONCE = 4
UNDER_WAY = 12
"""More than are sent at once, so that one letter's commit shares the flush of others and no connection waits for it."""
BATCH = 24
POLL_SECONDS = 0.5
LOOK_SECONDS = 2.0
LOST_EVERY = timedelta(seconds=10)
AWAY_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (2, 5, 10, 20, 30, 60))
FINISH_SECONDS = 3.5
INTERRUPT_SECONDS = 0.5
WITHDRAWN = Sent({}, trouble=Trouble.WITHDRAWN)
log = structlog.get_logger()


class Sender:
    """Sends the outbox's letters through a relay.

    While the relay is away no letter is touched: it is asked now and then, and once it is there all that is due goes
    at once. ``settled`` is called in the transaction in which a letter's new state is written; ``tries`` counts.
    """

    def __init__(self, store: Store, relay: Relay, *, clock: Clock, limits: Limits, settled: Settled) -> None:
        self._store = store
        self._relay = relay
        self._clock = clock
        self._limits = limits
        self._leases = LetterLeases(store, clock, settled)
        self._ready: deque[OutboxRow] = deque()
        self._active: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._awake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = False
        self.tries = 0
        self._away_until: datetime | None = None
        self._away_count = 0
        self._lost_looked_at: datetime | None = None

    def wake(self) -> None:
        """Something was queued; callable from any thread."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._awake.set)

    async def run(self, stop: asyncio.Event) -> None:
        """Send whatever is due until ``stop``; then at most five seconds to finish what is under way."""
        self._loop = asyncio.get_running_loop()
        helpers = [asyncio.create_task(self._wake_on(stop)), asyncio.create_task(self._leases.keep())]
        try:
            mark = -1
            while not stop.is_set():
                mark = await self._rest(mark if await self._round() else -1)
        finally:
            await self._wind_down()
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)
            self._loop = None

    async def deliver_due(self) -> int:
        """Try every letter that is due now, once; how many tries it was. Raises StoreUnavailable."""
        keeping = asyncio.create_task(self._leases.keep())
        before = self.tries
        try:
            await self._settle_lost()
            while True:
                await self._fill()
                if not self._active:
                    return self.tries - before
                await asyncio.wait(self._active, return_when=asyncio.FIRST_COMPLETED)
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)

    async def _wake_on(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._awake.set()

    async def _round(self) -> bool:
        """Start what can be started; whether the store answered."""
        try:
            if self._lost_looked_at is None or self._clock() - self._lost_looked_at >= LOST_EVERY:
                await self._settle_lost()
            await self._fill()
        except StoreUnavailable as error:
            log.warning("outbox not read now", why=str(error))
            return False
        except Exception:
            log.exception("the sender stumbled")
            return False
        return True

    async def _rest(self, mark: int) -> int:
        """Until a letter is done, somebody wakes us, the store has changed, or it is time to look again."""
        for _ in range(round(LOOK_SECONDS / POLL_SECONDS)):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._awake.wait()
            if self._awake.is_set():
                self._awake.clear()
                return mark
            with contextlib.suppress(StoreUnavailable):
                seen = await asyncio.to_thread(self._store.change_mark)
                if seen != mark:
                    return seen
        return mark

    async def _fill(self) -> None:
        """Start as many tries as may be under way."""
        while len(self._active) < UNDER_WAY and not self._stopping:
            if not self._ready:
                taken = await self._take()
                self._ready.extend(taken)
            if not self._ready:
                break
            task = asyncio.create_task(self._deliver(self._ready.popleft()), name="letter")
            self._active.add(task)
            task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._active.discard(task)
        self._awake.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a letter's try ended badly", error=type(error).__name__)

    async def _take(self) -> list[OutboxRow]:
        if self._away_until is not None:
            if self._active or self._clock() < self._away_until:
                return []
            why = await self._relay.check()
            if why is not None:
                self._away(why)
                return []
            self._back()
        return await self._leases.take(BATCH)

    async def _settle_lost(self) -> None:
        self._lost_looked_at = self._clock()
        lost = await self._leases.lost(100)
        for letter in lost:
            log.warning("a letter's fate is not known", letter=letter.id)
        await asyncio.gather(*(self._settle(letter, lost_in_flight(letter)) for letter in lost))

    async def _deliver(self, letter: OutboxRow) -> None:
        marked = False

        async def about_to_send() -> bool:
            nonlocal marked
            marked = not self._stopping and await self._leases.mark_in_flight(letter.id)
            return marked

        due = due_recipients(letter)
        try:
            async with self._slots:
                held_back = self._stopping or self._away_until is not None
                sent = WITHDRAWN if held_back else await self._relay.send(due, about_to_send)
        except asyncio.CancelledError:
            await self._after(letter, _interrupted(due, marked, "stopped before the relay's answer came"))
            raise
        except StoreUnavailable as error:
            log.warning("letter not sent now", letter=letter.id, why=str(error))
            sent = _interrupted(due, marked, "the store did not answer")
        except Exception as error:
            log.exception("sending stumbled", letter=letter.id)
            state = Delivery.UNCERTAIN if marked else Delivery.QUEUED
            reason = f"own trouble: {type(error).__name__}"
            sent = Sent(dict.fromkeys(due.open_recipients(), (state, reason)), reason, in_flight=marked)
        await self._after(letter, sent)

    async def _after(self, letter: OutboxRow, sent: Sent) -> None:
        if sent.trouble is Trouble.WITHDRAWN:
            await self._leases.release([letter.id])
            return
        self.tries += 1
        if sent.trouble is Trouble.AWAY:
            self._away(sent.error or "no relay")
            waiting = list(self._ready)
            self._ready.clear()
            await self._leases.release(one.id for one in waiting)
        else:
            self._back()
        await self._settle(letter, sent)

    async def _settle(self, letter: OutboxRow, sent: Sent) -> None:
        await self._leases.settle(letter, settlement(letter, sent, self._clock(), self._limits))

    def _away(self, why: str) -> None:
        now = self._clock()
        if self._away_until is None or now >= self._away_until:
            pause = AWAY_PAUSES[min(self._away_count, len(AWAY_PAUSES) - 1)]
            self._away_until = now + pause
            self._away_count += 1
            if self._away_count <= len(AWAY_PAUSES) or self._away_count % 60 == 0:
                log.warning("letters wait for the relay", why=why, next_try_in=pause.total_seconds())

    def _back(self) -> None:
        if self._away_until is not None:
            log.info("the relay is there again")
        self._away_until, self._away_count = None, 0

    async def _wind_down(self) -> None:
        """No new letter; what is at the relay may finish, then it is uncertain."""
        self._stopping = True
        await self._leases.release(letter.id for letter in self._ready)
        self._ready.clear()
        if self._active:
            await asyncio.wait(self._active, timeout=FINISH_SECONDS)
        under_way = set(self._active)
        for task in under_way:
            task.cancel()
        if under_way:
            await asyncio.wait(under_way, timeout=INTERRUPT_SECONDS)
        await self._relay.close()


def _interrupted(letter: OutboxRow, marked: bool, reason: str) -> Sent:
    if not marked:
        return WITHDRAWN
    return Sent(dict.fromkeys(letter.open_recipients(), (Delivery.UNCERTAIN, reason)), reason, in_flight=True)
