"""Whose address counts behind proxies, and how often one may act."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.web.clients import SPAN, Allowance, Client, Proxies


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "expected"),
    [
        ((), "203.0.113.9", "198.51.100.1", "203.0.113.9"),
        (("10.0.0.0/8",), "203.0.113.9", "198.51.100.1", "203.0.113.9"),
        (("10.0.0.0/8",), "10.0.0.1", "198.51.100.1", "198.51.100.1"),
        (("10.0.0.0/8",), "10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        (("10.0.0.0/8",), "10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (("10.0.0.0/8",), "10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        (("10.0.0.0/8",), "10.0.0.1", "198.51.100.1, rubbish", "10.0.0.1"),
        (("10.0.0.0/8",), "10.0.0.1", "", "10.0.0.1"),
        (("127.0.0.1",), "::ffff:127.0.0.1", "2001:db8::1", "2001:db8::1"),
        (("fd00::/8",), "fd00::1", "[2001:db8::1]", "2001:db8::1"),
    ],
)
def test_the_client_is_the_last_hop_that_is_no_proxy_of_ours(
    trusted: tuple[str, ...], peer: str, forwarded: str, expected: str
) -> None:
    headers = [(b"x-forwarded-for", forwarded.encode())]
    assert Proxies(trusted).client(peer, False, headers).address == expected


@pytest.mark.parametrize(("peer", "expected"), [("10.0.0.1", True), ("203.0.113.9", False)])
def test_only_a_trusted_proxy_says_that_it_was_https(peer: str, expected: bool) -> None:
    headers = [(b"x-forwarded-proto", b"https")]
    assert Proxies(("10.0.0.0/8",)).client(peer, False, headers).https is expected


@given(st.lists(st.binary(max_size=60), max_size=5))
def test_no_header_makes_it_stumble(values: list[bytes]) -> None:
    headers = [(b"x-forwarded-for", value) for value in values]
    assert Proxies(("0.0.0.0/0",)).client("10.0.0.1", False, headers).address


def test_a_network_of_ipv6_is_one_client() -> None:
    assert Client("2001:db8:1:2::1").group == Client("2001:db8:1:2:ffff::2").group
    assert Client("2001:db8:1:2::1").group != Client("2001:db8:1:3::1").group


def test_an_allowance_comes_back_evenly() -> None:
    now = [0.0]
    allowance = Allowance(10, lambda: now[0])
    assert [allowance.take("a") for _ in range(10)] == [0] * 10
    wait = allowance.take("a")
    assert 0 < wait <= SPAN / 10 + 1
    assert allowance.take("b") == 0
    now[0] += wait
    assert allowance.take("a") == 0
    assert allowance.take("a") > 0
    now[0] += SPAN
    assert [allowance.take("a") for _ in range(10)] == [0] * 10


def test_who_is_refused_does_not_wait_longer_by_asking() -> None:
    now = [0.0]
    allowance = Allowance(1, lambda: now[0])
    allowance.take("a")
    for _ in range(int(SPAN)):
        now[0] += 1
        refused = allowance.take("a")
    assert refused == 0


def test_it_forgets_rather_than_grow() -> None:
    allowance = Allowance(1, lambda: 0.0)
    for number in range(50_000):
        allowance.take(str(number))
    assert len(allowance._spent) <= 20_000
