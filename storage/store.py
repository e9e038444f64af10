"""The store: one writer, a pool of readers."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from storage import troubles
from storage.rows import Rows
from storage.transaction import StoredTransaction
from storage.writer import Writer

if TYPE_CHECKING:
    from peewee import Database

    from intake.ports import Transaction

T = TypeVar("T")
READERS_KEPT = 4


class DatabaseStore:
    """See `intake.ports.Store`."""

    def __init__(self, open_database: Callable[[bool], Database]) -> None:
        self._open = open_database
        self._writer = Writer(open_database)
        self._readers: queue.LifoQueue[Database] = queue.LifoQueue(READERS_KEPT)
        self._watch: Database | None = None
        self._watch_lock = threading.Lock()

    def submit(self, work: Callable[[Transaction], T]) -> Future[T]:
        """See `Store.submit`."""
        return self._writer.submit(work)

    def write(self, work: Callable[[Transaction], T]) -> T:
        """See `Store.write`."""
        return self.submit(work).result()

    @contextmanager
    def read(self) -> Iterator[StoredTransaction]:
        """See `Store.read`."""
        with troubles.named():
            rows = self._snapshot()
            try:
                yield StoredTransaction(rows)
            except troubles.database_errors():
                _drop(rows.database)
                raise
            except BaseException:
                self._give_back(rows)
                raise
            self._give_back(rows)

    def _snapshot(self) -> Rows:
        """In a transaction, on a connection from the pool that still lives or on a new one."""
        while True:
            try:
                database, kept = self._readers.get_nowait(), True
            except queue.Empty:
                database, kept = self._open(True), False
            rows = Rows(database)
            try:
                rows.run("BEGIN ISOLATION LEVEL REPEATABLE READ" if rows.postgresql else "BEGIN")
            except BaseException:
                _drop(database)
                if not kept:
                    raise
            else:
                return rows

    def _give_back(self, rows: Rows) -> None:
        try:
            rows.run("ROLLBACK")
            self._readers.put_nowait(rows.database)
        except Exception:
            _drop(rows.database)

    def change_mark(self) -> int:
        """See `Store.change_mark`."""
        with self._watch_lock, troubles.named():
            if self._watch is not None:
                try:
                    return _mark(Rows(self._watch))
                except Exception:
                    _drop(self._watch)
                    self._watch = None
            self._watch = self._open(True)
            return _mark(Rows(self._watch))

    @property
    def commits(self) -> int:
        """How many commits the writer has made."""
        return self._writer.commits

    def close(self) -> None:
        """See `Store.close`."""
        self._writer.close()
        while not self._readers.empty():
            self._readers.get_nowait().close()
        with self._watch_lock:
            if self._watch is not None:
                self._watch.close()
                self._watch = None


def _mark(rows: Rows) -> int:
    """A snapshot of PostgreSQL tells which transactions are under way, so it differs after each that wrote."""
    if rows.postgresql:
        return rows.count("SELECT hashtextextended(pg_current_snapshot()::text, 0)")
    return rows.count("PRAGMA data_version")


def _drop(database: Database) -> None:
    with contextlib.suppress(Exception):
        database.close()
