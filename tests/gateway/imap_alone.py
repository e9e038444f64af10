"""The IMAP door and its store as a program: ``python imap_alone.py URL SETTINGS [before|after N]``.

SETTINGS is ``[[imap]]`` as JSON. It ends once everything there was is read and settled; or it kills itself right
before or after the N-th transaction it writes.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

import structlog

from gateway.imap_door import ImapDoor
from gateway.settings import ImapSettings
from intake.ports import Transaction
from storage import open_store
from tests.support.mailboxes import QUICK

T = TypeVar("T")


class Fatal:
    """A store one of whose transactions is the last this process does."""

    def __init__(self, store: Any, when: str, number: int) -> None:
        self._store = store
        self._when = when
        self._left = number

    def write(self, work: Callable[[Transaction], T]) -> T:
        self._left -= 1
        if self._left == 0 and self._when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        done: T = self._store.write(work)
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return done


def main(url: str, settings: str, when: str = "", number: str = "0") -> None:
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(40), logger_factory=structlog.PrintLoggerFactory(sys.stderr)
    )
    store = open_store(url)
    store.write(lambda tx: tx.mailboxes.release())
    fatal: Any = Fatal(store, when, int(number))
    limits = replace(QUICK, mails=3, octets=1 << 16)
    imap = ImapSettings.model_validate(json.loads(settings))
    door = ImapDoor(imap, fatal, lambda: datetime.now(UTC), lambda: None, UTC, limits)
    door.start()
    while door.health().state != "reading":
        time.sleep(0.005)
    door.stop(10)
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
