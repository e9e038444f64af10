"""The one thread that writes: what waits together shares one commit, and a bad piece of work takes nobody with it."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from intake.errors import StoreUnavailable
from storage.rows import Rows
from storage.transaction import StoredTransaction
from storage.troubles import is_lost_race, is_own_trouble, unavailable

if TYPE_CHECKING:
    from peewee import Database

BATCH = 64
TRIES = 5
"""How often a work is run that loses against another process's transaction."""


@dataclass(slots=True)
class _Job:
    work: Callable[[StoredTransaction], Any]
    future: Future[Any]
    result: Any = None
    error: BaseException | None = None
    tries: int = 0


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
        self._again: list[_Job] = []
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
        while self._again:
            jobs, self._again = self._again, []
            self._commit(jobs)
        self._disconnect()

    def _gather(self) -> tuple[list[_Job], bool]:
        jobs, self._again = self._again, []
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
        jobs = [job for job in waiting if job.tries or job.future.set_running_or_notify_cancel()]
        try:
            rows = self._begun()
            transaction = StoredTransaction(rows)
            for job in jobs:
                self._work(job, transaction, rows)
            rows.run("COMMIT")
            self.commits += 1
        except BaseException as error:
            self._disconnect()
            for job in jobs:
                job.future.set_exception(unavailable(error))
            return
        for job in jobs:
            self._answer(job)

    def _work(self, job: _Job, transaction: StoredTransaction, rows: Rows) -> None:
        rows.run("SAVEPOINT work")
        job.tries += 1
        try:
            job.result, job.error = job.work(transaction), None
        except Exception as error:
            rows.run("ROLLBACK TO SAVEPOINT work")
            job.error = error
        rows.run("RELEASE SAVEPOINT work")

    def _answer(self, job: _Job) -> None:
        if job.error is None:
            job.future.set_result(job.result)
        elif is_lost_race(job.error) and job.tries < TRIES:
            self._again.append(job)
        else:
            job.future.set_exception(unavailable(job.error) if is_own_trouble(job.error) else job.error)

    def _begun(self) -> Rows:
        """In a transaction; where the server has dropped the connection since it was used last, on a new one."""
        kept = self._database is not None
        rows = Rows(self._connected(), locking=True)
        try:
            rows.run("BEGIN" if rows.postgresql else "BEGIN IMMEDIATE")
        except Exception:
            if not (kept and rows.postgresql):
                raise
            self._disconnect()
            rows = Rows(self._connected(), locking=True)
            rows.run("BEGIN")
        return rows

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
