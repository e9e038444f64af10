"""One searchable document per ticket: stems of what names it, of the people who wrote, and of its messages.

On SQLite an FTS5 index over it, kept by triggers; on PostgreSQL a tsvector with a GIN index. The text is stems joined
by spaces, so both find the same.
"""

from __future__ import annotations

from typing import Any

_FTS = "head, people, body"
_SQLITE = (
    "CREATE TABLE search_documents"
    " (ticket INTEGER PRIMARY KEY, head TEXT NOT NULL, people TEXT NOT NULL, body TEXT NOT NULL)",
    f"CREATE VIRTUAL TABLE search_index USING fts5({_FTS}, content='search_documents', content_rowid='ticket',"
    " tokenize='ascii', columnsize=0)",
    "CREATE TRIGGER search_added AFTER INSERT ON search_documents BEGIN"
    f" INSERT INTO search_index(rowid, {_FTS}) VALUES (new.ticket, new.head, new.people, new.body); END",
    "CREATE TRIGGER search_removed AFTER DELETE ON search_documents BEGIN"
    f" INSERT INTO search_index(search_index, rowid, {_FTS})"
    " VALUES ('delete', old.ticket, old.head, old.people, old.body); END",
    "CREATE TRIGGER search_changed AFTER UPDATE ON search_documents BEGIN"
    f" INSERT INTO search_index(search_index, rowid, {_FTS})"
    " VALUES ('delete', old.ticket, old.head, old.people, old.body);"
    f" INSERT INTO search_index(rowid, {_FTS}) VALUES (new.ticket, new.head, new.people, new.body); END",
)
_POSTGRESQL = (
    "CREATE TABLE search_documents (ticket BIGINT PRIMARY KEY, head TEXT NOT NULL, people TEXT NOT NULL,"
    " body TEXT NOT NULL, document TSVECTOR NOT NULL)",
    "CREATE INDEX search_documents_document ON search_documents USING GIN (document)",
)


def up(migrator: Any, db: Any) -> None:
    """Create the tables and fill them from the tickets that are there."""
    from storage.rows import Rows
    from storage.search import StoredSearch

    rows = Rows(db)
    for statement in _POSTGRESQL if rows.postgresql else _SQLITE:
        rows.run(statement)
    StoredSearch(rows).rebuild()
