"""Migrations can be killed anywhere and go on; a copy made under load is whole."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage import back_up, check, open_store
from storage.store import DatabaseStore
from tests.support import databases
from tests.support.arrivals import arrival
from tests.support.postgres import Cluster, programs
from tests.support.programs import ROOT, run

SHAPE = {
    "sqlite": "SELECT name, sql FROM sqlite_master",
    "postgresql": (
        "SELECT table_name, column_name, data_type, is_nullable, COALESCE(column_default, '')"
        " FROM information_schema.columns WHERE table_schema = 'public'"
        " UNION ALL SELECT tablename, indexname, indexdef, '', '' FROM pg_indexes WHERE schemaname = 'public'"
        " UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '' FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace"
    ),
}


def shape(url: str) -> list[tuple[object, ...]]:
    """Tables, columns, indexes and references."""
    store = open_store(url, migrate=False)
    with store.read() as tx:
        found = tx.rows.all(SHAPE[url.partition(":")[0]])
    store.close()
    return sorted(found, key=str)


@pytest.fixture
def migrated_url(empty_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """What the empty database should become."""
    if empty_url.startswith("sqlite"):
        yield databases.sqlite(tmp_path / "migrated.db")
        return
    with databases.postgresql(request.getfixturevalue("postgres")) as url:
        yield url


def test_migrations_killed_after_any_statement_go_on(empty_url: str, migrated_url: str) -> None:
    line = [sys.executable, "-m", "tests.support.killed_migrations", empty_url]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=250, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 20, "each migration was killed at each of its statements"
    assert check(empty_url) == []
    assert shape(empty_url) == shape(migrated_url)


@contextmanager
def writing(store: DatabaseStore) -> Iterator[None]:
    """Mail keeps coming in."""
    over = threading.Event()

    def write() -> None:
        number = 0
        while not over.is_set():
            store.write(lambda tx: [tx.journal.keep(arrival(number * 10 + n)) for n in range(10)])  # noqa: B023
            number += 1

    thread = threading.Thread(target=write)
    store.write(lambda tx: [tx.journal.keep(arrival(-n)) for n in range(1, 500)])
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(30)


def assert_is_a_moment_of(copy_url: str, store: DatabaseStore) -> None:
    """The copy holds whole transactions, word for word, and nothing is wrong with it."""
    assert check(copy_url) == []
    copy = open_store(copy_url)
    with copy.read() as then, store.read() as now:
        rows = then.rows.all("SELECT * FROM journal ORDER BY id")
        assert len(rows) >= 499
        assert (len(rows) - 499) % 10 == 0
        assert rows == now.rows.all("SELECT * FROM journal ORDER BY id LIMIT ?", (len(rows),))
    copy.close()


def test_a_copy_of_a_file_made_under_load_is_whole(tmp_path: Path) -> None:
    url = databases.sqlite(tmp_path / "desk.db")
    store = open_store(url)
    with writing(store):
        for n in range(3):
            back_up(url, str(tmp_path / f"copy{n}.db"))
    for n in range(3):
        assert_is_a_moment_of(f"sqlite:///{tmp_path}/copy{n}.db", store)
    store.close()


@pytest.mark.postgres
def test_a_dump_of_a_server_made_under_load_restores_whole(tmp_path: Path, postgres: Cluster) -> None:
    with databases.postgresql(postgres) as url:
        store = open_store(url)
        dump = str(tmp_path / "desk.dump")
        with writing(store):
            done = run([str(programs() / "pg_dump"), "--format=custom", f"--file={dump}", url])
            assert done.returncode == 0, done.stderr
        name = postgres.create()
        done = run(
            [str(programs() / "pg_restore"), "--no-owner", "--exit-on-error", f"--dbname={postgres.url(name)}", dump]
        )
        assert done.returncode == 0, done.stderr
        assert_is_a_moment_of(postgres.url(name), store)
        postgres.drop(name)
        store.close()
