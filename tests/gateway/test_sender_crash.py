"""A process killed while it sends: what it had not handed over leaves once, what it may have handed over is repeated
once and said to be uncertain."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from gateway.letter_leases import LEASE, LetterLeases
from gateway.relay import SmtpRelay
from gateway.settings import RelaySettings
from intake.letters.outcomes import lost_in_flight, settlement
from intake.model import Delivery
from intake.settings import Limits
from tests.support.post import Clock, Post
from tests.support.programs import started
from tests.support.sinks import WAIT, Script, scripted_relay


@pytest.fixture
def post(store_url: str) -> Iterator[Post]:
    post = Post(store_url, Clock(datetime.now(UTC)))
    yield post
    post.close()


@contextmanager
def sending_process(post: Post, script: Script) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.support.sending_process", post.url, str(script.port)]
    with started(command) as (process, _):
        yield process


async def kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    await asyncio.to_thread(process.wait, 20)


async def settle_lost(post: Post) -> None:
    """What a sender does first of all; here without sending anything after it."""
    post.clock.now = datetime.now(UTC)
    leases = LetterLeases(post.store, post.clock, lambda _tx, _row, _at: None)
    for letter in await leases.lost(10):
        await leases.settle(letter, settlement(letter, lost_in_flight(letter), post.clock(), post.limits))


async def deliver(post: Post, port: int) -> int:
    relay = SmtpRelay(RelaySettings(host="127.0.0.1", port=port, security="none"))
    tried = await post.sender(relay).deliver_due()
    await relay.close()
    return tried


def test_killed_before_data_the_letter_leaves_once(post: Post) -> None:
    row = post.queue("a@x.org")

    async def go() -> None:
        script = Script(rcpt=lambda _: WAIT)
        async with scripted_relay(script):
            with sending_process(post, script) as process:
                await script.until_asked("a@x.org")
                await kill(process)
        healthy = Script()
        async with scripted_relay(healthy):
            assert await deliver(post, healthy.port) == 0
            post.clock.now = datetime.now(UTC) + LEASE + timedelta(seconds=1)
            assert await deliver(post, healthy.port) == 1
        assert len(healthy.taken) == 1

    asyncio.run(asyncio.wait_for(go(), 120))
    assert post.state(row) is Delivery.SENT
    assert not post.letter(row).repeated


def test_killed_before_the_answer_the_letter_is_uncertain_and_repeated_once(post: Post) -> None:
    row = post.queue("a@x.org")

    async def go() -> None:
        script = Script(data=lambda _: WAIT)
        async with scripted_relay(script):
            with sending_process(post, script) as process:
                await script.until_taken(1)
                await kill(process)
        healthy = Script()
        async with scripted_relay(healthy):
            post.clock.now = datetime.now(UTC) + LEASE + timedelta(seconds=1)
            assert await deliver(post, healthy.port) == 0
            assert (post.state(row), post.waits(row)) == (Delivery.UNCERTAIN, timedelta(minutes=15))
            post.clock.move(minutes=15)
            assert await deliver(post, healthy.port) == 1
        assert [taken.data for taken in healthy.taken] == [taken.data for taken in script.taken]

    asyncio.run(asyncio.wait_for(go(), 120))
    assert post.state(row) is Delivery.SENT
    assert post.letter(row).repeated


def test_killed_in_the_repetition_too_it_is_left_alone(post: Post) -> None:
    post.limits = Limits(uncertain_pause=timedelta(0))
    row = post.queue("a@x.org")

    async def go() -> None:
        script = Script(data=lambda _: WAIT)
        async with scripted_relay(script):
            for n in (1, 2):
                with sending_process(post, script) as process:
                    await script.until_taken(n)
                    await kill(process)
                post.store.write(lambda tx: tx.outbox.release(datetime.now(UTC)))
                await settle_lost(post)
                assert post.state(row) is Delivery.UNCERTAIN
            post.clock.move(days=1)
            assert await deliver(post, script.port) == 0
        assert len(script.taken) == 2

    asyncio.run(asyncio.wait_for(go(), 120))
    assert (post.state(row), post.letter(row).next_try_at) == (Delivery.UNCERTAIN, None)
