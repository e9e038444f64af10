"""Copies and checks of the database."""

from __future__ import annotations

import os
from pathlib import Path

from intake.errors import NotFound, Refused
from storage import database, schema, troubles
from storage.rows import Rows


def back_up(url: str, file: str) -> None:
    """See `storage.back_up`."""
    if not url.startswith("sqlite"):
        raise Refused("a PostgreSQL database is backed up by its own tools: pg_dump --format=custom --file=FILE URL")
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
    with troubles.named():
        opened = database.opener(url)(True)
        try:
            rows = Rows(opened)
            found = [f"migration {name} is not applied: run otklik db migrate" for name in schema.pending(opened)]
            return found + (_of_server(rows) if rows.postgresql else _of_file(rows))
        finally:
            opened.close()


def _of_file(rows: Rows) -> list[str]:
    found = [str(row[0]) for row in rows.all("PRAGMA integrity_check") if row[0] != "ok"]
    return found + [f"dangling reference in {row[0]}, row {row[1]}" for row in rows.all("PRAGMA foreign_key_check")]


def _of_server(rows: Rows) -> list[str]:
    """Invalid indexes, and tables with pages that can't be read; the server watches over references itself."""
    found = [
        f"index {row[0]} is not valid: run REINDEX INDEX {row[0]}"
        for row in rows.all("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid OR NOT indisready")
    ]
    for table in rows.database.get_tables():
        try:
            rows.run(f'SELECT COUNT(t.*) FROM "{table}" t')
        except troubles.database_errors() as error:
            found.append(f"table {table} can't be read: {troubles.first_line(error)}")
    return found
