"""The one thread that writes: what waits together shares one commit, and a bad piece of work takes nobody with it."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from intake.errors import OtklikError, StoreUnavailable
from storage.rows import Rows
from storage.transaction import StoredTransaction

if TYPE_CHECKING:
    from peewee import Database

BATCH = 64


@dataclass(slots=True)
class _Job:
    work: Callable[[StoredTransaction], Any]
    future: Future[Any]
    result: Any = None
    error: BaseException | None = None


class Writer:
    """Runs submitted works on a thread of its own, in batches of one transaction each, with a savepoint per work."""

    def __init__(self, open_database: Callable[[bool], Database], batch: int = BATCH) -> None:
        self._open = open_database
        self._batch = batch
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._closed = False
        self._database: Database | None = None
        self.commits = 0

    def submit(self, work: Callable[[StoredTransaction], Any]) -> Future[Any]:
        """See `intake.ports.Store.submit`."""
        future: Future[Any] = Future()
        with self._lock:
            if self._closed:
                raise StoreUnavailable("the store is closed")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="otklik-writer", daemon=True)
                self._thread.start()
            self._jobs.put(_Job(work, future))
        return future

    def close(self) -> None:
        """Commit what was submitted, then stop."""
        with self._lock:
            self._closed = True
            thread = self._thread
        if thread is not None:
            self._jobs.put(None)
            thread.join()

    def _run(self) -> None:
        more = True
        while more:
            jobs, more = self._gather()
            if jobs:
                self._commit(jobs)
        self._disconnect()

    def _gather(self) -> tuple[list[_Job], bool]:
        jobs: list[_Job] = []
        while len(jobs) < self._batch:
            try:
                job = self._jobs.get(block=not jobs)
            except queue.Empty:
                break
            if job is None:
                return jobs, False
            jobs.append(job)
        return jobs, True

    def _commit(self, waiting: list[_Job]) -> None:
        jobs = [job for job in waiting if job.future.set_running_or_notify_cancel()]
        try:
            rows = Rows(self._connected())
            rows.run("BEGIN" if rows.postgresql else "BEGIN IMMEDIATE")
            transaction = StoredTransaction(rows)
            for job in jobs:
                self._work(job, transaction, rows)
            rows.run("COMMIT")
            self.commits += 1
        except BaseException as error:
            self._disconnect()
            for job in jobs:
                job.future.set_exception(_unavailable(error))
            return
        for job in jobs:
            if job.error is None:
                job.future.set_result(job.result)
            else:
                job.future.set_exception(job.error)

    def _work(self, job: _Job, transaction: StoredTransaction, rows: Rows) -> None:
        rows.run("SAVEPOINT work")
        try:
            job.result, job.error = job.work(transaction), None
        except Exception as error:
            rows.run("ROLLBACK TO SAVEPOINT work")
            job.error = _unavailable(error) if _is_own_trouble(error) else error
        rows.run("RELEASE SAVEPOINT work")

    def _connected(self) -> Database:
        if self._database is None:
            self._database = self._open(False)
        return self._database

    def _disconnect(self) -> None:
        """After a failed commit the connection is not used again: its state is not known."""
        database, self._database = self._database, None
        if database is None:
            return
        with contextlib.suppress(Exception):
            database.close()


def _is_own_trouble(error: BaseException) -> bool:
    from peewee import InternalError, OperationalError

    return isinstance(error, OperationalError | InternalError | OSError)


def _unavailable(error: BaseException) -> BaseException:
    if isinstance(error, OtklikError) or not isinstance(error, Exception):
        return error
    wrapped = StoreUnavailable(f"the database did not take it: {type(error).__name__}")
    wrapped.__cause__ = error
    return wrapped
