"""Reading mail where it can be stopped: worker processes with limits on memory, processor and wall time.

A mail that costs more than it may takes down only its worker. The worker is replaced, the mail is read again by a
cheaper function, and the mails that were beside it are read again one by one.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from typing import Any, Generic, TypeVar

from gateway.reading_process import Process, Stopped
from gateway.reading_worker import Limits, called

J = TypeVar("J")
T = TypeVar("T")
_LARGEST_CHUNK = 16
_CHUNK_OCTETS = 1_000_000

__all__ = ["Limits", "ReadingPool", "ReadingStopped"]


class ReadingStopped(Exception):
    """Neither the reading nor the cheaper one stayed within its limits."""


class ReadingPool(Generic[J, T]):
    """``function`` called for each job in one of ``processes`` worker processes, in the order of submission.

    ``function`` and ``fallback`` are importable by name, or partials of such; jobs (``bytes``, or whatever plain data
    they take) and answers are pickled. ``fallback`` answers for a job whose reading was stopped. An exception of
    ``function`` is raised by the future. ``processes=0`` calls in the submitting thread, unlimited. Thread-safe.
    """

    def __init__(
        self,
        function: Callable[[J], T],
        fallback: Callable[[J], T],
        *,
        processes: int = 2,
        limits: Limits | None = None,
    ) -> None:
        self._function = function
        self._fallback = fallback
        self._limits = limits or Limits()
        self._queue: deque[tuple[J, Future[T]]] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._processes: list[Process] = []
        self._threads = [
            threading.Thread(target=self._serve, name=f"reading-{number}", daemon=True) for number in range(processes)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, job: J) -> Future[T]:
        """The answer to come. RuntimeError once the pool is closed."""
        future: Future[T] = Future()
        if not self._threads:
            _settle(future, called(self._function, job))
            return future
        with self._changed:
            if self._closing:
                raise RuntimeError("the pool is closed")
            self._queue.append((job, future))
            self._changed.notify()
        return future

    def read(self, job: J) -> T:
        """The answer, waited for."""
        return self.submit(job).result()

    def close(self, wait_seconds: float = 5.0) -> None:
        """Cancels what has not begun, gives what runs some time, ends the workers. May be called again."""
        with self._changed:
            self._closing = True
            while self._queue:
                self._queue.popleft()[1].cancel()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(wait_seconds / len(self._threads))
        for process in list(self._processes):
            process.kill()
        for thread in self._threads:
            thread.join(1.0)

    def __enter__(self) -> ReadingPool[J, T]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _serve(self) -> None:
        """The life of one thread: it owns one worker process and hands it chunks."""
        process = Process(self._function, self._fallback, self._limits)
        self._processes.append(process)
        try:
            while chunk := self._next_chunk():
                self._answer(process, chunk)
        finally:
            process.end()

    def _next_chunk(self) -> list[tuple[J, Future[T]]]:
        """What one round trip carries; empty at the end."""
        with self._changed:
            while not self._closing:
                if chunk := self._taken():
                    return chunk
                self._changed.wait()
        return []

    def _taken(self) -> list[tuple[J, Future[T]]]:
        """A fair share of the queue, bounded in number and size; cancelled jobs fall out."""
        chunk: list[tuple[J, Future[T]]] = []
        share = min(_LARGEST_CHUNK, len(self._queue) // len(self._threads) or 1)
        octets = 0
        while self._queue and len(chunk) < share and octets < _CHUNK_OCTETS:
            job, future = self._queue.popleft()
            if future.set_running_or_notify_cancel():
                octets += _size(job)
                chunk.append((job, future))
        return chunk

    def _answer(self, process: Process, chunk: list[tuple[J, Future[T]]]) -> None:
        try:
            answers = process.ask([job for job, _ in chunk])
        except Stopped:
            self._answer_suspects(process, chunk)
            return
        for (_, future), answer in zip(chunk, answers, strict=True):
            _settle(future, answer)

    def _answer_suspects(self, process: Process, chunk: list[tuple[J, Future[T]]]) -> None:
        """One of ``chunk`` stopped the worker: each is read alone, and the one that does it again more cheaply."""
        for job, future in chunk:
            try:
                answer = process.ask([job])[0] if len(chunk) > 1 else process.ask([job], cheaply=True)[0]
            except Stopped:
                answer = self._answer_cheaply(process, job) if len(chunk) > 1 else (False, ReadingStopped())
            _settle(future, answer)

    def _answer_cheaply(self, process: Process, job: J) -> tuple[bool, Any]:
        try:
            return process.ask([job], cheaply=True)[0]
        except Stopped:
            return False, ReadingStopped()


def _size(job: object) -> int:
    parts = job if isinstance(job, tuple) else (job,)
    return sum(len(part) for part in parts if isinstance(part, bytes))


def _settle(future: Future[T], answer: tuple[bool, Any]) -> None:
    done, value = answer
    try:
        if done:
            future.set_result(value)
        else:
            future.set_exception(value)
    except InvalidStateError:
        return
