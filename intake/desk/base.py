"""What every use case stands on: one transaction of change, events and what follows from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from intake.clocks import derived
from intake.desk.roles import why_not
from intake.errors import Conflict, NotFound, Refused
from intake.model import Agent, Event, Role, Ticket

if TYPE_CHECKING:
    from intake.letters.writing import LetterWriter
    from intake.model import Letter
    from intake.ports import Store, Transaction
    from intake.regulations import Regulations
    from intake.settings import DeskSettings

Change = Callable[[Ticket], tuple[dict[str, Any], list[Event]]]
"""From the ticket as it stands to the columns that change and the events that tell of it. Raises Refused."""

LONGEST_NUMBER = 18
"""Digits; more would not fit a column of either database."""


class DeskBase:
    """Store, rules, letters and clock of a desk, and how a ticket is changed.

    ``expected`` is the version of the ticket an agent saw: Conflict where it is older than the stored one, None to act
    on whatever stands."""

    def __init__(
        self,
        store: Store,
        regulations: Regulations,
        writer: LetterWriter,
        settings: DeskSettings,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._regulations = regulations
        self._writer = writer
        self._settings = settings
        self._clock = clock

    def number_of(self, named: str) -> int:
        """The ticket an agent named: "1042", "VD-1042" or "vd-1042". Raises NotFound."""
        text = named.strip()
        with self._store.read() as tx:
            found = tx.tickets.by_key(text)
            if found is None and text.isdecimal() and len(text) <= LONGEST_NUMBER:
                found = tx.tickets.by_key(f"{self._settings.ticket_prefix}-{int(text)}") or tx.tickets.get(int(text))
        if found is None:
            raise NotFound(f"no ticket {named}")
        return found.number

    def agent(self, login: str) -> Agent:
        """The active agent of that login. The first one on a desk without agents becomes its lead. Raises Refused."""
        with self._store.read() as tx:
            found = tx.people.agent(login)
            anybody = found is not None or bool(tx.people.agents(active=False))
        if found is not None and found.active:
            return found
        if anybody:
            raise Refused(f"{login} is not an agent of this desk: otklik agents add {login} …")
        first = Agent(login, login, "", Role.LEAD)
        self._store.write(lambda tx: tx.people.put_agents([first]))
        return first

    def held(self, letter: Letter, now: datetime) -> Letter:
        """The letter, to leave when the time is over in which its agent may take it back."""
        return replace(letter, not_before=now + self._settings.limits.undo_window)

    def require(self, verb: str, by: str | None) -> None:
        """Whether an agent's role is enough for a verb of `roles.NEEDS`; None is whoever runs the machine. Raises
        Refused with the reason."""
        with self._store.read() as tx:
            self._require(tx, verb, by)

    def _require(self, tx: Transaction, verb: str, by: str | None) -> None:
        if by is None:
            return
        people = tx.people.agents()
        agent = next((one for one in people if one.login == by), None)
        if agent is None:
            raise Refused(f"{by} is not an agent of this desk: otklik agents add {by} …")
        if why := why_not(agent, verb, people):
            raise Refused(why)

    def _change(
        self,
        number: int,
        change: Callable[[Ticket], tuple[dict[str, Any], list[Event]]],
        expected: int | None,
    ) -> Ticket:
        return self._store.write(partial(self._changed, number, change, expected))

    def _changed(
        self,
        number: int,
        change: Callable[[Ticket], tuple[dict[str, Any], list[Event]]],
        expected: int | None,
        tx: Transaction,
    ) -> Ticket:
        ticket = self._current(tx, number, expected)
        changes, events = change(ticket)
        return self._apply(tx, ticket, changes, events)

    def _current(self, tx: Transaction, number: int, expected: int | None) -> Ticket:
        ticket = tx.tickets.get(number)
        if expected is not None and ticket.version != expected:
            raise Conflict(f"{ticket.key} изменилось, пока вы его смотрели")
        return ticket

    def _apply(self, tx: Transaction, ticket: Ticket, changes: dict[str, Any], events: list[Event]) -> Ticket:
        """Write changes and events, and what follows from them."""
        tx.tickets.add_events(ticket.number, events)
        moved = replace(ticket, **changes)
        clocks = derived(moved, tx.tickets.events(ticket.number), self._regulations.of(ticket.regulation))
        return tx.tickets.update(ticket, **{**changes, **clocks, "updated_at": self._clock()})
