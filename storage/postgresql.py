"""Connections to PostgreSQL, by psycopg 3."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from intake.errors import ConfigError
from storage import troubles
from storage.rows import Rows

if TYPE_CHECKING:
    from peewee import Database

_DEFAULTS = {
    "fallback_application_name": "otklik",
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""Parameters of libpq that the URL may set otherwise; a server that is silently gone is noticed in half a minute."""
_GATEWAYS = 0x6F746B67
_READER = "SET default_transaction_read_only = on"
_WRITER = (
    "SET default_transaction_isolation = 'read committed'; SET lock_timeout = '20s';"
    " SET idle_in_transaction_session_timeout = '60s';"
    " SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
)
"""A commit is durable when it is answered, and a machine that hangs holds no lock for long."""


def conninfo(url: str) -> str:
    """The URL as libpq knows it. Raises ConfigError where the driver is missing or the URL can't be read."""
    if find_spec("psycopg") is None:
        raise ConfigError(
            "[storage] url: PostgreSQL needs the extra that is not installed here:"
            " run make extras, or pip install 'otklik[postgres]'"
        )
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    own = "postgresql://" + url.partition("://")[2]
    try:
        given = conninfo_to_dict(own)
    except ProgrammingError as error:
        raise ConfigError("[storage] url: can't be read; use postgresql://user:password@host:port/name") from error
    merged: dict[str, Any] = {**_DEFAULTS, **given}
    return make_conninfo("", **merged)


def connect(info: str, readonly: bool) -> Database:
    """One connection, for reading only or for writing."""
    from storage.postgresql_driver import PostgresqlByPsycopg

    database: Database = PostgresqlByPsycopg("postgresql", thread_safe=False, conninfo=info)
    database.connect()
    try:
        execute: Any = database.connection().execute
        execute(_READER if readonly else _WRITER)
    except BaseException:
        database.close()
        raise
    return database


@contextmanager
def gateway_place(info: str) -> Iterator[bool]:
    """Be one of the gateways of this database for the length of the block; True where there is no other.

    The lock is only asked at the start. Should its connection break, a gateway that starts later may take letters and
    mails over that are still held: their rows then say who was first."""
    with troubles.named():
        database = connect(info, readonly=True)
    try:
        rows = Rows(database)
        rows.run("SELECT pg_advisory_lock_shared(?)", (_GATEWAYS,))
        others = rows.count(
            "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = ? AND pid <> pg_backend_pid()"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            (_GATEWAYS,),
        )
        yield others == 0
    finally:
        with suppress(Exception):
            database.close()
