"""Who a ticket's client is: set by an agent, often from what was offered when somebody forwarded the client's mail."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from intake.contacts import known_name, offered_contact
from intake.desk.moving import DESK, Moving
from intake.errors import Refused
from intake.letters.addresses import valid_address
from intake.licensing import licensee_of
from intake.model import Direction, Event, Status, Ticket

if TYPE_CHECKING:
    from datetime import datetime

    from intake.desk.moving import Written
    from intake.ports import Transaction


class Contacting(Moving):
    """The contact of a ticket."""

    def set_contact(
        self,
        number: int,
        address: str | None,
        by: str,
        expected: int | None = None,
        *,
        name: str = "",
        quiet: bool = False,
    ) -> Ticket:
        """Make an address the ticket's contact; None takes the one that was offered. Letters go there from now on, and
        what comes from there takes part. The acknowledgement goes to it where none has left before, unless ``quiet``;
        nobody is acknowledged twice. Raises Refused."""
        now = self._clock()
        with self._store.read() as tx:
            ticket = tx.tickets.get(number)
            messages = tx.messages.of(number)
            wanted = address.strip() if address is not None else offered_contact(tx.tickets.events(number))
            found = licensee_of(tx, wanted)
        if wanted is None:
            raise Refused(f"{ticket.key}: контакт не предложен, назовите адрес")
        self._require_writable(wanted)
        after = replace(ticket, contact_address=wanted, contact_name=name.strip() or known_name(messages, wanted))
        changes: dict[str, Any] = {"contact_address": after.contact_address, "contact_name": after.contact_name}
        if found is not None:
            changes["licensee"] = found.name
        written = any(m.direction is Direction.OUT for m in messages)
        done = ticket.spam or ticket.merged_into is not None or ticket.status is Status.CLOSED
        letter = None if quiet or written or done else self._acknowledgement(after, now)
        return self._store.write(partial(self._set_contact, number, changes, by, expected, now, letter))

    def _require_writable(self, address: str) -> None:
        from intake.reading import own_addresses
        from intake.screening.recipients import is_nobody

        if not valid_address(address):
            raise Refused(f"{address}: на такой адрес нельзя написать")
        if own_addresses(self._settings).holds(address):
            raise Refused(f"{address} — адрес самой службы")
        if is_nobody(address.rpartition("@")[0]):
            raise Refused(f"{address}: этот ящик никто не читает")

    def _acknowledgement(self, ticket: Ticket, now: datetime) -> Written:
        regulation = self._regulations.of(ticket.regulation)
        return self._writer.acknowledgement(ticket, regulation, None, (), now)

    def _set_contact(
        self,
        number: int,
        changes: dict[str, Any],
        by: str,
        expected: int | None,
        now: datetime,
        letter: Written | None,
        tx: Transaction,
    ) -> Ticket:
        ticket = self._current(tx, number, expected)
        if ticket.contact_address == changes["contact_address"] and ticket.contact_name == changes["contact_name"]:
            raise Refused(f"{ticket.key}: это и есть его контакт")
        events = [Event(now, by, "contact", ticket.contact_address, changes["contact_address"])]
        if "licensee" in changes and changes["licensee"] != ticket.licensee:
            events.append(Event(now, by, "licensee", ticket.licensee, changes["licensee"]))
        moved = self._apply(tx, ticket, changes, events)
        if letter is not None:
            self._queue(tx, moved, letter, DESK, now)
        return moved
