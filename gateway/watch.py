"""The desk's watch on a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog

from intake.errors import StoreUnavailable

if TYPE_CHECKING:
    from intake.desk import Desk

EVERY_SECONDS = 15.0
log = structlog.get_logger()


class Watch:
    """Looks at the deadlines every few seconds until `stop`. ``warned`` is called after letters were queued."""

    def __init__(self, desk: Desk, warned: Callable[[], None], every: float = EVERY_SECONDS) -> None:
        self._desk = desk
        self._warned = warned
        self._every = every
        self._stopped = threading.Event()

    def stop(self) -> None:
        """End `run` after the look under way."""
        self._stopped.set()

    def run(self) -> None:
        """Look, rest, look again."""
        while not self._stopped.wait(self._every):
            try:
                given, mailed = self._desk.watch(), self._desk.mail_month()
                if given or mailed:
                    self._warned()
            except StoreUnavailable as error:
                log.warning("deadlines not looked at now", why=str(error))
            except Exception:
                log.exception("the watch stumbled")
