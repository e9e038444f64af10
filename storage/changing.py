"""A write transaction of one's own, for upkeep that runs beside the gateway."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from intake.errors import ConfigError
from storage import database, schema, troubles
from storage.rows import Rows
from storage.search import StoredSearch


@contextmanager
def changing(url: str) -> Iterator[Rows]:
    """Committed with the block, on today's tables. Raises ConfigError, StoreUnavailable."""
    with troubles.named():
        opened = database.opener(url)(False)
        try:
            if waiting := schema.pending(opened):
                raise ConfigError(f"migration {waiting[0]} is not applied: run otklik db migrate")
            rows = Rows(opened, locking=True)
            rows.run("BEGIN" if rows.postgresql else "BEGIN IMMEDIATE")
            yield rows
            rows.run("COMMIT")
        finally:
            opened.close()


def reindex(url: str) -> int:
    """See `storage.reindex`."""
    with changing(url) as rows:
        return StoredSearch(rows).rebuild()
