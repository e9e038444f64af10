"""A ticket opened on a licensee's behalf (§3), as if he had written: kept in the journal, processed at once."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from intake.forms import form_mail
from intake.model import Arrival, Envelope

if TYPE_CHECKING:
    from gateway.bootstrap import Parts
    from intake.forms import FilledForm
    from intake.model import JournalRow
    from intake.ports import Transaction

LEASE = timedelta(minutes=10)


def open_for(parts: Parts, form: FilledForm, login: str, processes: int = 1) -> int:
    """The number of the ticket that was opened for an agent. Its text is read in a process of its own, with
    ``processes`` 0 here. Raises Refused for a wrong address, and what its processing raised: then it waits in the
    journal."""
    from gateway.mail_readers import PooledReader
    from gateway.worker import Worker

    now, key = parts.clock(), secrets.token_hex(32)
    raw = form_mail(form, key, "", parts.desk_settings, now)
    arrival = Arrival(raw, "agent", now, key, mailbox=login, envelope=Envelope(form.email, ()))

    def keep(tx: Transaction) -> JournalRow:
        kept = tx.journal.keep(arrival, lease_until=now + LEASE)
        assert kept is not None, "a random key is a fresh one"
        return tx.journal.get(kept)

    row = parts.store.write(keep)
    reader = PooledReader(parts.desk_settings, processes, parts.store)
    try:
        (done,) = Worker(parts.store, parts.receiver, reader, parts.clock).process([row])
    finally:
        reader.close()
    if done.error is not None:
        raise done.error
    with parts.store.read() as tx:
        return tx.journal.get(row.id).ticket or 0
