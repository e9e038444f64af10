"""What commands ask of the desk about typing, where there is a desk: nothing is made or migrated by asking."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.cli.common import say

if TYPE_CHECKING:
    from gateway.settings_sections import StorageSection
    from intake.lessons import Lesson, Lessons


@contextmanager
def _of_desk(storage: StorageSection) -> Iterator[Lessons | None]:
    """The desk's lessons, None where there is no database file yet."""
    if storage.sqlite_file is not None and not Path(storage.sqlite_file).exists():
        yield None
        return
    from storage import open_store

    store = open_store(storage.url, migrate=False)
    try:
        with store.read() as tx:
            yield tx.lessons
    finally:
        store.close()


def model_in_use(storage: StorageSection) -> str:
    """The desk's model as `Lessons.model` tells it; "", the package's own, where the desk can't be asked: what a
    command makes of a mail does not hang on a database."""
    try:
        with _of_desk(storage) as lessons:
            return "" if lessons is None else lessons.model()[1]
    except Exception as error:
        say(f"typed by the package's own model, the desk's can't be read: {type(error).__name__}")
        return ""


def taught(storage: StorageSection) -> tuple[list[Lesson], list[Lesson]]:
    """What agents corrected and what they let stand; nothing where there is no desk. Raises OtklikError."""
    with _of_desk(storage) as lessons:
        return ([], []) if lessons is None else (lessons.corrected(), lessons.confirmed())
