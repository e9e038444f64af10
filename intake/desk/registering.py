"""Registries: agents and their passwords, licensees, the roster. Who may change them stands in `roles`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from intake.desk.base import DeskBase
from intake.errors import NotFound, Refused
from intake.letters.addresses import valid_address
from intake.licensing import licensee_of
from intake.model import Event, Ticket
from intake.registries import Contact, Licensee, Turn

if TYPE_CHECKING:
    from datetime import date

    from intake.model import Agent
    from intake.ports import Transaction


class Registering(DeskBase):
    """``by`` is an agent's login; None is whoever runs the machine the desk lives on, who may do everything."""

    def put_agents(self, agents: Iterable[Agent], by: str | None = None) -> None:
        """Add or replace by login. Raises Refused."""
        wanted = list(agents)

        def work(tx: Transaction) -> None:
            self._require(tx, "agents", by)
            tx.people.put_agents(wanted)

        self._store.write(work)

    def put_licensees(self, licensees: Iterable[Licensee], by: str | None = None) -> None:
        """Add or replace by INN; tickets that are there stay as they are. Raises Refused."""
        wanted = list(licensees)

        def work(tx: Transaction) -> None:
            self._require(tx, "licensees", by)
            tx.licensees.put(wanted)

        self._store.write(work)

    def put_turns(self, turns: Iterable[Turn], by: str | None = None, *, replace: bool = False) -> None:
        """Add turns in place of those the same people had on the same days; ``replace``: in place of everybody's from
        the first of these days to the last. Raises Refused."""
        wanted = list(turns)

        def work(tx: Transaction) -> None:
            self._require(tx, "shifts", by)
            if replace and wanted:
                tx.shifts.clear(min(turn.day for turn in wanted), max(turn.day for turn in wanted))
            tx.shifts.put(wanted)

        self._store.write(work)

    def drop_turns(self, day: date, login: str, by: str | None = None) -> None:
        """Take a person out of a day's shift. Raises Refused."""

        def work(tx: Transaction) -> None:
            self._require(tx, "shifts", by)
            if not tx.shifts.remove(day, login):
                raise Refused(f"{login} и так не в смене {day:%d.%m.%Y}")

        self._store.write(work)

    def licensee(self, named: str) -> Licensee:
        """The licensee of an INN or a name. Raises NotFound, and Refused where several have the name."""
        with self._store.read() as tx:
            return _licensee(tx, named)

    def licensee_of(self, address: str | None) -> Licensee | None:
        """Whose an address is; None marks a stranger, to be linked by `set_licensee`."""
        with self._store.read() as tx:
            return licensee_of(tx, address)

    def set_licensee(self, number: int, named: str | None, by: str, expected: int | None = None) -> Ticket:
        """Say whose a ticket is, by INN or name; None: nobody's. Later mail from its contact's address is the
        licensee's too. Raises NotFound, Refused."""
        now = self._clock()

        def work(tx: Transaction) -> Ticket:
            ticket = self._current(tx, number, expected)
            found = _licensee(tx, named) if named is not None else None
            name = found.name if found is not None else None
            if valid_address(ticket.contact_address or ""):
                contact = Contact(ticket.contact_name, ticket.contact_address or "")
                tx.licensees.learn_contact(found.inn if found is not None else None, contact)
            if ticket.licensee == name:
                return ticket
            return self._apply(tx, ticket, {"licensee": name}, [Event(now, by, "licensee", ticket.licensee, name)])

        return self._store.write(work)

    def set_password(self, login: str, password: str | None, by: str | None = None) -> None:
        """Give an agent a password for the screen, or take it away with None. Others' only by an administrator.
        Raises Refused, NotFound, ConfigError."""
        from intake.passwords import hash_password

        hashed = None if password is None else hash_password(password)

        def work(tx: Transaction) -> None:
            if tx.people.agent(login) is None:
                raise NotFound(f"{login} is not an agent of this desk: otklik agents add {login} …")
            if by != login:
                self._require(tx, "passwords", by)
            tx.passwords.set(login, hashed)

        self._store.write(work)

    def check_password(self, login: str, password: str) -> bool:
        """Whether an active agent has this password; who has none is never let in. Takes as long for any login."""
        from intake.passwords import is_password

        with self._store.read() as tx:
            agent, hashed = tx.people.agent(login), tx.passwords.of(login)
        return is_password(hashed if agent is not None and agent.active else None, password)


def _licensee(tx: Transaction, named: str) -> Licensee:
    text = named.strip()
    found = tx.licensees.get(text)
    if found is not None:
        return found
    same = tx.licensees.named(text)
    if not same:
        raise NotFound(f"Лицензиата {text!r} нет в реестре")
    if len(same) > 1:
        raise Refused(f"Название {text!r} у нескольких лицензиатов, укажите ИНН: {', '.join(one.inn for one in same)}")
    return same[0]
