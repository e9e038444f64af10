"""The outbox on a database. See `intake.outgoing.Outbox`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from intake.errors import NotFound, Refused
from intake.model import Delivery, Letter, OutboxRow
from storage.rows import Rows, digest, moment, moment_or_none, stamp, stamp_or_none, storable

_HEAD = (
    "id, ticket, kind, message_id, state, attempts, created_at, next_try_at, error, envelope_from, repeated, automatic,"
    " leased_until, first_failed_at"
)


class StoredOutbox:
    """See `intake.outgoing.Outbox`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def add(self, letter: Letter, now: datetime) -> int:
        """See `Outbox.add`."""
        due = stamp(letter.not_before or now)
        row = self._rows.insert(
            "outbox",
            {
                "ticket": letter.ticket,
                "kind": letter.kind,
                "message_id": letter.message_id,
                "message_id_hash": digest(letter.message_id),
                "envelope_from": letter.envelope_from,
                "raw": letter.raw,
                "automatic": int(letter.automatic),
                "state": letter.state.value,
                "attempts": 0,
                "repeated": 0,
                "created_at": stamp(now),
                "next_try_at": due if letter.state is Delivery.QUEUED else None,
                "error": letter.reason,
            },
        )
        for address in dict.fromkeys(letter.recipients):
            self._rows.insert(
                "recipients",
                {
                    "letter": row,
                    "address": storable(address.lower()),
                    "state": letter.state.value,
                    "automatic": int(letter.automatic),
                    "created_at": stamp(now),
                },
                returning=None,
            )
        return int(row)

    def automatic_since(self, since: datetime, address: str | None = None) -> int:
        """See `Outbox.automatic_since`."""
        if address is None:
            return self._rows.count(
                "SELECT COUNT(*) FROM outbox WHERE automatic = 1 AND created_at >= ? AND state <> 'suppressed'",
                (stamp(since),),
            )
        self._rows.hold(f"letters to {address.lower()}")
        return self._rows.count(
            "SELECT COUNT(*) FROM recipients WHERE address = ? AND automatic = 1 AND created_at >= ?"
            " AND state <> 'suppressed'",
            (address.lower(), stamp(since)),
        )

    def lease(self, now: datetime, until: datetime, limit: int) -> list[OutboxRow]:
        """See `Outbox.lease`."""
        at = stamp(now)
        found = self._rows.all(
            f"SELECT {_HEAD}, raw FROM outbox WHERE state IN ('queued', 'uncertain') AND next_try_at <= ?"
            " AND in_flight_at IS NULL AND (leased_until IS NULL OR leased_until < ?)"
            f" ORDER BY next_try_at, id LIMIT ?{self._rows.skip_locked}",
            (at, at, limit),
        )
        if not found:
            return []
        marks = ", ".join("?" * len(found))
        ids = [row[0] for row in found]
        self._rows.run(f"UPDATE outbox SET leased_until = ? WHERE id IN ({marks})", (stamp(until), *ids))
        letters = self._with_recipients(found, raw=True)
        return [replace(letter, leased_until=until) for letter in letters]

    def lost(self, now: datetime, limit: int) -> list[OutboxRow]:
        """See `Outbox.lost`."""
        found = self._rows.all(
            f"SELECT {_HEAD} FROM outbox WHERE state IN ('queued', 'uncertain') AND in_flight_at IS NOT NULL"
            " AND leased_until < ? ORDER BY id LIMIT ?",
            (stamp(now), limit),
        )
        return self._with_recipients(found)

    def release(self, now: datetime) -> None:
        """See `Outbox.release`."""
        self._rows.run(
            "UPDATE outbox SET leased_until = ? WHERE state IN ('queued', 'uncertain') AND leased_until IS NOT NULL",
            (stamp(now) - 1,),
        )

    def waiting(self, now: datetime) -> bool:
        """See `Outbox.waiting`."""
        at = stamp(now)
        return bool(
            self._rows.all(
                "SELECT 1 FROM outbox WHERE state IN ('queued', 'uncertain') AND next_try_at <= ?"
                " AND in_flight_at IS NULL AND (leased_until IS NULL OR leased_until < ?) LIMIT 1",
                (at, at),
            )
        )

    def renew(self, letters: Sequence[OutboxRow], until: datetime | None) -> list[OutboxRow]:
        """See `Outbox.renew`."""
        free = " AND in_flight_at IS NULL" if until is None else ""
        held = []
        for letter in letters:
            where = f"id = ? AND leased_until = ?{free}"
            if self._rows.update(
                "outbox",
                {"leased_until": stamp_or_none(until)},
                where,
                (letter.id, stamp_or_none(letter.leased_until)),
            ):
                held.append(replace(letter, leased_until=until))
        return held

    def mark_in_flight(self, letter: OutboxRow, now: datetime) -> bool:
        """See `Outbox.mark_in_flight`."""
        repeated = letter.repeated or any(state is Delivery.UNCERTAIN for _, state, _ in letter.recipients)
        values = {"in_flight_at": stamp(now), "repeated": int(repeated)}
        lease = stamp_or_none(letter.leased_until)
        where = "id = ? AND leased_until = ? AND in_flight_at IS NULL AND state IN ('queued', 'uncertain')"
        return bool(self._rows.update("outbox", values, where, (letter.id, lease)))

    def settle(
        self,
        letter: OutboxRow,
        outcomes: Mapping[str, tuple[Delivery, str | None]],
        now: datetime,
        next_try_at: datetime | None,
        error: str | None,
    ) -> OutboxRow:
        """See `Outbox.settle`."""
        for address, (state, reason) in outcomes.items():
            values = {
                "state": state.value,
                "error": None if reason is None else storable(reason),
                "sent_at": stamp(now) if state is Delivery.SENT else None,
            }
            where = "letter = ? AND address = ? AND state <> 'sent'"
            self._rows.update("recipients", values, where, (letter.id, address))
        state = _state_of({row[0] for row in self._states(letter.id)})
        failing = state is not Delivery.SENT
        first_failed = letter.first_failed_at or (now if failing else None)
        self._rows.update(
            "outbox",
            {
                "state": state.value,
                "attempts": letter.attempts + 1,
                "next_try_at": stamp_or_none(next_try_at) if state in (Delivery.QUEUED, Delivery.UNCERTAIN) else None,
                "error": storable(error) if error is not None and failing else None,
                "leased_until": None,
                "in_flight_at": None,
                "first_failed_at": stamp_or_none(first_failed),
            },
            "id = ?",
            (letter.id,),
        )
        return self.get(letter.id)

    def _states(self, letter: int) -> list[tuple[Any, ...]]:
        return self._rows.all("SELECT state FROM recipients WHERE letter = ?", (letter,))

    def withdraw(self, row: int, now: datetime) -> bool:
        """See `Outbox.withdraw`."""
        if not self.get(row).untouched(now):
            return False
        self._rows.run("DELETE FROM recipients WHERE letter = ?", (row,))
        self._rows.run("DELETE FROM outbox WHERE id = ?", (row,))
        return True

    def retry(self, row: int, now: datetime) -> None:
        """See `Outbox.retry`."""
        letter = self.get(row)
        if letter.state not in (Delivery.FAILED, Delivery.UNCERTAIN, Delivery.QUEUED, Delivery.SUPPRESSED):
            raise Refused(f"letter {row} is {letter.state.value}: nobody is left to send it to")
        self._rows.run(
            "UPDATE recipients SET state = 'queued', error = NULL WHERE letter = ? AND state <> 'sent'", (row,)
        )
        self._rows.run(
            "UPDATE outbox SET state = 'queued', next_try_at = ?, error = NULL, repeated = 0, first_failed_at = NULL"
            " WHERE id = ? AND in_flight_at IS NULL",
            (stamp(now), row),
        )

    def bounced(self, row: int, addresses: Sequence[str], reason: str) -> None:
        """See `Outbox.bounced`."""
        letter = self.get(row)
        told = {address.lower() for address in addresses}
        met = [address for address, _, _ in letter.recipients if not told or address in told]
        for address in met:
            values = {"state": Delivery.FAILED.value, "error": storable(reason)}
            self._rows.update("recipients", values, "letter = ? AND address = ?", (row, address))
        if met:
            state = _state_of({one for (one,) in self._states(row)})
            values = {"state": state.value, "error": storable(reason)}
            done = {} if state in (Delivery.QUEUED, Delivery.UNCERTAIN) else {"next_try_at": None}
            self._rows.update("outbox", {**values, **done}, "id = ?", (row,))

    def get(self, row: int) -> OutboxRow:
        """See `Outbox.get`."""
        found = self._rows.all(f"SELECT {_HEAD}, raw FROM outbox WHERE id = ?{self._rows.for_update}", (row,))
        if not found:
            raise NotFound(f"no letter {row} in the outbox")
        return self._with_recipients(found, raw=True)[0]

    def recent(self, state: str | None = None, limit: int = 50, suppressed: bool = False) -> list[OutboxRow]:
        """See `Outbox.recent`."""
        where = "1 = 1" if suppressed else "state <> 'suppressed'"
        params: list[Any] = []
        if state is not None:
            where, params = "state = ?", [state]
        found = self._rows.all(f"SELECT {_HEAD} FROM outbox WHERE {where} ORDER BY id DESC LIMIT ?", (*params, limit))
        return self._with_recipients(found)

    def by_message_id(self, ids: Sequence[str]) -> OutboxRow | None:
        """See `Outbox.by_message_id`."""
        if not ids:
            return None
        hashes = [digest(value) for value in ids[:50]]
        marks = ", ".join("?" * len(hashes))
        found = self._rows.all(f"SELECT {_HEAD} FROM outbox WHERE message_id_hash IN ({marks}) LIMIT 1", hashes)
        return self._with_recipients(found)[0] if found else None

    def counts(self) -> Mapping[str, int]:
        """See `Outbox.counts`."""
        return {row[0]: int(row[1]) for row in self._rows.all("SELECT state, COUNT(*) FROM outbox GROUP BY state")}

    def _with_recipients(self, found: Sequence[Sequence[Any]], raw: bool = False) -> list[OutboxRow]:
        if not found:
            return []
        recipients: dict[int, list[tuple[str, Delivery, str | None]]] = {}
        marks = ", ".join("?" * len(found))
        for letter, address, state, error in self._rows.all(
            f"SELECT letter, address, state, error FROM recipients WHERE letter IN ({marks}) ORDER BY id",
            [row[0] for row in found],
        ):
            recipients.setdefault(letter, []).append((address, Delivery(state), error))
        return [_letter(row, tuple(recipients.get(row[0], ())), raw) for row in found]


def _state_of(states: set[str]) -> Delivery:
    """A letter is what its least happy recipient is."""
    for state in (Delivery.QUEUED, Delivery.UNCERTAIN, Delivery.FAILED, Delivery.SUPPRESSED):
        if state.value in states:
            return state
    return Delivery.SENT


def _letter(row: Sequence[Any], recipients: tuple[tuple[str, Delivery, str | None], ...], raw: bool) -> OutboxRow:
    return OutboxRow(
        id=row[0],
        ticket=row[1],
        kind=row[2],
        message_id=row[3],
        state=Delivery(row[4]),
        attempts=row[5],
        created_at=moment(row[6]),
        next_try_at=moment_or_none(row[7]),
        error=row[8],
        envelope_from=row[9],
        repeated=bool(row[10]),
        automatic=bool(row[11]),
        leased_until=moment_or_none(row[12]),
        first_failed_at=moment_or_none(row[13]),
        recipients=recipients,
        raw=bytes(row[14]) if raw else b"",
    )
