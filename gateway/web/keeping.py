"""A submission into the journal, and what becomes of it within a few seconds."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from intake.errors import StoreUnavailable
from intake.forms import FilledForm, form_mail
from intake.model import Arrival, Disposition, Envelope, JournalRow

if TYPE_CHECKING:
    from gateway.web.backstage import Backstage
    from intake.ports import Transaction

COMMIT = 30.0
"""Seconds for the journal; a later yes would meet a client that was told to come again."""
FIRST_LOOK, LONGEST_PAUSE = 0.02, 0.25


def digest(*parts: str | bytes) -> str:
    """SHA-256 (hex) of parts that can't be mistaken for others."""
    whole = hashlib.sha256()
    for part in parts:
        octets = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        whole.update(b"%d:" % len(octets) + octets)
    return whole.hexdigest()


def form_digest(form: FilledForm) -> str:
    """What tells one request from another."""
    texts = (form.name, form.email, form.organisation, form.product, form.type or "", form.subject, form.body)
    return digest(*texts, *_files(form))


async def keep(
    backstage: Backstage,
    form: FilledForm,
    door: str,
    door_key: str,
    peer: str,
    mailbox: str = "",
    recipient: str | None = None,
) -> JournalRow:
    """The row of a submission, durable; that of the first where it is a repetition. Raises StoreUnavailable."""
    now = backstage.clock()
    raw = await backstage.off_loop(form_mail, form, door_key, form_digest(form), backstage.desk, now)
    envelope = Envelope(form.email, (recipient or backstage.desk.address,))
    arrival = Arrival(raw, door, now, door_key, mailbox, envelope, peer)
    row = await _committed(backstage, arrival)
    backstage.wake()
    return row


async def settled(backstage: Backstage, row: JournalRow, door_key: str) -> JournalRow:
    """The row once it has its disposition, or as it is when `Backstage.patience` ends."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + backstage.patience
    pause = FIRST_LOOK
    while row.disposition is Disposition.NEW and loop.time() < deadline:
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE)
        found = await backstage.off_loop(known, backstage, door_key)
        row = row if found is None else found
    return row


def known(backstage: Backstage, door_key: str) -> JournalRow | None:
    """The row of a submission. Reads the database."""
    with backstage.store.read() as tx:
        return tx.journal.known(door_key)


async def _committed(backstage: Backstage, arrival: Arrival) -> JournalRow:
    """The client going away does not stop it; waiting too long does, and then nothing is kept."""
    given_up = False

    def work(tx: Transaction) -> JournalRow:
        if given_up:
            raise StoreUnavailable("the client was told to come again")
        tx.journal.keep(arrival)
        row = tx.journal.known(arrival.door_key)
        if row is None:
            raise StoreUnavailable("a kept row can't be found")
        return row

    future = asyncio.wrap_future(backstage.store.submit(work))
    try:
        async with asyncio.timeout(COMMIT):
            return await asyncio.shield(future)
    except TimeoutError:
        given_up = True
        raise StoreUnavailable("the database takes too long") from None


def _files(form: FilledForm) -> Iterable[str | bytes]:
    for file in form.files:
        yield file.filename
        yield file.data
