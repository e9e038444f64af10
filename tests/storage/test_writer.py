"""One writer: shared commits, and nobody suffers for another's bad work."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import wait

import pytest

from intake.errors import ConfigError
from intake.model import Arrival
from intake.ports import Transaction
from storage import open_store
from storage.store import DatabaseStore
from tests.support.arrivals import NOW, arrival


@pytest.fixture
def store(store_url: str) -> Iterator[DatabaseStore]:
    made = open_store(store_url)
    yield made
    made.close()


def test_what_waits_together_shares_commits(store: DatabaseStore) -> None:
    gate = threading.Event()
    first = store.submit(lambda tx: gate.wait(10))
    rest = [store.submit(lambda tx, n=n: tx.journal.keep(arrival(n))) for n in range(200)]  # type: ignore[misc]
    gate.set()
    wait([first, *rest])
    assert [f.result() for f in rest] == list(range(1, 201))
    assert store.commits <= 8


def test_a_bad_work_takes_nobody_with_it(store: DatabaseStore) -> None:
    def bad(tx: Transaction) -> None:
        tx.journal.keep(arrival(999))
        raise ValueError("no")

    gate = threading.Event()
    store.submit(lambda tx: gate.wait(10))
    good = store.submit(lambda tx: tx.journal.keep(arrival(1)))
    failed = store.submit(bad)
    later = store.submit(lambda tx: tx.journal.keep(arrival(2)))
    gate.set()
    with pytest.raises(ValueError, match="no"):
        failed.result()
    assert good.result() is not None
    assert later.result() is not None
    with store.read() as tx:
        assert tx.journal.known("key-999") is None


def test_a_work_nobody_waits_for_any_more_is_left_out(store: DatabaseStore) -> None:
    gate = threading.Event()
    store.submit(lambda tx: gate.wait(10))
    dropped = store.submit(lambda tx: tx.journal.keep(arrival(1)))
    assert dropped.cancel()
    gate.set()
    assert store.write(lambda tx: tx.journal.keep(arrival(1))) == 1


def test_a_known_door_key_is_told_apart_without_an_error(store: DatabaseStore) -> None:
    assert store.write(lambda tx: tx.journal.keep(arrival(1))) == 1
    assert store.write(lambda tx: tx.journal.keep(arrival(1))) is None


def test_a_reader_sees_its_snapshot(store: DatabaseStore) -> None:
    with store.read() as tx:
        assert tx.journal.recent() == []
        store.write(lambda tx: tx.journal.keep(arrival(1)))
        assert tx.journal.recent() == []
    with store.read() as tx:
        assert len(tx.journal.recent()) == 1


def test_a_reader_cannot_write(store: DatabaseStore) -> None:
    with pytest.raises(Exception, match=r"read-?only"), store.read() as tx:
        tx.journal.keep(arrival(1))


def test_another_process_change_is_seen_by_the_mark(store: DatabaseStore, store_url: str) -> None:
    before = store.change_mark()
    assert store.change_mark() == before
    other = open_store(store_url)
    other.write(lambda tx: tx.notes.set_value("a", "b"))
    other.close()
    assert store.change_mark() != before


def test_nul_and_surrogates_are_left_out_and_nothing_else(store: DatabaseStore) -> None:
    text = "a\0b\ud800c\u202ed\x1b[2J\u200d"
    store.write(lambda tx: tx.people.keep_draft("anna", 1, "reply", text, NOW))
    with store.read() as tx:
        assert tx.people.draft("anna", 1, "reply") == "abc\u202ed\x1b[2J\u200d"


def test_a_database_of_a_newer_program_is_refused(store: DatabaseStore, store_url: str) -> None:
    store.write(
        lambda tx: tx.rows.run("INSERT INTO schema_migration (name, applied) VALUES ('9999_later', '2030-01-01')")  # type: ignore[attr-defined]
    )
    with pytest.raises(ConfigError, match="newer"):
        open_store(store_url)


def test_several_processes_migrate_a_new_database_once(empty_url: str) -> None:
    url = empty_url
    stores: list[DatabaseStore] = []
    threads = [threading.Thread(target=lambda: stores.append(open_store(url))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stores) == 4
    for store in stores:
        store.close()


def test_times_keep_their_microseconds(store: DatabaseStore) -> None:
    at = NOW.replace(microsecond=123457)
    store.write(lambda tx: tx.journal.keep(Arrival(b"", "smtp", at, "k")))
    with store.read() as tx:
        assert tx.journal.get(1).received_at == at
