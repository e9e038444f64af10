"""The relay goes away at the very moment at which more letters are taken."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from intake.letters.outcomes import Sent, Trouble
from intake.model import Delivery, OutboxRow
from intake.ports import Store
from tests.support.post import Post

WAIT = 20


@pytest.fixture
def post(store_url: str) -> Iterator[Post]:
    post = Post(store_url)
    yield post
    post.close()


class Moments:
    """What has happened, for two threads and a loop."""

    def __init__(self) -> None:
        self.looking, self.settling = threading.Event(), threading.Event()


class SlowStore:
    """A store that, once a letter is at the relay, tells whether more are due only after that one's end is written."""

    def __init__(self, store: Store, at: Moments, meanwhile: Callable[[], object]) -> None:
        self._store, self._at, self._meanwhile = store, at, meanwhile
        self.reads = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def read(self) -> Any:
        self.reads += 1
        if self.reads == 3:
            self._meanwhile()
            self._at.looking.set()
            assert self._at.settling.wait(WAIT)
        return self._store.read()

    def submit(self, work: Any) -> Any:
        if self._at.looking.is_set():
            self._at.settling.set()
        return self._store.submit(work)


class ComingAndGoing:
    """A relay that is away for the first letter, as soon as more are looked for."""

    def __init__(self, at: Moments) -> None:
        self._at = at
        self.away = True
        self.taken: list[int] = []

    async def send(self, letter: OutboxRow, about_to_send: Callable[[], Awaitable[bool]]) -> Sent:
        if self.away:
            assert await asyncio.to_thread(self._at.looking.wait, WAIT)
            return Sent({}, "nobody listens", trouble=Trouble.AWAY)
        assert await about_to_send()
        self.taken.append(letter.id)
        done = dict.fromkeys(letter.open_recipients(), (Delivery.SENT, None))
        return Sent(done, in_flight=True)

    async def check(self) -> str | None:
        return "nobody listens" if self.away else None

    async def close(self) -> None:
        pass


def test_letters_taken_while_the_relay_goes_away_leave_once_it_is_back(post: Post) -> None:
    rows = [post.queue("a@x.org")]
    at = Moments()
    relay = ComingAndGoing(at)
    sender = post.sender(relay, SlowStore(post.store, at, lambda: rows.append(post.queue("b@x.org"))))

    async def go() -> None:
        await sender.deliver_due()
        relay.away = False
        post.clock.move(seconds=5)
        await sender.deliver_due()

    asyncio.run(asyncio.wait_for(go(), 3 * WAIT))
    assert relay.taken[:1] == rows[1:]
