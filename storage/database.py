"""Opening databases: peewee objects with the settings that keep what was promised."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from intake.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from peewee import Database

BUSY_SECONDS = 20
"""How long a writer waits for another process before it gives up with StoreUnavailable."""


def opener(url: str) -> Callable[[bool], Database]:
    """A function that opens one connection's database object, for reading only or for writing, from a storage URL.

    ``sqlite:///relative.db``, ``sqlite:////absolute.db``, ``postgresql://user:password@host:port/name``.
    Raises ConfigError for anything else.
    """
    scheme = url.partition(":")[0]
    if scheme == "sqlite":
        path = sqlite_path(url)
        return lambda readonly: _sqlite(path, readonly)
    if scheme in ("postgresql", "postgres"):
        from storage import postgresql

        info = postgresql.conninfo(url)
        return lambda readonly: postgresql.connect(info, readonly)
    raise ConfigError(
        f"[storage] url: {scheme}://… is not known; use sqlite:///var/otklik.db or postgresql://user@host/db"
    )


def sqlite_path(url: str) -> Path:
    """The file of a ``sqlite:///`` URL."""
    rest = url.removeprefix("sqlite://")
    if not rest.startswith("/") or rest == "/":
        raise ConfigError(f"[storage] url: {url!r} names no file; use sqlite:///var/otklik.db")
    return Path(unquote(rest[1:]))


def _sqlite(path: Path, readonly: bool) -> Database:
    with _no_driver():
        from peewee import SqliteDatabase

    pragmas: dict[str, Any] = {
        "journal_mode": "wal",
        "synchronous": "full",
        "foreign_keys": 1,
        "busy_timeout": BUSY_SECONDS * 1000,
        "cache_size": -16000,
        "temp_store": "memory",
        "secure_delete": 1,
        "query_only": int(readonly),
    }
    database = SqliteDatabase(
        str(path), pragmas=pragmas, timeout=BUSY_SECONDS, thread_safe=False, check_same_thread=False
    )
    database.connect()
    return database


@contextmanager
def _no_driver() -> Iterator[None]:
    """peewee loads psycopg wherever that is installed, which takes a short command longer than all else it does. None
    in sys.modules is how an import is told that there is no such module; PostgreSQL's connections bring their driver
    themselves (`storage.postgresql_driver`)."""
    if "psycopg" in sys.modules or "peewee" in sys.modules:
        yield
        return
    sys.modules["psycopg"] = None  # type: ignore[assignment] # the reference of the import system allows it
    try:
        yield
    finally:
        del sys.modules["psycopg"]


def make_private(path: Path) -> None:
    """Create the database file and its folder for this user alone; refuse one that others may read or write."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    os.close(handle)
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise ConfigError(f"{path} may be read by others (mode {mode:o}): run chmod 600 {path}*")
