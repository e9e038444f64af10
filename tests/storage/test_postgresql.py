"""What only a server can do to us: go away, drop connections, choose a victim among two transactions."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from intake.errors import ConfigError, Refused, StoreUnavailable
from intake.ports import Transaction
from storage import back_up, check, gateway_place, open_store
from storage.store import DatabaseStore
from tests.support import databases
from tests.support.arrivals import NOW, arrival
from tests.support.ports import free_port
from tests.support.postgres import CARELESS, Cluster, cluster
from tests.support.programs import ROOT

pytestmark = pytest.mark.postgres


@pytest.fixture
def url(postgres: Cluster) -> Iterator[str]:
    with databases.postgresql(postgres) as made:
        yield made


@pytest.fixture
def store(url: str) -> Iterator[DatabaseStore]:
    made = open_store(url)
    yield made
    made.close()


def drop_connections(server: Cluster, url: str) -> None:
    """As a restart, a firewall or an administrator does."""
    name = url.rpartition("/")[2]
    server.sql(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'")


def test_dropped_connections_are_replaced_unnoticed(store: DatabaseStore, postgres: Cluster, url: str) -> None:
    store.write(lambda tx: tx.journal.keep(arrival(1)))
    with store.read() as one, store.read() as other:
        assert len(one.journal.recent()) == len(other.journal.recent()) == 1
    store.change_mark()
    drop_connections(postgres, url)
    with store.read() as tx:
        assert len(tx.journal.recent()) == 1
    drop_connections(postgres, url)
    store.write(lambda tx: tx.journal.keep(arrival(2)))
    store.change_mark()
    with store.read() as tx:
        assert len(tx.journal.recent()) == 2


def test_a_connection_dropped_in_the_middle_fails_its_works_and_the_next_goes_on(
    store: DatabaseStore, postgres: Cluster, url: str
) -> None:
    def cut(tx: Transaction) -> None:
        tx.journal.keep(arrival(1))
        drop_connections(postgres, url)
        tx.journal.keep(arrival(2))

    with pytest.raises(StoreUnavailable):
        store.write(cut)
    assert store.write(lambda tx: tx.journal.keep(arrival(3))) is not None
    with store.read() as tx:
        assert [row.id for row in tx.journal.recent()] == [2], "the half that was written is gone"


def test_a_reader_cut_off_says_so_and_the_next_goes_on(store: DatabaseStore, postgres: Cluster, url: str) -> None:
    def look() -> None:
        with store.read() as tx:
            drop_connections(postgres, url)
            tx.journal.recent()

    with pytest.raises(StoreUnavailable):
        look()
    with store.read() as tx:
        assert tx.journal.recent() == []


def test_while_the_server_is_down_all_say_so_and_heal_after() -> None:
    with cluster(**CARELESS) as server, databases.postgresql(server) as url:
        store = open_store(url)
        store.write(lambda tx: tx.journal.keep(arrival(1)))
        store.change_mark()
        with store.read() as tx:
            tx.journal.recent()
        server.stop("fast")
        for _ in range(2):
            with pytest.raises(StoreUnavailable):
                store.write(lambda tx: tx.journal.keep(arrival(2)))
            with pytest.raises(StoreUnavailable), store.read():
                pass
            with pytest.raises(StoreUnavailable):
                store.change_mark()
        with pytest.raises(StoreUnavailable):
            open_store(url)
        server.start()
        assert store.write(lambda tx: tx.journal.keep(arrival(2))) is not None
        with store.read() as tx:
            assert len(tx.journal.recent()) == 2
        store.change_mark()
        store.close()


def test_of_two_that_wait_for_each_other_both_get_through(store: DatabaseStore, url: str) -> None:
    other = open_store(url)
    met = threading.Barrier(2)

    def cross(first: str, second: str) -> None:
        tries: list[int] = []

        def work(tx: Transaction) -> None:
            tx.notes.set_value(first, "1")
            if not tries:
                tries.append(1)
                met.wait(20)
            tx.notes.set_value(second, "1")

        (store if first == "a" else other).write(work)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(cross, "ab", "ba"))
    with store.read() as tx:
        assert (tx.notes.value("a"), tx.notes.value("b")) == ("1", "1")
    other.close()


def test_what_is_written_is_seen_by_the_mark_only_once_it_is_there(store: DatabaseStore, url: str) -> None:
    """Whoever loads after the mark changed must find the change: a mark that moves at the start of a transaction and
    not at its end would hide it."""
    other = open_store(url)
    go_on = threading.Event()

    def slow(tx: Transaction) -> None:
        tx.journal.keep(arrival(1))
        go_on.wait(20)

    done = other.submit(slow)
    with ThreadPoolExecutor(1) as pool:
        loaded = pool.submit(_seen, store)
        for _ in range(200):
            store.change_mark()
        go_on.set()
        done.result()
        assert loaded.result(20) == 1
    other.close()


def _seen(store: DatabaseStore) -> int:
    """What a screen shows that loads whenever the mark differs."""
    mark, rows = None, 0
    until = time.monotonic() + 20
    while rows == 0 and time.monotonic() < until:
        now = store.change_mark()
        if now != mark:
            mark = now
            with store.read() as tx:
                rows = len(tx.journal.recent())
    return rows


def test_a_text_nothing_keeps_is_looked_up_without_an_error(store: DatabaseStore) -> None:
    for text in ("a\0b", "\udc80", "VD-\ud800"):
        with store.read() as tx:
            assert tx.tickets.by_key(text) is None
            assert tx.notes.value(text) is None


def test_without_the_driver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigError, match=r"otklik\[postgres\]"):
        open_store("postgresql://otklik@127.0.0.1/otklik")


def test_a_process_that_was_on_sqlite_first_opens_a_server_too(url: str, tmp_path: Path) -> None:
    """SQLite alone loads no driver, and peewee looks for one only once."""
    program = (
        "import sys\nfrom storage import open_store\nopen_store(sys.argv[1]).close()\n"
        "assert 'psycopg' not in sys.modules\nstore = open_store(sys.argv[2])\n"
        "with store.read() as tx:\n    print(tx.rows.count('SELECT count(*) FROM tickets'))\nstore.close()"
    )
    line = [sys.executable, "-c", program, databases.sqlite(tmp_path / "desk.db"), url]
    assert subprocess.check_output(line, cwd=ROOT, text=True) == "0\n"


def test_a_server_that_is_not_there_is_said_without_the_password() -> None:
    with pytest.raises(StoreUnavailable) as caught:
        open_store(f"postgresql://otklik:s3cret@127.0.0.1:{free_port()}/otklik")
    assert "s3cret" not in str(caught.value)
    assert "refused" in str(caught.value)


def test_a_url_nobody_can_read_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError) as caught:
        open_store("postgresql://otklik:s3cret@127.0.0.1/otklik?no_such_parameter=1")
    assert "s3cret" not in str(caught.value)


def test_parameters_of_the_url_reach_the_server(url: str) -> None:
    store = open_store(f"{url}?application_name=desk-1")
    with store.read() as tx:
        assert tx.rows.one("SELECT current_setting('application_name')") == ("desk-1",)
    store.close()


def test_commits_wait_for_the_disk_whatever_the_server_is_set_to(url: str, postgres: Cluster) -> None:
    name = url.rpartition("/")[2]
    postgres.sql(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    store = open_store(url)
    assert store.write(lambda tx: tx.notes.value("x")) is None
    assert store.write(lambda tx: tx.rows.one("SHOW synchronous_commit")) == ("on",)  # type: ignore[attr-defined]
    store.close()


def test_only_the_first_gateway_is_alone(url: str) -> None:
    with gateway_place(url) as first, gateway_place(url) as second:
        assert (first, second) == (True, False)
    with gateway_place(url) as again:
        assert again


def test_a_backup_names_pg_dump(url: str) -> None:
    with pytest.raises(Refused, match="pg_dump"):
        back_up(url, "copy.db")


def test_a_sound_database_has_nothing_to_say(url: str) -> None:
    assert check(url) == []


def test_a_table_that_can_not_be_read_is_found(url: str, postgres: Cluster) -> None:
    store = open_store(url)
    store.write(lambda tx: [tx.journal.keep(arrival(n, NOW)) for n in range(3)])
    store.close()
    postgres.sql(
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'journal_door_key'::regclass", url.rpartition("/")[2]
    )
    assert any("journal_door_key" in line for line in check(url))
