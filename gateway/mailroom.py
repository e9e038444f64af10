"""The mailroom of a desk, with mail read in a worker process of its own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from intake.mailroom import Mailroom

if TYPE_CHECKING:
    from gateway.bootstrap import Parts
    from intake.model import JournalRow
    from intake.ports import Store
    from intake.reading import Reading
    from intake.settings import DeskSettings


def mailroom(parts: Parts) -> Mailroom:
    """«Почта» of a desk that was put together."""
    return Mailroom(parts.store, parts.receiver, partial(read_alone, parts.desk_settings, parts.store), parts.clock)


def read_alone(settings: DeskSettings, store: Store, row: JournalRow) -> Reading:
    """One mail, in a worker process that ends with it."""
    from gateway.mail_readers import PooledReader

    reader = PooledReader(settings, store=store)
    try:
        return reader.submit(row).result()
    finally:
        reader.close()
