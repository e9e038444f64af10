"""Only what the grammar knows ever becomes a recipient."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.errors import Refused
from intake.letters.addresses import valid_address, wire_address


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("ivan@example.org", "ivan@example.org"),
        ("support@localhost", "support@localhost"),
        (
            "support+vd-1042.abcdefghijklmnopqrstuvwxyz@desk.example",
            "support+vd-1042.abcdefghijklmnopqrstuvwxyz@desk.example",
        ),
        ("o'brien.{x}=y@a-b.c", "o'brien.{x}=y@a-b.c"),
        ("ivan@домен.рф", "ivan@xn--d1acufc.xn--p1ai"),
        ("a" * 64 + "@x.org", "a" * 64 + "@x.org"),
    ],
)
def test_an_address_goes_on_the_wire_in_ascii(address: str, wire: str) -> None:
    assert valid_address(address)
    assert wire_address(address) == wire


@pytest.mark.parametrize(
    "address",
    [
        "",
        "<>",
        "ivan",
        "@x.org",
        "ivan@",
        "a@b>\r\nRCPT TO:<c@d",
        "a@b\r\nDATA",
        "a@b ",
        " a@b",
        "a b@c.org",
        "a@b@c.org",
        "a..b@c.org",
        ".a@c.org",
        "a.@c.org",
        '"a b"@c.org',
        "a@[127.0.0.1]",
        "a@-b.org",
        "a@b-.org",
        "a@b..org",
        "a@b.org.",
        "a@b_c.org",
        "a@" + "b" * 64 + ".org",
        "a" * 65 + "@x.org",
        "a@" + "b." * 126 + "org",
        "иван@example.org",
        "a@b\u3002org",
        "a@b\uff20c.org",
        "a@b\u202e.org",
        "a@b\x00.org",
        "a\udc80@b.org",
        "a@b\udc80.org",
        "a@" + "д" * 250,
        "a%0d%0a,c@d",
    ],
)
def test_everything_else_is_refused(address: str) -> None:
    assert not valid_address(address)
    with pytest.raises(Refused, match=r"^[\x20-\x7e]+$"):
        wire_address(address)


@given(st.text(max_size=40), st.text(max_size=40))
def test_what_is_taken_can_end_no_command(local: str, domain: str) -> None:
    address = f"{local}@{domain}"
    if valid_address(address):
        assert re.fullmatch(r"[!-;=?-~]+@[A-Za-z0-9.-]+", wire_address(address))
