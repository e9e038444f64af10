"""Copies and checks of the database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Examination:
    """What a look at a database found: migrations to apply, damage, and settings of a server that lose mail."""

    pending: tuple[str, ...]
    damage: tuple[str, ...]
    cautions: tuple[str, ...] = ()


def check(url: str) -> list[str]:
    """See `storage.check`."""
    found = examine(url, quick=False)
    return [f"migration {name} is not applied: run otklik db migrate" for name in found.pending] + [*found.damage]


def examine(url: str, quick: bool = True) -> Examination:
    """See `storage.examine`."""
    with troubles.named():
        opened = database.opener(url)(True)
        try:
            rows = Rows(opened)
            look = _of_server if rows.postgresql else _of_file
            return Examination(tuple(schema.pending(opened)), *look(rows, quick))
        finally:
            opened.close()


def _of_file(rows: Rows, quick: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found = [str(row[0]) for row in rows.all(f"PRAGMA {'quick' if quick else 'integrity'}_check") if row[0] != "ok"]
    if not quick:
        found += [f"dangling reference in {row[0]}, row {row[1]}" for row in rows.all("PRAGMA foreign_key_check")]
    return tuple(found), ()


def _of_server(rows: Rows, quick: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Invalid indexes, and tables with pages that can't be read; the server watches over references itself."""
    found = [
        f"index {row[0]} is not valid: run REINDEX INDEX {row[0]}"
        for row in rows.all("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid OR NOT indisready")
    ]
    for table in () if quick else rows.database.get_tables():
        try:
            rows.run(f'SELECT COUNT(t.*) FROM "{table}" t')
        except troubles.database_errors() as error:
            found.append(f"table {table} can't be read: {troubles.first_line(error)}")
    return tuple(found), tuple(_cautions(rows))


def _cautions(rows: Rows) -> Iterator[str]:
    for name, wanted, why in (
        ("fsync", "on", "a power cut loses mail that was said to be received"),
        ("full_page_writes", "on", "a power cut may damage tables"),
        ("server_encoding", "UTF8", "not every text can be kept: make the database with ENCODING 'UTF8'"),
    ):
        found = rows.one("SELECT current_setting(?)", (name,))
        if found is not None and found[0] != wanted:
            yield f"the server has {name} = {found[0]}, not {wanted}: {why}"
