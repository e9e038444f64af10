"""The desk's tables as the database itself describes them, so that one added tomorrow is exported and swept too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from storage.rows import Rows
from storage.schema import HISTORY

DERIVED = "search_"
"""Tables whose names begin so are made from others."""
_CHUNK = 200


@dataclass(frozen=True, slots=True)
class Table:
    """A table's columns in the order of their names, which of them hold octets, and its key."""

    name: str
    columns: tuple[str, ...]
    blobs: frozenset[str]
    texts: frozenset[str]
    key: tuple[str, ...]
    needs: frozenset[str]

    def rows(self, rows: Rows, columns: tuple[str, ...] | None = None) -> Iterator[dict[str, Any]]:
        """Every row in the order of its key, a chunk at a time."""
        wanted = columns or self.columns
        names = ", ".join(f'"{name}"' for name in (*wanted, *self.key))
        key = ", ".join(f'"{name}"' for name in self.key)
        marks = ", ".join("?" * len(self.key))
        last: tuple[Any, ...] = ()
        while True:
            after = f" WHERE ({key}) > ({marks})" if last else ""
            found = rows.all(f'SELECT {names} FROM "{self.name}"{after} ORDER BY {key} LIMIT {_CHUNK}', last)
            for row in found:
                yield dict(zip(wanted, row, strict=False))
            if len(found) < _CHUNK:
                return
            last = tuple(found[-1][len(wanted) :])


def tables(rows: Rows) -> list[Table]:
    """All tables that hold what cannot be made from others, those that are referred to before those that refer."""
    found = {}
    for name in sorted(rows.database.get_tables()):
        if name != HISTORY and not name.startswith((DERIVED, "sqlite_")):
            found[name] = _table(rows, name)
    ordered: dict[str, Table] = {}
    while len(ordered) < len(found):
        ready = [table for table in found.values() if table.name not in ordered and table.needs <= ordered.keys()]
        assert ready, "tables do not refer to each other in a circle"
        ordered |= {table.name: table for table in ready}
    return list(ordered.values())


def _table(rows: Rows, name: str) -> Table:
    columns = sorted(rows.database.get_columns(name), key=lambda column: str(column.name))
    kinds = {column.name: str(column.data_type).lower() for column in columns}
    key = tuple(rows.database.get_primary_keys(name)) or tuple(sorted(kinds))
    return Table(
        name,
        tuple(kinds),
        frozenset(column for column, kind in kinds.items() if kind in ("blob", "bytea")),
        frozenset(column for column, kind in kinds.items() if kind.startswith(("text", "varchar", "char"))),
        key,
        frozenset(one.dest_table for one in rows.database.get_foreign_keys(name)) - {name},
    )
