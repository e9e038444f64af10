"""From the journal to the ticket: plan on a snapshot, render outside the write lock, then one transaction each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from intake.deeds import carry_out
from intake.errors import Conflict
from intake.forms import as_told
from intake.letters.writing import LetterWriter
from intake.model import Disposition, JournalRow
from intake.plans import Plan, plan
from intake.ports import DuplicateContent, Outcome
from intake.reading import Reading
from intake.regulations import Regulations
from intake.settings import DeskSettings
from intake.signing import Signer

if TYPE_CHECKING:
    from intake.ports import Store, Transaction


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one journal row; ``error`` where processing it failed and it stays in the journal."""

    row: int
    outcome: Outcome | None = None
    error: Exception | None = None


class Receiver:
    """Turns journal rows that were read into tickets, messages and their letters."""

    def __init__(
        self,
        store: Store,
        regulations: Regulations,
        writer: LetterWriter,
        signer: Signer,
        settings: DeskSettings,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._regulations = regulations
        self._writer = writer
        self._signer = signer
        self._settings = settings
        self._clock = clock

    def receive(self, batch: Sequence[tuple[JournalRow, Reading]]) -> list[Received]:
        """Process rows in order; a mail that refers to one before it in the batch waits until that is done.

        One bad row never takes others with it: its error is in its own answer.
        """
        done: list[Received] = []
        rest = [(row, as_told(row, reading, self._settings)) for row, reading in batch]
        while rest:
            now_round, rest = _independent(rest)
            done += self._round(now_round)
        return done

    def read_again(self, row: JournalRow, reading: Reading) -> None:
        """Read a mail that is a message already once more, in its place: no event, no letter."""
        message = as_told(row, reading, self._settings).message
        stored = row.message
        assert stored is not None, "only a row with a message is read again"
        self._store.write(lambda tx: tx.messages.reread(stored, message.reply, message.text, message.warnings))

    def _round(self, batch: Sequence[tuple[JournalRow, Reading]]) -> list[Received]:
        planned: list[tuple[JournalRow, Plan | Exception]] = []
        with self._store.read() as tx:
            for row, reading in batch:
                planned.append((row, self._planned(tx, row, reading)))
        numbers = self._numbers(sum(isinstance(p, Plan) and p.opens for _, p in planned))
        futures: list[tuple[JournalRow, Plan, Future[Outcome]]] = []
        done: list[Received] = []
        for row, made in planned:
            if isinstance(made, Exception):
                done.append(Received(row.id, error=made))
                continue
            try:
                ready = self._ready(made, numbers)
                futures.append((row, ready, self._store.submit(partial(self._commit, ready))))
            except Exception as error:
                done.append(Received(row.id, error=error))
        return done + [self._settled(row, ready, future) for row, ready, future in futures]

    def _planned(self, tx: Transaction, row: JournalRow, reading: Reading) -> Plan | Exception:
        try:
            return plan(tx, row, reading, self._signer, self._settings, self._regulations)
        except Exception as error:
            return error

    def _numbers(self, count: int) -> list[int]:
        """Numbers for the tickets this round opens, in order of arrival."""
        if not count:
            return []
        first = self._store.write(lambda tx: tx.tickets.reserve(count))
        return list(range(first + count - 1, first - 1, -1))

    def _ready(self, made: Plan, numbers: list[int]) -> Plan:
        return made.written(numbers.pop(), self._writer, self._settings, self._clock()) if made.opens else made

    def _commit(self, made: Plan, tx: Transaction) -> Outcome:
        outcome = carry_out(tx, made, self._regulations, self._settings, self._clock(), self._writer)
        tx.journal.finish(made.row.id, outcome)
        return outcome

    def _settled(self, row: JournalRow, made: Plan, future: Future[Outcome]) -> Received:
        try:
            return Received(row.id, future.result())
        except DuplicateContent:
            return self._duplicate(row, made)
        except Conflict as error:
            return Received(row.id, error=error)
        except Exception as error:
            return Received(row.id, error=error)

    def _duplicate(self, row: JournalRow, made: Plan) -> Received:
        """Another worker stored this very mail between plan and commit."""

        def finish(tx: Transaction) -> Outcome:
            twin = tx.messages.by_content(made.content_key)
            where = (twin.ticket, twin.id) if twin is not None else (None, None)
            outcome = replace(made.outcome(Disposition.DUPLICATE, "same-content"), ticket=where[0], message=where[1])
            tx.journal.finish(row.id, outcome)
            return outcome

        try:
            return Received(row.id, self._store.write(finish))
        except Exception as error:
            return Received(row.id, error=error)


Pairs = list[tuple[JournalRow, Reading]]


def _independent(batch: Pairs) -> tuple[Pairs, Pairs]:
    """The mails that can be planned together, and those that speak of one of them and have to come after."""
    first: Pairs = []
    later: Pairs = []
    named: set[str] = set()
    for row, reading in batch:
        message = reading.message
        own = {message.content_key, message.message_id or ""} - {""}
        speaks_of = {*own, *message.in_reply_to, *message.references}
        (later if speaks_of & named else first).append((row, reading))
        named |= own
    return first, later
