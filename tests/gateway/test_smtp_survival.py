"""The door as a program that is killed, traced and loaded."""

from __future__ import annotations

import os
import random
import re
import resource
import smtplib
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.support.door import open_door
from tests.support.ports import free_port
from tests.support.programs import ROOT, require, run, started, stop, wait_for_line

ALONE = str(Path(__file__).with_name("smtp_alone.py"))
READY = r"listening on (\d+)"
CLIENTS = 8
MAILS = 600
KILLS = 12


class Life:
    """A door that is killed and opened again on the same port and database."""

    def __init__(self, database: Path) -> None:
        self.database = database
        self.port = free_port()
        self.process = self._open()

    def _open(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, ALONE, str(self.database), str(self.port)]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}
        )
        wait_for_line(process, READY)
        return process

    def again(self) -> None:
        """SIGKILL, and a new one."""
        self.process.kill()
        self.process.wait(10)
        stop(self.process)
        self.process = self._open()


@contextmanager
def life(database: Path) -> Iterator[Life]:
    one = Life(database)
    try:
        yield one
    finally:
        stop(one.process)


def deliver(port: int, number: int, patience: int = 2000) -> int:
    """Try until there is a 250, as a mail server does; how many tries it took."""
    raw = f"Message-ID: <{number}@client.example>\r\nSubject: {number}\r\n\r\n".encode() + b"text\r\n" * 200
    for tries in range(1, patience):
        try:
            with smtplib.SMTP("127.0.0.1", port, local_hostname="client.example", timeout=10) as client:
                client.sendmail("a@client.example", ["support@desk.example"], raw)
        except (OSError, smtplib.SMTPException):
            threading.Event().wait(0.01)
        else:
            return tries
    pytest.fail(f"mail {number} was never taken")


def taken_at_once(process: subprocess.Popen[bytes], number: int) -> bool:
    """Whether a door that may die at any moment answers 250 to one try."""
    try:
        deliver(int(wait_for_line(process, READY)[1]), number, patience=2)
    except pytest.fail.Exception:
        return False
    return True


def kept(database: Path) -> list[str]:
    """The mails in the journal by their subject."""
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        raws = [row[0] for row in connection.execute("SELECT raw FROM journal")]
    return [re.findall(rb"Subject: (\d+)", raw)[0].decode() for raw in raws]


def test_killed_at_any_moment_it_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    chance = random.Random(20260508)
    done = threading.Semaphore(0)
    with life(tmp_path / "desk" / "otklik.db") as door, ThreadPoolExecutor(CLIENTS) as clients:

        def one(number: int) -> int:
            tries = deliver(door.port, number)
            done.release()
            return tries

        tries = [clients.submit(one, number) for number in range(MAILS)]
        for _ in range(KILLS):
            for _ in range(chance.randint(20, MAILS // KILLS)):
                assert done.acquire(timeout=60)
            door.again()
        repeated = sum(each.result(120) > 1 for each in tries)
        assert sorted(kept(door.database), key=int) == [str(number) for number in range(MAILS)]
    assert repeated >= KILLS / 2


@pytest.mark.parametrize(
    ("call", "moments"),
    [("pwrite64", range(3, 6)), ("fdatasync", range(2, 4)), ("sendto", range(10, 12))],
    ids=["a page is written", "pages are synced", "an answer is sent"],
)
def test_killed_at_each_call_of_a_delivery_it_has_what_it_acknowledged(
    tmp_path: Path, call: str, moments: range
) -> None:
    database = tmp_path / "desk" / "otklik.db"
    with life(database):
        pass
    strace = [require("strace"), "-f", "-qq", "-e", "trace=" + call, "-o", os.devnull]
    acknowledged: set[str] = set()
    for moment in moments:
        inject = ["-e", f"inject={call}:signal=SIGKILL:when={moment}"]
        with started([*strace, *inject, sys.executable, ALONE, str(database), "0"]) as (process, _):
            if taken_at_once(process, moment):
                acknowledged.add(str(moment))
        mails = kept(database)
        assert acknowledged <= set(mails)
        assert len(mails) == len(set(mails))
    assert len(acknowledged) < len(moments)
    with life(database) as door:
        for moment in moments:
            deliver(door.port, moment)
    assert sorted(map(int, kept(database))) == list(moments)


def test_a_full_disk_is_try_again_until_there_is_room(tmp_path: Path) -> None:
    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    with life(tmp_path / "desk" / "otklik.db") as door:
        deliver(door.port, 0)
        resource.prlimit(door.process.pid, resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
        for number in (1, 2, 3):
            with (
                smtplib.SMTP("127.0.0.1", door.port) as client,
                pytest.raises(smtplib.SMTPDataError, match="Not kept, please try again later") as refused,
            ):
                client.sendmail("a@b", "support@desk.example", b"Subject: %d\r\n\r\n" % number + b"x" * 200_000)
            assert refused.value.smtp_code == 451
        resource.prlimit(door.process.pid, resource.RLIMIT_FSIZE, unlimited)
        for number in (1, 2, 3):
            deliver(door.port, number)
        assert sorted(kept(door.database)) == ["0", "1", "2", "3"]


def test_the_disk_has_every_mail_before_its_client_hears_250(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    calls = "trace=fsync,fdatasync,sendto,sendmsg,write,pwrite64"
    strace = [require("strace"), "-f", "-qq", "-s", "40", "-e", calls, "-o", str(trace)]
    command = [*strace, sys.executable, ALONE, str(tmp_path / "desk" / "otklik.db"), "0"]
    with started(command, READY, timeout=60) as (_, ready):
        assert ready is not None
        for number in range(20):
            assert deliver(int(ready[1]), number) == 1
    assert answers_before_sync(trace.read_text()) == (20, 0)


def answers_before_sync(trace: str) -> tuple[int, int]:
    """How many mails were answered 250, and how many of them before anything was synced since the answer before."""
    answered = early = synced = 0
    for line in trace.splitlines():
        if re.search(r"(fsync|fdatasync)(\(\d+\)| resumed>\)?).*= 0", line):
            synced += 1
        elif "250 2.0.0 kept as" in line:
            answered += 1
            early += not synced
            synced = 0
    return answered, early


@pytest.mark.postfix
@pytest.mark.parametrize("options", [[], ["-d"], ["-l", "200000"]], ids=["a connection a mail", "reused", "200 KB"])
def test_smtp_source_with_fifty_sessions_loses_nothing(tmp_path: Path, options: list[str]) -> None:
    count = 60 if "-l" in options else 400
    with open_door(tmp_path) as house:
        arguments = ["-s", "50", "-m", str(count), *options, "-f", "a@client.example", "-t", "support@desk.example"]
        said = run([require("smtp-source"), *arguments, f"127.0.0.1:{house.port}"])
        assert said.returncode == 0, said.stderr
        assert len(house.rows()) == count
