"""Who may come in by the SMTP door, how many at once, and for how long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Generic, Protocol, TypeVar

from intake.errors import ConfigError


@dataclass(frozen=True, slots=True)
class DoorLimits:
    """Limits of the SMTP door; times in seconds, sizes in octets.

    ``idle``: between two commands (RFC 5321 4.5.3.2.7). Once there are too many, whoever is the furthest behind makes
    room, within a transaction by more than ``crowded``, outside of one by more than ``crowded_idle``. ``commit``: the
    longest wait for the store; a 250 any later makes duplicates (RFC 1047). ``data_rate`` octets a second are expected
    of a mail after ``data_grace``, all of it in ``data_most``. ``commands``, ``errors``: answers and permanent refusals
    in one session since its last mail. ``memory``: mails being received and written, all together.
    """

    per_address: int = 50
    recipients: int = 100
    commands: int = 1000
    errors: int = 100
    idle: float = 300.0
    crowded: float = 0.5
    crowded_idle: float = 0.02
    commit: float = 60.0
    data_grace: float = 60.0
    data_rate: int = 500
    data_most: float = 1800.0
    memory: int = 256 * 1024 * 1024


class Guest(Protocol):
    """A connection, as far as admission goes."""

    address: str

    def behind(self, now: float) -> float:
        """Seconds it owes us (since its last command, or by which its mail is behind ``data_rate``) beyond what a
        crowded house bears; below zero where that is not much, or the next step is ours."""

    def dismiss(self, reply: str) -> None:
        """Say a last word and hang up."""


G = TypeVar("G", bound=Guest)


class Guests(Generic[G]):
    """The connections of a door and the memory their mails take."""

    def __init__(self, most: int, limits: DoorLimits, trusted: Sequence[str] = ()) -> None:
        self._most = most
        self._limits = limits
        self._trusted = _networks(trusted)
        self._inside: dict[G, str] = {}
        self._count: Counter[str] = Counter()
        self.memory = 0

    def __iter__(self) -> Iterator[G]:
        return iter(tuple(self._inside))

    def __len__(self) -> int:
        return len(self._inside)

    def admit(self, guest: G, now: float) -> bool:
        """Let a guest in, sending the slowest away where there are too many; False where nobody is slow."""
        block = _block(guest.address)
        if self._count[block] >= self._limits.per_address and not self._is_trusted(guest.address):
            rivals = [other for other, home in self._inside.items() if home == block]
        elif len(self._inside) >= self._most:
            rivals = list(self._inside)
        else:
            rivals = []
        if rivals and not self._make_room(rivals, now):
            return False
        self._inside[guest] = block
        self._count[block] += 1
        return True

    def leave(self, guest: G) -> None:
        """Forget a guest; may be said twice."""
        block = self._inside.pop(guest, None)
        if block is not None:
            self._count[block] -= 1
            if not self._count[block]:
                del self._count[block]

    def _make_room(self, rivals: Sequence[G], now: float) -> bool:
        slowest = max(rivals, key=lambda guest: guest.behind(now))
        if slowest.behind(now) <= 0:
            return False
        self.leave(slowest)
        slowest.dismiss("421 4.3.2 Too many connections, and you are the slowest")
        return True

    def _is_trusted(self, address: str) -> bool:
        """A relay on this machine, or one of ``trusted_networks``, speaks for many."""
        ip = _ip(address)
        return ip is not None and (ip.is_loopback or any(ip in network for network in self._trusted))

    def take(self, octets: int) -> bool:
        """Count octets of a mail that are to be held; False where there is no room for them."""
        if self.memory + octets > self._limits.memory:
            return False
        self.memory += octets
        return True

    def release(self, octets: int) -> None:
        """Give them back."""
        self.memory -= octets


def _networks(texts: Sequence[str]) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(text, strict=False) for text in texts)
    except ValueError as error:
        raise ConfigError(f"[smtp] trusted_networks: {error}; write networks like 192.0.2.0/24") from error


def _ip(address: str) -> IPv4Address | IPv6Address | None:
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return (ip.ipv4_mapped or ip) if isinstance(ip, IPv6Address) else ip


def _block(address: str) -> str:
    """What counts as one client: an IPv4 address, a /64 of IPv6."""
    ip = _ip(address)
    return str(ip_network((ip, 64), strict=False)) if isinstance(ip, IPv6Address) else str(ip or address)
