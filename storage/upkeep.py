"""Copies and checks of the database."""

from __future__ import annotations

import os
from pathlib import Path

from intake.errors import NotFound, Refused
from storage import database, schema
from storage.rows import Rows


def back_up(url: str, file: str) -> None:
    """See `storage.back_up`."""
    if not url.startswith("sqlite"):
        raise Refused("a PostgreSQL database is backed up by its own pg_dump")
    if not database.sqlite_path(url).exists():
        raise NotFound(f"{database.sqlite_path(url)} does not exist")
    target = Path(file)
    if target.exists():
        raise Refused(f"{file} exists already: a backup never overwrites one")
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    opened = database.opener(url)(True)
    try:
        Rows(opened).run("PRAGMA query_only = 0")
        Rows(opened).run("VACUUM INTO ?", (str(part),))
    finally:
        opened.close()
    handle = os.open(part, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
    part.replace(target)


def check(url: str) -> list[str]:
    """See `storage.check`."""
    opened = database.opener(url)(True)
    try:
        rows = Rows(opened)
        found = [f"migration {name} is not applied: run otklik db migrate" for name in schema.pending(opened)]
        if not rows.postgresql:
            found += [str(row[0]) for row in rows.all("PRAGMA integrity_check") if row[0] != "ok"]
            found += [f"dangling reference in {row[0]}, row {row[1]}" for row in rows.all("PRAGMA foreign_key_check")]
        return found
    finally:
        opened.close()
