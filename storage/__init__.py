"""The desk's memory on SQLite or PostgreSQL. `open_store` is all that leaves this package."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.store import DatabaseStore

__all__ = ["open_store"]


def open_store(url: str, *, migrate: bool = True) -> DatabaseStore:
    """The store behind a storage URL, its tables brought up to date.

    Raises ConfigError for a wrong URL, a file others may read, or a database newer than this program;
    StoreUnavailable where the database does not answer.
    """
    import peewee

    from intake.errors import StoreUnavailable
    from storage import database, schema
    from storage.store import DatabaseStore

    opened = database.opener(url)
    lock = None
    if url.startswith("sqlite"):
        path = database.sqlite_path(url)
        database.make_private(path)
        lock = path.with_name(path.name + ".lock")
    try:
        if migrate:
            schema.migrate(opened, lock)
    except peewee.OperationalError as error:
        raise StoreUnavailable(f"the database does not answer: {str(error).splitlines()[0]}") from error
    return DatabaseStore(opened)
