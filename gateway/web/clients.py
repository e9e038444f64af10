"""Who is asking, and how often: the client's address behind trusted proxies, and what one may do in ten minutes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

SPAN = 600.0
"""Seconds in which a full allowance comes back."""
KNOWN = 20_000
"""Clients remembered; the longest unseen are forgotten first."""
HOPS = 20


@dataclass(frozen=True, slots=True)
class Client:
    """An address and whether it came by https. ``group`` is what a limit counts: of IPv6 the /64."""

    address: str
    https: bool = False

    @property
    def group(self) -> str:
        found = _parsed(self.address)
        if isinstance(found, IPv6Address):
            return str(ip_network((found, 64), strict=False))
        return self.address


class Proxies:
    """The networks whose ``X-Forwarded-For`` and ``X-Forwarded-Proto`` are believed."""

    def __init__(self, trusted: Sequence[str]) -> None:
        self._networks = [ip_network(name, strict=False) for name in trusted]

    def client(self, peer: str, https: bool, headers: Iterable[tuple[bytes, bytes]]) -> Client:
        """Who asks. Read from the right, the first address that is no proxy of ours; a peer that is not trusted is
        the client itself, whatever it says."""
        if not self.trusts(peer):
            return Client(peer, https)
        said: list[str] = []
        for name, value in headers:
            if name == b"x-forwarded-for":
                said += [part.strip() for part in value.decode("latin-1").split(",")]
            elif name == b"x-forwarded-proto":
                https = value.strip().lower() == b"https"
        address = peer
        for hop in reversed(said[-HOPS:]):
            found = _parsed(hop)
            if found is None:
                break
            address = str(found)
            if not self.trusts(address):
                break
        return Client(address, https)

    def trusts(self, address: str) -> bool:
        """Whether an address is a proxy of ours."""
        found = _parsed(address)
        return found is not None and any(found.version == net.version and found in net for net in self._networks)


class Allowance:
    """So many acts in `SPAN` seconds for each key, coming back evenly. ``now`` is a monotonic clock."""

    def __init__(self, most: int, now: Callable[[], float]) -> None:
        self._most = float(most)
        self._now = now
        self._spent: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> int:
        """Take one; 0 where there was one, else the whole seconds to wait for the next."""
        now = self._now()
        spent, at = self._spent.pop(key, (0.0, now))
        spent = max(0.0, spent - (now - at) * self._most / SPAN)
        refused = spent + 1 > self._most
        self._spent[key] = (spent if refused else spent + 1, now)
        while len(self._spent) > KNOWN:
            self._spent.popitem(last=False)
        return 1 + int((spent + 1 - self._most) * SPAN / self._most) if refused else 0


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found
