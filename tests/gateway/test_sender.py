"""From the outbox to the relay: each letter once, and its fate written down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from gateway.eml_relay import EmlRelay
from gateway.letter_leases import LEASE, LetterLeases
from gateway.relay import SmtpRelay
from gateway.relay_lines import Waits
from gateway.sender import Sender
from gateway.settings import RelaySettings
from intake.errors import StoreUnavailable
from intake.model import Delivery, OutboxRow
from intake.ports import Store
from tests.support.ports import free_port
from tests.support.post import Post
from tests.support.sinks import HANG_UP, WAIT, Script, scripted_relay, smtp_sink

T = TypeVar("T")
SENT, QUEUED, FAILED, UNCERTAIN = Delivery.SENT, Delivery.QUEUED, Delivery.FAILED, Delivery.UNCERTAIN


@pytest.fixture
def post(store_url: str) -> Iterator[Post]:
    post = Post(store_url)
    yield post
    post.close()


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(asyncio.wait_for(work, 60))


@asynccontextmanager
async def sending(post: Post, script: Script, port: int = 0, store: Store | None = None) -> AsyncIterator[Sender]:
    async with scripted_relay(script, port=port):
        relay = smtp(script.port)
        yield post.sender(relay, store)
        await relay.close()


def smtp(port: int, connections: int = 4) -> SmtpRelay:
    settings = RelaySettings(host="127.0.0.1", port=port, security="none")
    return SmtpRelay(settings, waits=Waits(connect=20, command=20, transfer=20, answer=20), connections=connections)


async def deliver(post: Post, script: Script) -> int:
    async with sending(post, script) as sender:
        return await sender.deliver_due()


def test_due_letters_leave_and_are_settled_in_their_transaction(post: Post) -> None:
    rows = [post.queue("a@x.org", subject=str(n)) for n in range(10)]
    script = Script()
    assert run(deliver(post, script)) == 10
    assert {post.state(row) for row in rows} == {SENT}
    assert sorted(row.id for row in post.settled) == rows
    assert {row.state for row in post.settled} == {SENT}
    assert len(script.taken) == 10
    assert run(deliver(post, script)) == 0


def test_a_letter_that_is_not_due_waits(post: Post) -> None:
    row = post.queue("a@x.org")
    post.clock.move(seconds=-1)
    assert run(deliver(post, Script())) == 0
    assert post.state(row) is QUEUED


def test_a_temporary_refusal_is_tried_until_it_is_taken(post: Post) -> None:
    row = post.queue("a@x.org")
    greylisting = Script(rcpt=lambda _: "450 4.2.0 greylisted")
    waits = []
    for _ in range(3):
        assert run(deliver(post, greylisting)) == 1
        waited = post.waits(row)
        assert waited is not None
        waits.append(waited)
        assert run(deliver(post, greylisting)) == 0
        post.clock.now += waited
    assert waits == sorted(waits)
    assert post.letter(row).error == "450 4.2.0 greylisted"
    run(deliver(post, Script()))
    assert (post.state(row), post.letter(row).attempts, post.letter(row).error) == (SENT, 4, None)


def test_a_permanent_refusal_fails_visibly(post: Post) -> None:
    row = post.queue("a@x.org")
    run(deliver(post, Script(data=lambda _: "554 5.7.1 spam")))
    assert (post.state(row), post.letter(row).error, post.waits(row)) == (FAILED, "554 5.7.1 spam", None)
    assert [row.state for row in post.settled] == [FAILED]


def test_five_days_of_refusals_are_a_failure(post: Post) -> None:
    row = post.queue("a@x.org")
    script = Script(data=lambda _: "451 later")
    tries = 0
    while post.state(row) is QUEUED and tries < 300:
        tries += run(deliver(post, script))
        post.clock.move(hours=1, minutes=7)
    assert post.state(row) is FAILED
    assert 24 * 4 < tries < 24 * 6


def test_a_lost_answer_is_repeated_once_with_the_same_bytes(post: Post) -> None:
    row = post.queue("a@x.org")
    script = Script(data=lambda _: HANG_UP)
    run(deliver(post, script))
    assert (post.state(row), post.waits(row)) == (UNCERTAIN, timedelta(minutes=15))
    assert run(deliver(post, script)) == 0
    post.clock.move(minutes=15)
    assert run(deliver(post, script)) == 1
    assert (post.state(row), post.waits(row), post.letter(row).repeated) == (UNCERTAIN, None, True)
    for _ in range(10):
        post.clock.move(days=1)
        assert run(deliver(post, script)) == 0
    assert len(script.taken) == 2
    assert script.taken[0].data == script.taken[1].data


def test_a_repetition_that_is_taken_ends_the_doubt(post: Post) -> None:
    row = post.queue("a@x.org")
    run(deliver(post, Script(data=lambda _: HANG_UP)))
    post.clock.move(minutes=15)
    run(deliver(post, Script()))
    assert (post.state(row), post.letter(row).repeated) == (SENT, True)


@pytest.mark.postfix
@pytest.mark.parametrize("options", [("-q", "DATA"), ("-r", "DATA"), ("-r", "."), ("-Q", "."), ("-q", "RCPT")], ids=str)
def test_a_repetition_that_surely_did_not_leave_is_tried_again(post: Post, options: tuple[str, str]) -> None:
    row = post.queue("a@x.org")
    run(deliver(post, Script(data=lambda _: HANG_UP)))
    post.clock.move(minutes=15)

    async def refused(port: int) -> int:
        relay = smtp(port)
        tried = await post.sender(relay).deliver_due()
        await relay.close()
        return tried

    with smtp_sink(*options) as port:
        assert run(refused(port)) == 1
    post.clock.move(hours=2)
    healthy = Script()
    assert run(deliver(post, healthy)) == 1
    assert (post.state(row), len(healthy.taken)) == (SENT, 1)


def test_who_was_accepted_is_not_mailed_again(post: Post) -> None:
    row = post.queue("a@x.org", "later@x.org", "never@x.org")
    answers = {"later@x.org": "450 later", "never@x.org": "550 never"}
    script = Script(rcpt=lambda address: answers.get(address, "250 ok"))
    run(deliver(post, script))
    assert post.state(row) is QUEUED
    answers.clear()
    post.clock.move(minutes=6)
    run(deliver(post, script))
    assert [taken.rcpt_to for taken in script.taken] == [("a@x.org",), ("later@x.org",)]
    assert post.state(row) is FAILED
    assert {address: state for address, state, _ in post.letter(row).recipients} == {
        "a@x.org": SENT,
        "later@x.org": SENT,
        "never@x.org": FAILED,
    }


def test_while_the_relay_is_away_letters_wait_and_then_leave_at_once(post: Post) -> None:
    port = free_port()
    post.queue_many(40, lambda n: (f"{n}@x.org",))

    async def go() -> None:
        relay = smtp(port)
        sender = post.sender(relay)
        tried = 0
        for _ in range(200):
            tried += await sender.deliver_due()
            post.clock.move(minutes=3)
        assert 1 <= tried <= 4
        assert {row.state for row in post.letters()} == {QUEUED}
        script = Script()
        async with scripted_relay(script, port=port):
            assert await sender.deliver_due() == 40
            await relay.close()
        assert len(script.taken) == 40

    run(go())
    assert {row.state for row in post.letters()} == {SENT}


def test_a_relay_that_is_back_is_noticed_within_a_minute(post: Post) -> None:
    port = free_port()
    row = post.queue("a@x.org")

    async def go() -> None:
        relay = smtp(port)
        sender = post.sender(relay)
        for _ in range(60):
            await sender.deliver_due()
            post.clock.move(minutes=1)
        async with scripted_relay(Script(), port=port):
            await sender.deliver_due()
            await relay.close()

    run(go())
    assert post.state(row) is SENT


def test_two_senders_share_an_outbox_without_doubling(post: Post) -> None:
    post.queue_many(120, lambda n: (f"{n}@x.org",))
    script, other = Script(), post.another_store()

    async def go() -> list[int]:
        async with sending(post, script) as first:
            relay = smtp(script.port)
            second = post.sender(relay, other)
            tried = await asyncio.gather(first.deliver_due(), second.deliver_due())
            await relay.close()
            return list(tried)

    tried = run(go())
    assert min(tried) > 0
    assert sum(tried) == 120
    assert len({taken.rcpt_to for taken in script.taken}) == len(script.taken) == 120


def test_a_slow_letter_keeps_no_other_waiting(post: Post) -> None:
    slow = post.queue("slow@x.org")
    others = [post.queue("a@x.org", subject=str(n)) for n in range(20)]
    script = Script(data=lambda envelope: WAIT if "slow@x.org" in envelope.rcpt_tos else "250 ok")

    async def go() -> None:
        async with sending(post, script) as sender:
            stop = asyncio.Event()
            running = asyncio.create_task(sender.run(stop))
            await script.until_taken(21)
            await post.until_settled(20)
            assert post.state(slow) is QUEUED
            script.closing.set()
            stop.set()
            await running

    run(go())
    assert {post.state(row) for row in others} == {SENT}


def test_stopping_gives_letters_back_and_names_what_is_uncertain(post: Post) -> None:
    post.queue_many(30, lambda n: (f"{n}@x.org",))
    script = Script(data=lambda _: WAIT)

    async def go() -> None:
        async with sending(post, script) as sender:
            stop = asyncio.Event()
            running = asyncio.create_task(sender.run(stop))
            await script.until_taken(4)
            stop.set()
            await running

    run(go())
    states = [row.state for row in post.letters()]
    assert states.count(UNCERTAIN) == 4
    assert states.count(QUEUED) == 26
    script = Script()
    assert run(deliver(post, script)) == 26


def test_letters_queued_by_others_are_noticed(post: Post) -> None:
    script, other = Script(), post.another_store()

    async def go() -> None:
        async with sending(post, script, store=other) as sender:
            stop = asyncio.Event()
            running = asyncio.create_task(sender.run(stop))
            await asyncio.to_thread(post.queue, "a@x.org")
            await script.until_taken(1)
            await asyncio.to_thread(post.queue, "b@x.org")
            sender.wake()
            await script.until_taken(2)
            stop.set()
            await running

    run(go())
    assert {row.state for row in post.letters()} == {SENT}


def test_a_ticket_that_can_not_be_told_does_not_repeat_the_letter(post: Post) -> None:
    row = post.queue("a@x.org")
    script = Script()

    def broken(_tx: object, _row: OutboxRow, _at: object) -> None:
        raise ZeroDivisionError

    async def go() -> None:
        async with scripted_relay(script):
            relay = smtp(script.port)
            sender = Sender(post.store, relay, clock=post.clock, limits=post.limits, settled=broken)
            await sender.deliver_due()
            await relay.close()

    run(go())
    assert post.state(row) is SENT
    post.clock.move(days=1)
    run(deliver(post, script))
    assert len(script.taken) == 1


def test_leases_are_kept_while_the_process_lives_and_end_with_it(post: Post) -> None:
    row, other = post.queue("a@x.org"), post.another_store()

    async def go() -> None:
        ours = LetterLeases(post.store, post.clock, lambda _tx, _row, _at: None)
        theirs = LetterLeases(other, post.clock, lambda _tx, _row, _at: None)
        assert [letter.id for letter in await ours.take(5)] == [row]
        post.clock.now += LEASE * 0.9
        await ours.renew()
        post.clock.now += LEASE * 0.9
        assert await theirs.take(5) == []
        post.clock.now += LEASE
        assert [letter.id for letter in await theirs.take(5)] == [row]
        assert not await ours.mark_in_flight(row)
        assert await theirs.mark_in_flight(row)
        assert not await theirs.mark_in_flight(row)
        await theirs.release([row])
        assert await ours.take(5) == []
        assert await ours.lost(5) == []
        post.clock.now += LEASE * 1.1
        now = post.clock()
        assert post.store.write(lambda tx: tx.outbox.lease(now, now + LEASE, 5)) == []
        assert [letter.id for letter in await ours.lost(5)] == [row]

    run(go())


class AwayAtTimes:
    """A store that takes nothing while it is away."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.away = False

    def __getattr__(self, name: str) -> Any:
        if self.away:
            raise StoreUnavailable("away")
        return getattr(self._store, name)


def test_letters_the_store_did_not_take_back_are_free_once_it_answers(post: Post) -> None:
    row = post.queue("a@x.org")
    store = AwayAtTimes(post.store)
    leases = LetterLeases(store, post.clock, lambda _tx, _row, _at: None)

    async def go() -> None:
        assert [letter.id for letter in await leases.take(10)] == [row]
        store.away = True
        await leases.release([row])
        store.away = False
        assert [letter.id for letter in await leases.take(10)] == [row]

    run(go())


def test_letters_become_files_without_a_relay(post: Post, tmp_path: Path) -> None:
    row = post.queue("a@x.org")
    folder = tmp_path / "outbox"
    assert run(post.sender(EmlRelay(folder)).deliver_due()) == 1
    assert post.state(row) is SENT
    assert len(list(folder.iterdir())) == 1
