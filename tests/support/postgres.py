"""A PostgreSQL server of the tests' own: a cluster in a temporary folder, started once a process."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from tests.support.ports import free_port, wait_for_port
from tests.support.programs import require

ACCOUNT = "postgres"
PREFIX = "otklik-pg-"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "120",
    "shared_buffers": "32MB",
    "autovacuum": "off",
    "jit": "off",
}
CARELESS = {"fsync": "off", "full_page_writes": "off"}
"""For tests that kill clients, not the server."""


@dataclass
class Cluster:
    """A server that can be stopped, killed and started again; its databases stay."""

    folder: Path
    programs: Path
    settings: dict[str, str]
    port: int = field(default_factory=free_port)
    template: str | None = None
    _numbers: Iterator[int] = field(default_factory=count)

    def url(self, name: str) -> str:
        """Of a database of this server."""
        return f"postgresql://otklik@127.0.0.1:{self.port}/{name}"

    def create(self, template: str = "template0") -> str:
        """A new database, a copy of ``template``; its name."""
        name = f"desk{next(self._numbers)}"
        self.sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected."""
        self.sql(f'DROP DATABASE "{name}" WITH (FORCE)')

    def sql(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement on its own."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = " ".join(f"-c {name}='{value}'" for name, value in {**self.settings, "port": str(self.port)}.items())
        self._ctl("-o", options, "-l", str(self.folder / "log"), "start")
        wait_for_port(self.port)

    def restart(self, mode: str = "immediate") -> None:
        """``immediate`` is what a crash is: no shutdown checkpoint, recovery at the start."""
        self._ctl("-m", mode, "restart")

    def stop(self, mode: str = "immediate") -> None:
        """End it."""
        self._ctl("-m", mode, "stop")

    def _ctl(self, *arguments: str) -> None:
        done = as_account([str(self.programs / "pg_ctl"), "-D", str(self.folder / "data"), "-w", "-s", *arguments])
        assert done.returncode == 0, done.stderr + (self.folder / "log").read_text("utf-8", "replace")[-2000:]


def as_account(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run a program that refuses root."""
    if os.getuid() == 0:
        arguments = [require("runuser"), "-u", ACCOUNT, "--", *arguments]
    # pg_ctl's server inherits what it has open, so its output can't be a pipe that is read to its end.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(arguments, stdin=subprocess.DEVNULL, stdout=said, stderr=said, timeout=60, cwd="/")
        said.seek(0)
        return subprocess.CompletedProcess(arguments, done.returncode, "", said.read())


def programs() -> Path:
    """The folder of the newest server that is installed; see `require` where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else Path(require("initdb")).parent


def _sweep() -> None:
    """End servers whose tests were killed before they could."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdecimal() and not Path(f"/proc/{owner}").exists() and Path("/proc/self").exists():
            as_account([str(programs() / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "-s", "stop"])
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def cluster(**settings: str) -> Iterator[Cluster]:
    """A running server, gone with the block. It is as careful as in production unless told otherwise."""
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    made = Cluster(folder, programs(), {**SETTINGS, **settings})
    try:
        if os.getuid() == 0:
            shutil.chown(made.folder, ACCOUNT)
        data = str(made.folder / "data")
        line = [str(made.programs / "initdb"), "-D", data, "-U", "otklik", "-A", "trust", "-E", "UTF8", "--no-sync"]
        done = as_account([*line, "--locale=C.UTF-8"])
        assert done.returncode == 0, done.stderr
        made.start()
        try:
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(made.folder, ignore_errors=True)
