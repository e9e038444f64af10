"""The parent's side of one worker process: started when first asked, killed when it overruns, started again."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, Pipe
from typing import Any

from gateway.reading_worker import Limits

_START = "import sys; sys.path[:] = {path!r}; from gateway.reading_worker import serve; serve({descriptor})"
_GRACE_SECONDS = 2.0
_START_SECONDS = 30.0


class Stopped(Exception):
    """The worker ended before it answered."""


class Process:
    """One worker process at a time, always with the same functions. Used by one thread; ``kill`` by any."""

    def __init__(self, function: Callable[..., Any], fallback: Callable[..., Any], limits: Limits) -> None:
        self._functions = pickle.dumps((function, fallback, limits))
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None
        self._retired = False

    def ask(self, jobs: Sequence[Any], *, cheaply: bool = False) -> list[tuple[bool, Any]]:
        """For each job (True, answer) or (False, exception). Raises Stopped when the worker did not survive them."""
        try:
            line = self._line or self._start()
            line.send_bytes(pickle.dumps((cheaply, list(jobs)), protocol=5))
            answers: list[tuple[bool, Any]] = pickle.loads(
                _received(line, self._limits.wall_seconds * len(jobs) + _GRACE_SECONDS)
            )
        except (EOFError, OSError):
            self.end()
            raise Stopped from None
        return answers

    def kill(self) -> None:
        """Ends the worker at once and for good; whoever waits for it gets Stopped."""
        self._retired = True
        child = self._child
        if child is not None:
            child.kill()

    def end(self) -> None:
        """Ends the worker and takes its remains away."""
        line, child, self._line, self._child = self._line, self._child, None, None
        if line is not None:
            line.close()
        if child is not None:
            child.kill()
            child.wait()

    def _start(self) -> Connection:
        if self._retired:
            raise EOFError
        ours, theirs = Pipe()
        try:
            command = _START.format(path=sys.path, descriptor=theirs.fileno())
            self._child = subprocess.Popen(
                [sys.executable, "-c", command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        finally:
            theirs.close()
        self._line = ours
        ours.send_bytes(self._functions)
        _received(ours, _START_SECONDS)
        return ours


def _received(line: Connection, seconds: float) -> bytes:
    """The next message; EOFError when none comes in time."""
    if not line.poll(seconds):
        raise EOFError
    return line.recv_bytes()
