"""A SQLite file: private, whole after trouble, copied while it is written."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from intake.errors import ConfigError, StoreUnavailable
from intake.model import Arrival
from storage import back_up, check, open_store
from tests.support.arrivals import NOW, arrival


def test_a_commit_that_failed_fails_all_its_works_and_the_next_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    store = open_store(f"sqlite:///{path}")
    store.write(lambda tx: tx.journal.keep(arrival(1)))
    os.chmod(path, 0o600)
    size = path.stat().st_size // 4096
    store.write(lambda tx: tx.rows.run(f"PRAGMA max_page_count = {size + 200}"))  # type: ignore[attr-defined]
    big = Arrival(b"y" * 4_000_000, "smtp", NOW, "big")
    with pytest.raises(StoreUnavailable):
        store.write(lambda tx: tx.journal.keep(big))
    assert store.write(lambda tx: tx.journal.keep(arrival(2))) is not None
    store.close()
    assert check(f"sqlite:///{path}") == []


def test_files_are_private(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        store = open_store(f"sqlite:///{tmp_path}/new/desk.db")
        store.write(lambda tx: tx.notes.set_value("a", "b"))
    finally:
        os.umask(old)
    for path in (tmp_path / "new").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    store.close()


def test_a_database_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    path.touch()
    path.chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        open_store(f"sqlite:///{path}")


def test_a_backup_made_while_writing_is_whole(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/desk.db")
    for n in range(50):
        store.submit(lambda tx, n=n: tx.journal.keep(arrival(n)))  # type: ignore[misc]
    back_up(f"sqlite:///{tmp_path}/desk.db", str(tmp_path / "copy.db"))
    store.write(lambda tx: tx.journal.keep(arrival(99)))
    copy = sqlite3.connect(tmp_path / "copy.db")
    assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    copy.close()
    store.close()
