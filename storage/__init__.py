"""The desk's memory on SQLite or PostgreSQL. `open_store` and the upkeep of its files are all that leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import datetime

    from storage.forgetting import Forgotten
    from storage.store import DatabaseStore
    from storage.upkeep import Examination

__all__ = [
    "back_up",
    "check",
    "examine",
    "export",
    "forget",
    "gateway_place",
    "import_",
    "open_store",
    "prune",
    "reindex",
    "scrub",
]


def open_store(url: str, *, migrate: bool = True) -> DatabaseStore:
    """The store behind a storage URL, its tables brought up to date.

    Raises ConfigError for a wrong URL, a file others may read, or a database newer than this program;
    StoreUnavailable where the database does not answer.
    """
    from storage import database, schema, troubles
    from storage.store import DatabaseStore

    opened = database.opener(url)
    lock = None
    if url.startswith("sqlite"):
        path = database.sqlite_path(url)
        database.make_private(path)
        lock = path.with_name(path.name + ".lock")
    if migrate:
        with troubles.named():
            schema.migrate(opened, lock)
    return DatabaseStore(opened)


def back_up(url: str, file: str) -> None:
    """Write a consistent copy of a SQLite database to a new file, while everything runs. Raises Refused, NotFound."""
    from storage import upkeep

    upkeep.back_up(url, file)


def check(url: str) -> list[str]:
    """What is wrong with a database, a line each; empty when it is sound."""
    from storage import upkeep

    return upkeep.check(url)


def examine(url: str) -> Examination:
    """A quick look at a database that is there already; changes nothing. Raises ConfigError, StoreUnavailable."""
    from storage import upkeep

    return upkeep.examine(url)


def reindex(url: str) -> int:
    """Make the index of the search anew; how many tickets it holds."""
    from storage import changing

    return changing.reindex(url)


def export(url: str, folder: str, secrets: bool = False) -> dict[str, int]:
    """Write every table and raw mail to a new folder; rows by table. Raises Refused where something is there."""
    from storage import moving

    return moving.export(url, folder, secrets)


def import_(url: str, folder: str) -> dict[str, int]:
    """Read an export into a desk that has nothing yet, all or nothing; rows by table. Raises Refused, NotFound."""
    from storage import moving

    return moving.import_(url, folder)


def forget(url: str, address: str, now: datetime) -> Forgotten:
    """Erase a person's data in one transaction, tickets and counts stay; `scrub` clears the files after it. Raises
    Refused for an agent's address."""
    from storage import forgetting

    return forgetting.forget(url, address, now)


def scrub(url: str) -> None:
    """Write the database anew, so that nothing erased is left in its files. Raises StoreUnavailable where somebody
    reads all the while: then it is to be done again."""
    from storage import scrubbing

    scrubbing.scrub(url)


def prune(url: str, before: datetime) -> tuple[int, int]:
    """Let the raw octets of mails and letters from before a time go, those still at work excepted; how many of each.
    Tickets keep their texts; attachments were part of the raw."""
    from storage import scrubbing

    return scrubbing.prune(url, before)


def gateway_place(url: str) -> AbstractContextManager[bool]:
    """A place among the gateways of a PostgreSQL database for the length of a block, True where no other is there:
    then what a killed one held may be taken over. Raises ConfigError, StoreUnavailable."""
    from storage import postgresql

    return postgresql.gateway_place(postgresql.conninfo(url))
