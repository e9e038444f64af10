"""One writer: shared commits, and nobody suffers for another's bad work."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import wait
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.errors import ConfigError, StoreUnavailable
from intake.model import Arrival
from intake.ports import Transaction
from storage import back_up, check, open_store
from storage.store import DatabaseStore

NOW = datetime(2026, 5, 12, 8, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DatabaseStore]:
    made = open_store(f"sqlite:///{tmp_path}/desk.db")
    yield made
    made.close()


def arrival(n: int) -> Arrival:
    return Arrival(b"x" * 100, "smtp", NOW, f"key-{n}")


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


def test_a_commit_that_failed_fails_all_its_works_and_the_next_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    store = open_store(f"sqlite:///{path}")
    store.write(lambda tx: tx.journal.keep(arrival(1)))
    os.chmod(path, 0o600)
    size = path.stat().st_size // 4096
    store.write(lambda tx: tx.rows.run(f"PRAGMA max_page_count = {size + 200}"))  # type: ignore[attr-defined]
    big = Arrival(b"y" * 4_000_000, "smtp", NOW, "big")
    with pytest.raises(StoreUnavailable):
        store.write(lambda tx: tx.journal.keep(big))
    assert store.write(lambda tx: tx.journal.keep(arrival(2))) is not None
    store.close()
    assert check(f"sqlite:///{path}") == []


def test_a_reader_sees_its_snapshot(store: DatabaseStore) -> None:
    with store.read() as tx:
        assert tx.journal.recent() == []
        store.write(lambda tx: tx.journal.keep(arrival(1)))
        assert tx.journal.recent() == []
    with store.read() as tx:
        assert len(tx.journal.recent()) == 1


def test_a_reader_cannot_write(store: DatabaseStore) -> None:
    with pytest.raises(Exception, match="readonly"), store.read() as tx:
        tx.journal.keep(arrival(1))


def test_another_process_change_is_seen_by_the_mark(store: DatabaseStore, tmp_path: Path) -> None:
    before = store.change_mark()
    assert store.change_mark() == before
    other = open_store(f"sqlite:///{tmp_path}/desk.db")
    other.write(lambda tx: tx.notes.set_value("a", "b"))
    other.close()
    assert store.change_mark() != before


def test_nul_and_surrogates_are_left_out_and_nothing_else(store: DatabaseStore) -> None:
    text = "a\0b\ud800c\u202ed\x1b[2J\u200d"
    store.write(lambda tx: tx.people.keep_draft("anna", 1, "reply", text, NOW))
    with store.read() as tx:
        assert tx.people.draft("anna", 1, "reply") == "abc\u202ed\x1b[2J\u200d"


def test_files_are_private(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        store = open_store(f"sqlite:///{tmp_path}/new/desk.db")
        store.write(lambda tx: tx.notes.set_value("a", "b"))
    finally:
        os.umask(old)
    for path in (tmp_path / "new").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    store.close()


def test_a_database_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    path.touch()
    path.chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        open_store(f"sqlite:///{path}")


def test_a_database_of_a_newer_program_is_refused(store: DatabaseStore, tmp_path: Path) -> None:
    store.write(
        lambda tx: tx.rows.run("INSERT INTO schema_migration (name, applied) VALUES ('9999_later', '2030-01-01')")  # type: ignore[attr-defined]
    )
    with pytest.raises(ConfigError, match="newer"):
        open_store(f"sqlite:///{tmp_path}/desk.db")


def test_two_processes_migrate_a_new_database_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/desk.db"
    stores: list[DatabaseStore] = []
    threads = [threading.Thread(target=lambda: stores.append(open_store(url))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stores) == 4
    for store in stores:
        store.close()


def test_a_backup_made_while_writing_is_whole(store: DatabaseStore, tmp_path: Path) -> None:
    for n in range(50):
        store.submit(lambda tx, n=n: tx.journal.keep(arrival(n)))  # type: ignore[misc]
    back_up(f"sqlite:///{tmp_path}/desk.db", str(tmp_path / "copy.db"))
    store.write(lambda tx: tx.journal.keep(arrival(99)))
    copy = sqlite3.connect(tmp_path / "copy.db")
    assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    copy.close()


def test_times_keep_their_microseconds(store: DatabaseStore) -> None:
    at = NOW.replace(microsecond=123457)
    store.write(lambda tx: tx.journal.keep(Arrival(b"", "smtp", at, "k")))
    with store.read() as tx:
        assert tx.journal.get(1).received_at == at
