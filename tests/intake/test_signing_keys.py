"""A signing key is replaced without breaking a letter that is out, and without a restart."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest

from gateway.bootstrap import signing_keys
from gateway.worker import Worker
from intake.errors import NotFound, Refused
from intake.model import Disposition
from intake.receiving import Receiver
from intake.signing import Signer, new_key
from intake.signing_keys import HEARD, NOTE, KeyRing, SigningKey, read_keys, retire, rotate, states
from storage import open_store
from tests.support.desks import DESK_ADDRESS, MORNING, TestDesk, a_desk, mail

OLD = timedelta(days=30)


@pytest.fixture
def desk(store_url: str) -> Iterator[TestDesk]:
    with a_desk(store_url) as made:
        yield made


def rotated(desk: TestDesk) -> SigningKey:
    return desk.store.write(lambda tx: rotate(tx, desk.clock()))


def test_a_fresh_key_is_known_everywhere_before_it_signs(desk: TestDesk) -> None:
    """Two processes that look at the keys at other times never meet a token they do not know."""
    here, there = (KeyRing(desk.store, desk.clock, OLD) for _ in range(2))
    before = here[0]
    fresh = rotated(desk)
    here.look()
    there.look()
    assert (here[0], fresh.key in there) == (before, True)
    desk.clock.forward(seconds=HEARD.total_seconds())
    assert (here[0], there[0]) == (fresh.key, fresh.key)
    assert before in here


def test_letters_of_older_keys_join_until_they_are_too_old_or_retired(desk: TestDesk) -> None:
    first = desk.receive(mail())
    key = desk.ticket(first.ticket).key
    ring = KeyRing(desk.store, desk.clock, OLD)
    signer = Signer(ring)
    address = signer.reply_address(DESK_ADDRESS, key)
    for _ in range(3):
        rotated(desk)
        desk.clock.forward(minutes=2)
    ring.look()
    assert signer.ticket_of_address(address) == key
    assert signer.reply_address(DESK_ADDRESS, key) != address
    desk.clock.forward(days=31)
    assert signer.ticket_of_address(address) is None
    assert signer.ticket_of_address(signer.reply_address(DESK_ADDRESS, key)) == key


def test_a_retired_key_is_believed_no_more_and_the_signing_one_stays(desk: TestDesk) -> None:
    ring = KeyRing(desk.store, desk.clock, OLD)
    (first,) = read_keys(note(desk))
    with pytest.raises(Refused, match="signs now"):
        desk.store.write(lambda tx: retire(tx, first.name, desk.clock()))
    with pytest.raises(NotFound):
        desk.store.write(lambda tx: retire(tx, "00000000", desk.clock()))
    fresh = rotated(desk)
    desk.clock.forward(minutes=2)
    desk.store.write(lambda tx: retire(tx, first.name, desk.clock()))
    ring.look()
    assert list(ring) == [fresh.key]


def note(desk: TestDesk) -> str | None:
    with desk.store.read() as tx:
        return tx.notes.value(NOTE)


def test_what_two_processes_do_to_the_keys_at_once_is_all_done(store_url: str, desk: TestDesk) -> None:
    """Neither a fresh key is lost nor does a retired one come back."""
    doomed = [rotated(desk).name for _ in range(8)]
    made: list[str] = []
    gate = threading.Barrier(2)

    def replace() -> None:
        with closing(open_store(store_url)) as store:
            gate.wait(20)
            made.extend(store.write(lambda tx: rotate(tx, desk.clock())).name for _ in doomed)

    def forget() -> None:
        with closing(open_store(store_url)) as store:
            gate.wait(20)
            for name in doomed:
                store.write(lambda tx, gone=name: retire(tx, gone, desk.clock()))  # type: ignore[misc]

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(replace), pool.submit(forget)]:
            done.result(60)
    kept = {one.name for one in read_keys(note(desk))}
    assert (kept >= set(made), kept & set(doomed), len(kept)) == (True, set(), len(made) + 1)


def test_keys_of_the_first_days_are_read(desk: TestDesk) -> None:
    bare = [new_key(), new_key()]
    desk.store.write(lambda tx: tx.notes.set_value(NOTE, json.dumps(bare)))
    assert signing_keys(desk.store) == tuple(bare)
    fresh = rotated(desk)
    assert [one.key for one in read_keys(note(desk))] == [fresh.key, *bare]


def test_what_each_key_does_is_told(desk: TestDesk) -> None:
    keys = [
        SigningKey(new_key(), (MORNING + timedelta(minutes=1)).isoformat()),
        SigningKey(new_key(), (MORNING - timedelta(days=5)).isoformat()),
        SigningKey(new_key(), (MORNING - timedelta(days=50)).isoformat()),
        SigningKey(new_key()),
    ]
    found = [state for _, state in states(keys, MORNING, OLD)]
    assert found == ["coming", "signs", "verifies", "too old"]
    assert len({one.name for one in keys}) == 4
    assert not any(one.name in one.key for one in keys)


def test_a_process_that_stays_hears_of_a_fresh_key_by_itself(desk: TestDesk) -> None:
    heard = threading.Event()

    class Heard(KeyRing):
        def look(self) -> None:
            super().look()
            if len(self._keys) > 1:
                heard.set()

    following = Heard(desk.store, desk.clock, OLD)
    following.follow(0.01)
    rotated(desk)
    assert heard.wait(10)
    following.stop()


def test_a_new_ticket_carries_the_fresh_key_and_its_answer_comes_back(desk: TestDesk) -> None:
    rotated(desk)
    desk.clock.forward(minutes=2)
    signer = Signer(KeyRing(desk.store, desk.clock, OLD))
    first = desk.receive(mail())
    to = signer.reply_address(DESK_ADDRESS, desk.ticket(first.ticket).key)
    assert desk.signer.ticket_of_address(to) is None, "this one has not heard of it"
    receiver = Receiver(desk.store, desk.regulations, desk.receiver._writer, signer, desk.settings, desk.clock)
    row = desk.arrive(mail("Re", "Ответ.", message_id="<2@roscha.example>"), rcpt_to=to)
    Worker(desk.store, receiver, desk.worker._reader, desk.clock).process_due()
    with desk.store.read() as tx:
        after = tx.journal.get(row)
    assert (after.disposition, after.ticket, after.cause) == (Disposition.MESSAGE, first.ticket, "joined by address")
