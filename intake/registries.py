"""The registries: agents, licensees (§1), the roster of shifts (§2), passwords; and what is needed of a store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from intake.model import Agent


@dataclass(frozen=True, slots=True)
class Contact:
    """A person of a licensee. ``learned``: an agent linked a ticket of his, the registry did not name him."""

    name: str
    address: str
    post: str = ""
    phone: str = ""
    learned: bool = False


@dataclass(frozen=True, slots=True)
class Licensee:
    """An organisation with a licence (§1). ``inn`` has 10 or 12 digits; ``domains`` are in ASCII, lower case."""

    inn: str
    name: str
    kind: str = ""
    domains: tuple[str, ...] = ()
    licence_no: str = ""
    licensed_since: date | None = None
    products: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One person's time in the shift of a day, in the desk's zone. ``end`` of 00:00 is midnight at the day's end."""

    day: date
    login: str
    start: time
    end: time

    @property
    def minutes(self) -> tuple[int, int]:
        """Beginning and end in minutes of the day."""
        start, end = (at.hour * 60 + at.minute for at in (self.start, self.end))
        return start, end or 24 * 60


class People(Protocol):
    """The desk's own people and what they left half-written."""

    def agents(self, active: bool = True) -> list[Agent]:
        """By login."""

    def agent(self, login: str) -> Agent | None:
        """One of them, active or not."""

    def put_agents(self, agents: Iterable[Agent]) -> None:
        """Add or replace by login."""

    def draft(self, login: str, ticket: int, kind: str) -> str | None:
        """What this agent has typed and not sent."""

    def keep_draft(self, login: str, ticket: int, kind: str, text: str, now: datetime) -> None:
        """Keep it; an empty text removes it."""


class Licensees(Protocol):
    """Organisations by their INN."""

    def all(self) -> list[Licensee]:
        """By name."""

    def get(self, inn: str) -> Licensee | None:
        """One of them."""

    def named(self, name: str) -> list[Licensee]:
        """Those of that name, case and runs of blanks not counting."""

    def put(self, licensees: Iterable[Licensee]) -> None:
        """Add or replace by INN. Contacts that were learned stay."""

    def of_address(self, address: str) -> Licensee | None:
        """The one whose contact has this address; of several the one an agent linked last, else None."""

    def of_domain(self, domain: str) -> Licensee | None:
        """The one that has this domain; None where several have it."""

    def learn_contact(self, inn: str | None, contact: Contact) -> None:
        """From now on this address is the licensee's, whatever was learned of it before; None: nobody's again."""


class Shifts(Protocol):
    """The roster."""

    def between(self, first: date, last: date) -> list[Turn]:
        """Turns of these days, both included, by day, beginning and login."""

    def last_day(self) -> date | None:
        """The last day somebody is on; None for an empty roster."""

    def put(self, turns: Iterable[Turn]) -> None:
        """Add turns in place of all those that the same people had on the same days."""

    def remove(self, day: date, login: str) -> bool:
        """Remove all turns of a person on a day; False where there are none."""

    def clear(self, first: date, last: date) -> None:
        """Remove all turns of these days, both included."""


class Passwords(Protocol):
    """Hashes of agents' passwords."""

    def of(self, login: str) -> str | None:
        """The hash; None for who has none, or is not there."""

    def set(self, login: str, hashed: str | None) -> None:
        """Write it; None removes it."""


class Registries(Protocol):
    """What a transaction offers of them."""

    @property
    def licensees(self) -> Licensees: ...

    @property
    def shifts(self) -> Shifts: ...

    @property
    def passwords(self) -> Passwords: ...
