"""Reading for the worker: raw mail to what intake understands, in worker processes or at once."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from functools import partial

from gateway.reading import ReadingPool
from intake.mail.reading import read_header_only
from intake.model import Envelope, JournalRow
from intake.reading import Reading, judged, own_addresses, read
from intake.screening import OwnAddresses
from intake.settings import DeskSettings

Job = tuple[bytes, Envelope]


def read_job(own: OwnAddresses, job: Job) -> Reading:
    """The whole reading of one mail."""
    raw, envelope = job
    return read(raw, envelope, own)


def read_head_job(own: OwnAddresses, job: Job) -> Reading:
    """What can be said of a mail that could not be read within its limits."""
    raw, envelope = job
    return judged(read_header_only(raw), envelope, own)


class PooledReader:
    """Reads in worker processes that a mail cannot take down with it."""

    def __init__(self, settings: DeskSettings, processes: int = 1) -> None:
        own = own_addresses(settings)
        self._pool: ReadingPool[Job, Reading] = ReadingPool(
            partial(read_job, own), partial(read_head_job, own), processes=processes
        )

    def submit(self, row: JournalRow) -> Future[Reading]:
        """See `gateway.worker.Reader`."""
        return self._pool.submit((row.raw, row.envelope))

    def close(self) -> None:
        """End the worker processes."""
        self._pool.close()


class CommandReader:
    """Reads for one command: in a worker process of its own, ``as_ticket`` whatever the screening said."""

    def __init__(self, settings: DeskSettings, *, as_ticket: bool = False) -> None:
        self._reader = PooledReader(settings)
        self._as_ticket = as_ticket

    def submit(self, row: JournalRow) -> Future[Reading]:
        """See `gateway.worker.Reader`."""
        read_ = self._reader.submit(row)
        if not self._as_ticket:
            return read_
        made: Future[Reading] = Future()
        made.set_result(_as_ticket(read_.result()))
        return made

    def close(self) -> None:
        """End the worker process."""
        self._reader.close()


def _as_ticket(reading: Reading) -> Reading:
    """A person says that it is a request; whoever wrote it still gets no automatic letter unless he may."""
    return replace(
        reading, verdict=replace(reading.verdict, becomes="ticket", rule="chosen", why="by an agent's choice")
    )
