"""Reading for the worker: raw mail to what intake understands, in worker processes or at once."""

from __future__ import annotations

import time
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Final

import structlog

from gateway.reading import ReadingPool
from intake.errors import StoreUnavailable
from intake.mail.reading import read_header_only
from intake.model import Envelope, JournalRow
from intake.reading import Reading, judged, own_addresses, read
from intake.screening import OwnAddresses
from intake.settings import DeskSettings
from intake.typing import desk_model

if TYPE_CHECKING:
    from intake.ports import Store

Job = tuple[bytes, Envelope]
LOOK_SECONDS: Final = 20.0
"""How often it is asked for whether a newer typing model is in use."""

log = structlog.get_logger()


def read_job(own: OwnAddresses, model: str, job: Job) -> Reading:
    """The whole reading of one mail; ``model`` as `Lessons.model` tells it."""
    raw, envelope = job
    return read(raw, envelope, own, desk_model(model))


def read_head_job(own: OwnAddresses, model: str, job: Job) -> Reading:
    """What can be said of a mail that could not be read within its limits."""
    raw, envelope = job
    return judged(read_header_only(raw), envelope, own, desk_model(model))


class PooledReader:
    """Reads in worker processes that a mail cannot take down with it, typing with the model in use in ``store``.

    A newer model is taken up between mails, by fresh worker processes."""

    def __init__(self, settings: DeskSettings, processes: int = 1, store: Store | None = None) -> None:
        self._own = own_addresses(settings)
        self._processes = processes
        self._store = store
        self._version = 0
        self._at_work: list[Future[Reading]] = []
        self._looked = time.monotonic()
        self._pool = self._new_pool(self._newer() or "")

    def _new_pool(self, model: str) -> ReadingPool[Job, Reading]:
        return ReadingPool(
            partial(read_job, self._own, model),
            partial(read_head_job, self._own, model),
            processes=self._processes,
        )

    def submit(self, row: JournalRow) -> Future[Reading]:
        """See `gateway.worker.Reader`."""
        self._at_work = [future for future in self._at_work if not future.done()]
        if not self._at_work and time.monotonic() - self._looked > LOOK_SECONDS:
            self.look()
        self._at_work.append(self._pool.submit((row.raw, row.envelope)))
        return self._at_work[-1]

    def look(self) -> None:
        """Take up a newer model, if there is one; only while nothing is read."""
        self._looked = time.monotonic()
        model = self._newer()
        if model is not None:
            before, self._pool = self._pool, self._new_pool(model)
            before.close()

    def _newer(self) -> str | None:
        """The model in use where it is another than the one at work."""
        if self._store is None:
            return None
        try:
            with self._store.read() as tx:
                if tx.lessons.model_version() == self._version:
                    return None
                self._version, model = tx.lessons.model()
                return model
        except StoreUnavailable as error:
            log.warning("typing model not looked for", why=str(error))
            return None

    def close(self) -> None:
        """End the worker processes."""
        self._pool.close()
