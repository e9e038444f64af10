"""SQL on one connection, and the way between columns and values."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from peewee import Database

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
NEVER = 1 << 62
"""Stands for "no deadline" in a column the queue is ordered by: after every real time."""


def stamp(at: datetime) -> int:
    """A time as UTC microseconds; exact."""
    return (at - EPOCH) // MICROSECOND


def stamp_or_none(at: datetime | None) -> int | None:
    """`stamp`, None staying None."""
    return None if at is None else stamp(at)


def moment(value: int) -> datetime:
    """The time behind a `stamp`."""
    return EPOCH + timedelta(microseconds=value)


def moment_or_none(value: int | None) -> datetime | None:
    """`moment`, None and NEVER becoming None."""
    return None if value is None or value >= NEVER else EPOCH + timedelta(microseconds=value)


def digest(text: str) -> str:
    """Index key of a long text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def storable(text: str) -> str:
    """The text without what no database keeps: NUL and lone surrogates. Everything else stays as it came."""
    if text.isascii():
        return text.replace("\0", "") if "\0" in text else text
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


@lru_cache(maxsize=512)
def _for_postgresql(sql: str) -> str:
    return sql.replace("%", "%%").replace("?", "%s")


@lru_cache(maxsize=256)
def _insert_sql(table: str, columns: tuple[str, ...], tail: str) -> str:
    names = ", ".join(f'"{c}"' for c in columns)
    marks = ", ".join("?" * len(columns))
    return f'INSERT INTO "{table}" ({names}) VALUES ({marks}){tail}'


class Rows:
    """Statements with ``?`` marks on one peewee database that is used by one thread at a time.

    ``locking`` is for writers: what they read to change it, nobody else changes meanwhile. On SQLite there is but one
    writer, so only PostgreSQL has to be told."""

    def __init__(self, database: Database, *, locking: bool = False) -> None:
        self.database = database
        self.postgresql = database.__class__.__name__.startswith("Postgresql")
        self._locking = locking and self.postgresql
        self.for_update = " FOR NO KEY UPDATE" if self._locking else ""
        self.skip_locked = " FOR NO KEY UPDATE SKIP LOCKED" if self._locking else ""

    def run(self, sql: str, params: Sequence[Any] = ()) -> Any:
        """Execute; the driver's cursor. Texts lose what no database keeps."""
        execute: Callable[..., Any] = self.database.execute_sql
        kept = [storable(value) if value.__class__ is str else value for value in params]
        return execute(_for_postgresql(sql) if self.postgresql else sql, kept)

    def hold(self, name: str) -> None:
        """Hold a name until the transaction ends; other writers that want it wait."""
        if self._locking:
            self.run("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", (name,))

    def all(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Every row."""
        return list(self.run(sql, params).fetchall())

    def one(self, sql: str, params: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row or None. All are fetched, so that no cursor stays open in the transaction."""
        found = self.run(sql, params).fetchall()
        return found[0] if found else None

    def count(self, sql: str, params: Sequence[Any] = ()) -> int:
        """The first column of the only row."""
        found = self.one(sql, params)
        return int(found[0]) if found else 0

    def insert(self, table: str, values: Mapping[str, Any], returning: str | None = "id") -> Any:
        """Insert one row; its ``returning`` column."""
        tail = f' RETURNING "{returning}"' if returning else ""
        cursor = self.run(_insert_sql(table, tuple(values), tail), tuple(values.values()))
        return cursor.fetchall()[0][0] if returning else None

    def insert_new(self, table: str, values: Mapping[str, Any], conflict: str, returning: str) -> Any:
        """Insert unless ``conflict`` is there already; the ``returning`` column, None where it was."""
        tail = f' ON CONFLICT ({conflict}) DO NOTHING RETURNING "{returning}"'
        found = self.run(_insert_sql(table, tuple(values), tail), tuple(values.values())).fetchall()
        return found[0][0] if found else None

    def put(self, table: str, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Insert a row, or set its ``values`` where one with that ``key`` is there already."""
        names = ", ".join(f'"{c}"' for c in key)
        sets = ", ".join(f'"{c}" = excluded."{c}"' for c in values)
        whole = {**key, **values}
        tail = f" ON CONFLICT ({names}) DO UPDATE SET {sets}"
        self.run(_insert_sql(table, tuple(whole), tail), tuple(whole.values()))

    def update(self, table: str, values: Mapping[str, Any], where: str, params: Sequence[Any]) -> int:
        """Set columns; how many rows it met."""
        sets = ", ".join(f'"{c}" = ?' for c in values)
        cursor = self.run(f'UPDATE "{table}" SET {sets} WHERE {where}', (*values.values(), *params))
        return int(cursor.rowcount)
