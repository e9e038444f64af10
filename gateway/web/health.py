"""``GET /healthz``: is the desk taking, processing and sending? What is wrong by name, nothing of its inside."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from gateway.web.answers import TROUBLE_RETRY, as_json
from intake.errors import StoreUnavailable

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from gateway.web.backstage import Backstage
    from intake.ports import Transaction

MARK = "health_mark"
WRITE_SECONDS = 5.0
FRESH_SECONDS = 2.0
"""An answer is good for so long: looking often costs nothing."""
OLDEST_WAITING = timedelta(minutes=10)
OLDEST_LETTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Signs:
    """Whether the gateway's other parts are alive."""

    worker: Callable[[], bool] = lambda: True
    sender: Callable[[], bool] = lambda: True
    problems: Callable[[], list[str]] = list
    """What else is wrong, in words for anybody."""


class Health:
    """Asks every part, at most once in `FRESH_SECONDS`."""

    def __init__(self, backstage: Backstage, signs: Signs) -> None:
        self._backstage = backstage
        self._signs = signs
        self._told: tuple[float, list[str]] | None = None
        self._asking = asyncio.Lock()

    async def show(self, _request: Request) -> Response:
        """200 ok, or 503 with what is wrong."""
        problems = await self.problems()
        if not problems:
            return as_json({"status": "ok", "problems": []})
        return as_json({"status": "trouble", "problems": problems}, 503, {"Retry-After": str(TROUBLE_RETRY)})

    async def problems(self) -> list[str]:
        """Names of what is wrong, in words."""
        loop = asyncio.get_running_loop()
        async with self._asking:
            if self._told is None or loop.time() - self._told[0] > FRESH_SECONDS:
                self._told = (loop.time(), await self._asked())
        return self._told[1]

    async def _asked(self) -> list[str]:
        found = [] if self._signs.worker() else ["processing has stopped"]
        if not self._signs.sender():
            found.append("sending has stopped")
        found += self._signs.problems()
        now = self._backstage.clock()
        if not await self._writes(now):
            return [*found, "the database can't be written"]
        try:
            return found + await self._backstage.off_loop(self._waiting, now)
        except Exception:
            return [*found, "the database can't be read"]

    async def _writes(self, now: datetime) -> bool:
        def mark(tx: Transaction) -> None:
            tx.notes.set_value(MARK, now.isoformat())

        try:
            async with asyncio.timeout(WRITE_SECONDS):
                await asyncio.wrap_future(self._backstage.store.submit(mark))
        except (TimeoutError, StoreUnavailable, OSError):
            return False
        return True

    def _waiting(self, now: datetime) -> list[str]:
        with self._backstage.store.read() as tx:
            mail, letter, held = tx.gauges.oldest_arrival(), tx.gauges.oldest_letter(now), tx.gauges.held(now)
        found = []
        if mail is not None and now - mail > OLDEST_WAITING:
            found.append(f"mail has been waiting to be processed for {_minutes(now - mail)} min")
        if letter is not None and now - letter > OLDEST_LETTER:
            found.append(f"letters have been waiting to leave for {_minutes(now - letter)} min")
        if held.letters:
            found.append(f"{held.letters} automatic letters are held by the desk's ceiling")
        return found


def _minutes(span: timedelta) -> int:
    return span // timedelta(minutes=1)
