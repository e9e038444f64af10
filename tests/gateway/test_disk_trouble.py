"""A disk that loses power, and one that reports errors: what was acknowledged is there."""

from __future__ import annotations

import os
import shutil
import smtplib
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from tests.gateway.test_smtp_survival import ALONE, CLIENTS, READY, deliver, kept, life
from tests.support.programs import require, started, wait_for_line

CUTS = 2
BEFORE_THE_CUT = 60


@contextmanager
def mounted(image: Path, place: Path) -> Iterator[Path]:
    """An image as a file system of its own; only root may, and not in every container."""
    place.mkdir(exist_ok=True)
    done = subprocess.run(["mount", "-o", "loop", str(image), str(place)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"no image can be mounted here: {done.stderr.decode().strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    if os.geteuid() != 0:
        pytest.skip("only root mounts an image")
    made = tmp_path / "disk.img"
    with made.open("wb") as file:
        file.truncate(24 << 20)
    subprocess.run([require("mkfs.ext4"), "-q", "-F", str(made)], check=True)
    return made


def after_the_cut(image: Path, copy: Path) -> Path:
    """What the disk holds at this moment: what the system still keeps in memory is gone with the power."""
    return Path(shutil.copy(image, copy))


def test_what_was_acknowledged_survives_a_power_cut(tmp_path: Path, image: Path) -> None:
    acknowledged: set[str] = set()

    def one(number: int, port: int, enough: threading.Semaphore) -> None:
        with suppress(pytest.fail.Exception):
            deliver(port, number, patience=2)
            acknowledged.add(str(number))
            enough.release()

    for cut in range(CUTS):
        enough = threading.Semaphore(0)
        copy = tmp_path / f"cut{cut}.img"

        with (
            mounted(image, tmp_path / "disk") as disk,
            life(disk / "desk" / "otklik.db") as door,
            ThreadPoolExecutor(CLIENTS) as clients,
        ):
            for number in range(cut * 1000, cut * 1000 + 2 * BEFORE_THE_CUT):
                clients.submit(one, number, door.port, enough)
            for _ in range(BEFORE_THE_CUT):
                assert enough.acquire(timeout=60)
            said = set(acknowledged)
            door.process.kill()
            door.process.wait(10)
            after_the_cut(image, copy)
        with mounted(copy, tmp_path / "disk") as disk:
            assert said <= set(kept(disk / "desk" / "otklik.db"))
        acknowledged.intersection_update(said)
        image = copy
    assert len(acknowledged) >= CUTS * BEFORE_THE_CUT


def test_the_same_cut_takes_what_a_careless_database_acknowledged(tmp_path: Path, image: Path) -> None:
    """Shows that the cut above is one."""
    copy = tmp_path / "cut.img"
    with (
        mounted(image, tmp_path / "disk") as disk,
        closing(sqlite3.connect(disk / "careless.db", isolation_level=None)) as connection,
    ):
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE kept (number INTEGER)")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        os.sync()
        connection.execute("PRAGMA synchronous=NORMAL")
        for number in range(300):
            connection.execute("INSERT INTO kept VALUES (?)", (number,))
        after_the_cut(image, copy)
    with mounted(copy, tmp_path / "disk") as disk, closing(sqlite3.connect(disk / "careless.db")) as connection:
        assert connection.execute("SELECT COUNT(*) FROM kept").fetchone()[0] < 300


def answered(port: int, number: int) -> bool:
    """Whether a mail is taken; what is not our client's fault may only be refused for now."""
    raw = f"Message-ID: <{number}@client.example>\r\nSubject: {number}\r\n\r\ntext\r\n"
    try:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="client.example", timeout=30) as client:
            client.sendmail("a@client.example", ["support@desk.example"], raw)
    except smtplib.SMTPResponseException as refused:
        if refused.smtp_code >= 500:
            pytest.fail(f"mail {number} was refused for good: {refused}")
        return False
    except (OSError, smtplib.SMTPException):
        return False
    return True


@pytest.mark.parametrize(("call", "error"), [("fdatasync", "EIO"), ("pwrite64", "ENOSPC")])
def test_a_disk_that_reports_errors_is_try_again_and_never_250(tmp_path: Path, call: str, error: str) -> None:
    database = tmp_path / "desk" / "otklik.db"
    with life(database) as door:
        deliver(door.port, 0)
    acknowledged = {"0"}
    inject = ["-e", f"inject={call}:error={error}:when=12+"]
    strace = [require("strace"), "-f", "-qq", "-e", f"trace={call}", "-o", os.devnull, *inject]
    refused = 0
    with started([*strace, sys.executable, ALONE, str(database), "0"]) as (process, _):
        port = int(wait_for_line(process, READY)[1])
        for number in range(1, 16):
            if answered(port, number):
                acknowledged.add(str(number))
            else:
                refused += 1
    assert refused, "the disk was in trouble before the last mail"
    with life(database) as door:
        assert acknowledged <= set(kept(database))
        assert all(answered(door.port, number) for number in range(1, 16))
    assert sorted(map(int, kept(database))) == list(range(16))
