"""The worker's side: answers chunks of jobs until its line closes; the kernel ends it when one overruns its limits."""

from __future__ import annotations

import pickle
import signal
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any


@dataclass(frozen=True, slots=True)
class Limits:
    """What one mail may cost: seconds by the clock, seconds of processor; and megabytes the whole worker may map."""

    wall_seconds: float = 20.0
    cpu_seconds: float = 5.0
    memory_megabytes: int = 1024


def serve(descriptor: int) -> None:
    """Answer over the connection at ``descriptor``: first the functions, then (cheaply, jobs) again and again."""
    line = Connection(descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    function, fallback, limits = pickle.loads(line.recv_bytes())
    _limit_memory(limits)
    line.send_bytes(b"ready")
    while True:
        try:
            cheaply, jobs = pickle.loads(line.recv_bytes())
            answers = [_within_limits(fallback if cheaply else function, job, limits) for job in jobs]
            line.send_bytes(_pickled(answers))
        except (EOFError, OSError):
            return


def called(function: Callable[[Any], Any], job: Any) -> tuple[bool, Any]:
    """(True, the answer) or (False, the exception)."""
    try:
        return True, function(job)
    except Exception as error:
        return False, error


def _within_limits(function: Callable[[Any], Any], job: Any, limits: Limits) -> tuple[bool, Any]:
    """Both timers are left at their default action, which ends the process: C code can't put that off."""
    signal.setitimer(signal.ITIMER_REAL, limits.wall_seconds)
    signal.setitimer(signal.ITIMER_PROF, limits.cpu_seconds)
    answer = called(function, job)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.setitimer(signal.ITIMER_PROF, 0)
    if isinstance(answer[1], MemoryError):
        raise SystemExit(1)
    return answer


def _limit_memory(limits: Limits) -> None:
    try:
        import resource
    except ImportError:
        return
    octets = limits.memory_megabytes * 1024 * 1024
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (octets if hard == resource.RLIM_INFINITY else min(octets, hard), hard))


def _pickled(answers: list[tuple[bool, Any]]) -> bytes:
    try:
        return pickle.dumps(answers, protocol=5)
    except (pickle.PicklingError, TypeError, AttributeError):
        return pickle.dumps([(True, value) if done else (False, RuntimeError(repr(value))) for done, value in answers])
