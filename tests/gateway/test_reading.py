"""The pool of reading workers, with workers that really run, burn, die and are replaced."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from functools import partial

import pytest

from gateway.reading import Limits, ReadingPool, ReadingStopped
from intake.mail.message import Message
from intake.mail.reading import UNREADABLE, read_header_only, read_message

LIMITS = Limits(wall_seconds=3.0, cpu_seconds=0.5, memory_megabytes=256)


def behave(job: bytes) -> str:
    """What the job says: burn processor time, fill memory, wait, die, fail, or answer."""
    match job:
        case b"burn":
            while True:
                pass
        case b"fill":
            kept = []
            while True:
                kept.append(bytearray(50_000_000))
        case b"wait":
            threading.Event().wait()
        case b"die":
            os.kill(os.getpid(), signal.SIGKILL)
        case b"who":
            return str(os.getpid())
        case b"fail":
            raise ValueError("on purpose")
    return job.decode()


def cheaply(job: bytes) -> str:
    """The cheaper reading; it may burn too."""
    if job == b"burn":
        behave(job)
    return f"cheap {job.decode()}"


def burnt(job: bytes) -> Message:
    """A reading that never ends."""
    while True:
        pass


def never(job: bytes) -> str:
    """A fallback that nothing should reach."""
    raise AssertionError(job)


def prefixed(prefix: str, job: bytes) -> str:
    """A function with a setting bound to it."""
    return prefix + job.decode()


@pytest.fixture(scope="module")
def pool() -> Iterator[ReadingPool[bytes, str]]:
    with ReadingPool(behave, cheaply, processes=1, limits=LIMITS) as made:
        yield made


def test_answers_come_in_the_order_asked_for(pool: ReadingPool[bytes, str]) -> None:
    futures = [pool.submit(b"%d" % number) for number in range(200)]
    assert [future.result(30) for future in futures] == [str(number) for number in range(200)]


@pytest.mark.parametrize("job", [b"fill", b"die"])
def test_a_job_that_ends_its_worker_is_answered_cheaply(job: bytes, pool: ReadingPool[bytes, str]) -> None:
    assert pool.submit(job).result(30) == f"cheap {job.decode()}"
    assert pool.read(b"next") == "next"


def test_a_job_beyond_its_wall_time_is_stopped() -> None:
    with ReadingPool(behave, cheaply, processes=1, limits=Limits(wall_seconds=0.3)) as pool:
        assert pool.submit(b"wait").result(30) == "cheap wait"


def test_a_job_beyond_its_processor_time_is_stopped_and_a_hopeless_one_told(pool: ReadingPool[bytes, str]) -> None:
    with pytest.raises(ReadingStopped):
        pool.submit(b"burn").result(30)
    assert pool.read(b"next") == "next"


def test_the_jobs_beside_a_killer_are_all_answered(pool: ReadingPool[bytes, str]) -> None:
    jobs = [b"die" if number == 7 else b"%d" % number for number in range(40)]
    futures = [pool.submit(job) for job in jobs]
    answers = [future.result(60) for future in futures]
    assert answers == ["cheap die" if number == 7 else str(number) for number in range(40)]


def test_an_exception_is_raised_where_the_answer_is_asked_for(pool: ReadingPool[bytes, str]) -> None:
    with pytest.raises(ValueError, match="on purpose"):
        pool.read(b"fail")


def test_settings_travel_bound_to_the_function() -> None:
    with ReadingPool(partial(prefixed, "x"), never, processes=1) as pool:
        assert pool.read(b"y") == "xy"


def test_without_processes_everything_happens_here() -> None:
    here = threading.get_ident()
    with ReadingPool(lambda job: (job, threading.get_ident()), never, processes=0) as pool:
        assert pool.read(b"x") == (b"x", here)


def test_a_closed_pool_takes_nothing_and_leaves_no_process() -> None:
    pool = ReadingPool(behave, never, processes=1)
    worker = int(pool.read(b"who"))
    waiting = pool.submit(b"wait")
    assert any(waiting.running() for _ in range(10_000_000))
    later = [pool.submit(b"later") for _ in range(3)]
    pool.close(wait_seconds=0.1)
    assert all(future.cancelled() for future in later)
    with pytest.raises(ReadingStopped):
        waiting.result(10)
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)
    with pytest.raises(RuntimeError):
        pool.submit(b"y")


def test_a_mail_too_dear_to_read_is_still_a_message() -> None:
    with ReadingPool(burnt, read_header_only, processes=1, limits=LIMITS) as pool:
        message = pool.read(b"Subject: x\r\nFrom: a@b.example\r\n\r\nbody")
    assert (message.subject, message.sender[0].address) == ("x", "a@b.example")
    assert message.warnings == (UNREADABLE,)


def test_workers_give_what_reading_here_gives() -> None:
    mails = [b"Subject: %d\r\n\r\nbody %d" % (number, number) for number in range(50)]
    with ReadingPool(read_message, read_header_only, processes=2) as pool:
        futures = [pool.submit(raw) for raw in mails]
        assert [future.result(30) for future in futures] == [read_message(raw) for raw in mails]
