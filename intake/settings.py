"""What the core has to be told about the desk it serves; gateway.settings reads it from otklik.toml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """Ceilings of letters that incoming mail sets off, and the waits of sending."""

    letters_per_address_hour: int = 10
    letters_per_address_day: int = 30
    letters_per_hour: int = 600
    form_letters_per_address_hour: int = 1
    form_letters_per_address_day: int = 3
    old_keys: timedelta = timedelta(days=730)
    uncertain_pause: timedelta = timedelta(minutes=15)
    undo_window: timedelta = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Department:
    """A department of the second line. ``senders`` are addresses, or ``@domain`` for everybody there, whose answers are
    its own; ``head`` (an address, "Name <address>" or an agent's login) is told when an answer is late."""

    key: str
    title: str
    email: str | None = None
    senders: tuple[str, ...] = ()
    head: str | None = None
    slack_channel: str | None = None

    def speaks(self, address: str | None) -> bool:
        """Whether the sender of that address answers for it."""
        if not address:
            return False
        own = {sender.lower() for sender in self.senders or filter(None, (self.email,))}
        return address.lower() in own or "@" + address.lower().rpartition("@")[2] in own


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """Names and addresses of the desk. ``reply_address`` "plus": letters carry a signed address of their ticket;
    "plain": the desk's own address, for mail providers that do not deliver plus-addresses."""

    name: str = "Служба поддержки «Витрина Домиленд»"
    address: str = "support@localhost"
    aliases: tuple[str, ...] = ()
    own_lists: tuple[str, ...] = ()
    ticket_prefix: str = "VD"
    timezone: str = "Europe/Moscow"
    reply_address: str = "plus"
    envelope_from: str | None = None
    authserv_id: str | None = None
    relays: tuple[str, ...] = ()
    """Networks of our own relays beside this machine: only they bring mail that was checked."""
    public_url: str | None = None
    hand_over: timedelta = timedelta(minutes=30)
    """How long before closing time a shift is told what it leaves to the next."""
    forms: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    """Foreign forms: the robot's address, and pairs of our field and the label that stands before its value."""
    limits: Limits = Limits()
    departments: tuple[Department, ...] = ()
    slack: bool = False
    """Whether posts can leave to Slack."""

    def department(self, key: str) -> Department | None:
        """One of the departments."""
        return next((department for department in self.departments if department.key == key), None)

    @property
    def own_addresses(self) -> tuple[str, ...]:
        """Every address that is the desk itself, lower case, the main one first."""
        return tuple(dict.fromkeys(a.lower() for a in (self.address, *self.aliases)))

    @property
    def domain(self) -> str:
        """The domain our Message-IDs are of."""
        return self.address.rpartition("@")[2].lower() or "localhost"
