from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from gateway.smtp_guests import DoorLimits, Guests
from intake.errors import ConfigError

LIMITS = DoorLimits(per_address=2, memory=100)


@dataclass(eq=False)
class Caller:
    address: str
    since: float = 0.0
    heard: list[str] = field(default_factory=list)

    def behind(self, now: float) -> float:
        return now - self.since - 1

    def dismiss(self, reply: str) -> None:
        self.heard.append(reply)


def house(most: int = 10, trusted: tuple[str, ...] = ()) -> Guests[Caller]:
    return Guests(most, LIMITS, trusted)


def test_one_address_gets_its_share_and_no_more() -> None:
    guests = house()
    assert [guests.admit(Caller("192.0.2.1"), 0.5) for _ in range(3)] == [True, True, False]
    assert guests.admit(Caller("192.0.2.2"), 0.5)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8::1", "2001:db8::2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("?", "?", True),
    ],
)
def test_what_counts_as_one_client(one: str, other: str, same: bool) -> None:
    guests = house()
    guests.admit(Caller(one), 0)
    guests.admit(Caller(one), 0)
    assert guests.admit(Caller(other), 0) is not same


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.1.2.3", "::ffff:10.1.2.3"])
def test_this_machine_and_trusted_networks_may_bring_more(address: str) -> None:
    guests = house(trusted=("10.0.0.0/8",))
    assert all(guests.admit(Caller(address), 0) for _ in range(10))
    assert not guests.admit(Caller(address), 0)


def test_the_slowest_makes_room_when_the_house_is_full() -> None:
    guests = house(most=3)
    callers = [Caller(f"192.0.2.{n}", since=n) for n in (3, 1, 2)]
    assert all(guests.admit(caller, 3) for caller in callers)
    assert guests.admit(Caller("192.0.2.9", since=3), 3)
    assert [len(caller.heard) for caller in callers] == [0, 1, 0]
    assert callers[1].heard[0].startswith("421 ")
    assert len(guests) == 3


def test_nobody_makes_room_who_is_not_behind() -> None:
    guests = house(most=2)
    callers = [Caller("192.0.2.1", since=9.5), Caller("192.0.2.2", since=20)]
    assert all(guests.admit(caller, 10) for caller in callers)
    assert not guests.admit(Caller("192.0.2.3"), 10)
    assert not any(caller.heard for caller in callers)


def test_an_address_over_its_share_makes_room_among_its_own() -> None:
    guests = house()
    stranger = Caller("192.0.2.7", since=0)
    own = [Caller("192.0.2.1", since=5), Caller("192.0.2.1", since=4)]
    assert all(guests.admit(caller, 6) for caller in (stranger, *own))
    assert guests.admit(Caller("192.0.2.1", since=6), 6)
    assert [len(caller.heard) for caller in (stranger, *own)] == [0, 0, 1]


def test_leaving_twice_frees_one_place() -> None:
    guests = house(most=2)
    first, second = Caller("192.0.2.1"), Caller("192.0.2.1")
    assert guests.admit(first, 0)
    assert guests.admit(second, 0)
    guests.leave(first)
    guests.leave(first)
    assert guests.admit(Caller("192.0.2.1"), 0)
    assert not guests.admit(Caller("192.0.2.1"), 0)


def test_memory_is_counted_and_given_back() -> None:
    guests = house()
    assert guests.take(60)
    assert not guests.take(41)
    assert guests.take(40)
    guests.release(60)
    assert guests.take(60)
    assert guests.memory == 100


def test_a_wrong_network_is_named() -> None:
    with pytest.raises(ConfigError, match=r"trusted_networks.*not-a-network"):
        house(trusted=("not-a-network",))
