"""Databases for tests, brought up to date already: a copy of one that was migrated is quicker than migrating."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from storage import open_store

if TYPE_CHECKING:
    from tests.support.postgres import Cluster


def sqlite(path: Path) -> str:
    """The URL of a SQLite file with today's tables; it is made where there is none."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(_migrated())
    return f"sqlite:///{path}"


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory(prefix="otklik-template-") as folder:
        path = Path(folder) / "desk.db"
        open_store(f"sqlite:///{path}").close()
        return path.read_bytes()


@contextmanager
def postgresql(cluster: Cluster) -> Iterator[str]:
    """The URL of a database with today's tables, gone with the block."""
    if cluster.template is None:
        template = cluster.create()
        open_store(cluster.url(template)).close()
        cluster.template = template
    name = cluster.create(cluster.template)
    try:
        yield cluster.url(name)
    finally:
        cluster.drop(name)
