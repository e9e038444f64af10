"""Everything in files, and back: a table is JSON Lines, a raw mail an .eml file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from intake.errors import NotFound, Refused
from storage import changing, database, schema, troubles
from storage.rows import Rows
from storage.search import StoredSearch
from storage.tables import Table, tables

MANIFEST = "manifest.json"
FORMAT = 1
SECRET_NOTES = frozenset({"signing_keys", "tombstone_key"})
SECRET_COLUMNS = {"agents": "password"}
_STARTED = frozenset({"notes", "regulations"})
"""A desk that was only started has these; what is imported takes their place."""


def export(url: str, folder: str, secrets: bool) -> dict[str, int]:
    """See `storage.export`."""
    target = Path(folder)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Refused(f"{folder} exists and is not an empty folder: an export never overwrites anything")
    part = target.with_name(target.name + ".part")
    if part.exists():
        raise Refused(f"{part} is left from an export that was broken off: remove it")
    try:
        part.mkdir(mode=0o700, parents=True)
    except OSError as error:
        raise Refused(f"{part}: {error.strerror}") from error
    with troubles.named():
        opened = database.opener(url)(True)
        try:
            rows = Rows(opened)
            rows.run("BEGIN ISOLATION LEVEL REPEATABLE READ" if rows.postgresql else "BEGIN")
            counts = {table.name: _write_table(rows, table, part, secrets) for table in tables(rows)}
            manifest = {"format": FORMAT, "schema": _schema(rows), "secrets": secrets, "tables": counts}
        finally:
            opened.close()
    _write(part / MANIFEST, (json.dumps(manifest, indent=2, sort_keys=True) + "\n").encode())
    part.replace(target)
    return counts


def _write_table(rows: Rows, table: Table, folder: Path, secrets: bool) -> int:
    count = 0
    plain = tuple(column for column in table.columns if column not in table.blobs)
    for blob in table.blobs:
        (folder / table.name).mkdir(mode=0o700, exist_ok=True)
        (folder / table.name / blob).mkdir(mode=0o700)
    with open(folder / f"{table.name}.jsonl", "xb", opener=_private) as file:
        for row in table.rows(rows, plain):
            if not secrets and _is_secret(table, row):
                continue
            for blob in sorted(table.blobs):
                row[blob] = _write_blob(rows, table, blob, row, folder)
            file.write(json.dumps(row, ensure_ascii=False, sort_keys=True).encode() + b"\n")
            count += 1
    return count


def _write_blob(rows: Rows, table: Table, blob: str, row: Mapping[str, Any], folder: Path) -> str:
    """The octets in a file of their own; its name."""
    name = _blob_name(table, blob, row)
    found = rows.one(f'SELECT "{blob}" FROM "{table.name}" WHERE "{table.key[0]}" = ?', (row[table.key[0]],))
    _write(folder / name, bytes(found[0] or b"") if found else b"")
    return name


def _blob_name(table: Table, blob: str, row: Mapping[str, Any]) -> str:
    return f"{table.name}/{blob}/{int(row[table.key[0]])}.eml"


def _is_secret(table: Table, row: dict[str, Any]) -> bool:
    """Whether a row stays at home; a secret column of others is emptied."""
    column = SECRET_COLUMNS.get(table.name)
    if column is not None:
        row[column] = None
    return table.name == "notes" and row["name"] in SECRET_NOTES


def _write(path: Path, octets: bytes) -> None:
    with open(path, "xb", opener=_private) as file:
        file.write(octets)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)


def _schema(rows: Rows) -> list[str]:
    return sorted(str(row[0]) for row in rows.all(f"SELECT name FROM {schema.HISTORY}"))


def import_(url: str, folder: str) -> dict[str, int]:
    """See `storage.import_`."""
    source = Path(folder)
    manifest = _manifest(source)
    with changing.changing(url) as rows:
        if manifest["schema"] != _schema(rows):
            raise Refused(f"{folder} was written by another version of otklik: export and import with the same one")
        found = tables(rows)
        _require_empty(rows, found)
        counts = {table.name: _read_table(rows, table, source) for table in found}
        if counts != manifest["tables"]:
            raise Refused(f"{folder} is not whole: its tables do not have the rows that {MANIFEST} counts")
        StoredSearch(rows).rebuild()
    return counts


def _manifest(source: Path) -> dict[str, Any]:
    try:
        found = json.loads((source / MANIFEST).read_bytes())
    except OSError:
        raise NotFound(f"{source / MANIFEST}: is no export of a desk") from None
    except ValueError as error:
        raise Refused(f"{source / MANIFEST}: {error}") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT or not isinstance(found.get("tables"), dict):
        raise Refused(f"{source / MANIFEST}: is not an export that this version reads")
    return found


def _require_empty(rows: Rows, found: list[Table]) -> None:
    for table in found:
        if table.name not in _STARTED and rows.one(f'SELECT 1 FROM "{table.name}" LIMIT 1') is not None:
            raise Refused(f"this desk is not empty (it has {table.name}): import goes into a new one only")
    for table in found:
        kept = f" WHERE name NOT IN ({', '.join('?' * len(SECRET_NOTES))})" if table.name == "notes" else ""
        rows.run(f'DELETE FROM "{table.name}"{kept}', sorted(SECRET_NOTES) if kept else ())


def _read_table(rows: Rows, table: Table, source: Path) -> int:
    path = source / f"{table.name}.jsonl"
    count = 0
    for count, row in enumerate(_lines(path), 1):
        if not isinstance(row, dict) or set(row) != set(table.columns):
            raise Refused(f"{path}:{count}: does not have the columns of {table.name}")
        for blob in table.blobs:
            row[blob] = _octets(source / _blob_name(table, blob, row))
        if table.name == "notes" and row["name"] in SECRET_NOTES:
            rows.run("DELETE FROM notes WHERE name = ?", (row["name"],))
        rows.insert(table.name, row, returning=None)
    if rows.postgresql and len(table.key) == 1:
        _go_on_counting(rows, table)
    return count


def _lines(path: Path) -> Iterator[Any]:
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    yield json.loads(line)
                except ValueError as error:
                    raise Refused(f"{path}:{number}: {error}") from error
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}") from error


def _octets(path: Path) -> bytes:
    try:
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NOFOLLOW)) as file:
            return file.read()
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}") from error


def _go_on_counting(rows: Rows, table: Table) -> None:
    """Let a serial column go on after the highest that was read."""
    key = table.key[0]
    found = rows.one("SELECT pg_get_serial_sequence(?, ?)", (f'"{table.name}"', key))
    if found is not None and found[0] is not None:
        rows.run(f'SELECT setval(?, (SELECT COALESCE(MAX("{key}"), 0) + 1 FROM "{table.name}"), false)', (found[0],))
