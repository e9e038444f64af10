"""The store: one writer, a pool of readers."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from storage.rows import Rows
from storage.transaction import StoredTransaction
from storage.writer import Writer

if TYPE_CHECKING:
    from peewee import Database

    from intake.ports import Transaction

T = TypeVar("T")
READERS_KEPT = 4


def _database_error() -> type[Exception]:
    from peewee import DatabaseError

    return DatabaseError


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
        database = self._reader()
        rows = Rows(database)
        try:
            rows.run("BEGIN ISOLATION LEVEL REPEATABLE READ" if rows.postgresql else "BEGIN")
            try:
                yield StoredTransaction(rows)
            finally:
                rows.run("ROLLBACK")
        except _database_error():
            database.close()
            raise
        except BaseException:
            self._put_back(database)
            raise
        self._put_back(database)

    def _put_back(self, database: Database) -> None:
        try:
            self._readers.put_nowait(database)
        except queue.Full:
            database.close()

    def _reader(self) -> Database:
        try:
            return self._readers.get_nowait()
        except queue.Empty:
            return self._open(True)

    def change_mark(self) -> int:
        """See `Store.change_mark`."""
        with self._watch_lock:
            if self._watch is None:
                self._watch = self._open(True)
            rows = Rows(self._watch)
            if rows.postgresql:
                return rows.count("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
            return rows.count("PRAGMA data_version")

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
