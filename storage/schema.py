"""Numbered migrations, applied once, by one process at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from intake.errors import ConfigError

if TYPE_CHECKING:
    from peewee import Database

MIGRATIONS = Path(__file__).parent / "migrations"
HISTORY = "schema_migration"
_LOCK_ID = 0x6F746B6C


def pending(database: Database) -> list[str]:
    """Names of migrations not yet applied, in order. Raises ConfigError for a database newer than this program."""
    known = sorted(path.stem for path in MIGRATIONS.glob("[0-9]*.py"))
    applied = _applied(database)
    newer = applied - set(known)
    if newer:
        raise ConfigError(
            f"the database is newer than this program (it has {', '.join(sorted(newer))}): upgrade otklik"
        )
    return [name for name in known if name not in applied]


def migrate(open_database: Callable[[bool], Database], lock_file: Path | None) -> list[str]:
    """Apply what is pending; the names applied. Each is one transaction; a killed one is done anew."""
    database = open_database(False)
    try:
        with _alone(database, lock_file):
            return _up(database) if pending(database) else []
    finally:
        database.close()


def _up(database: Database) -> list[str]:
    from playhouse.migrations import Runner

    return list(Runner(database, str(MIGRATIONS), table_name=HISTORY).up())


@contextmanager
def _alone(database: Database, lock_file: Path | None) -> Iterator[None]:
    if lock_file is None:
        database.execute_sql("SELECT pg_advisory_lock(%s)", (_LOCK_ID,))
        try:
            yield
        finally:
            database.execute_sql("SELECT pg_advisory_unlock(%s)", (_LOCK_ID,))
        return
    with lock_file.open("w") as lock:
        lock_file.chmod(0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _applied(database: Database) -> set[str]:
    if not database.table_exists(HISTORY):
        return set()
    return {str(row[0]) for row in database.execute_sql(f"SELECT name FROM {HISTORY}").fetchall()}
