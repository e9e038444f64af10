"""Names of ours prove themselves, others never do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.signing import Signer, new_key

SIGNER = Signer((new_key(),))
DESK = "support@vitrina-domiland.example"


def test_a_ticket_address_has_the_contracts_form() -> None:
    address = SIGNER.reply_address(DESK, "VD-1042")
    local, _, domain = address.partition("@")
    name, _, token = local.rpartition(".")
    assert (name, domain) == ("support+vd-1042", "vitrina-domiland.example")
    assert len(token) == 26
    assert token == token.lower()
    assert len(local) <= 64


def test_ours_is_recognised_whatever_its_case() -> None:
    address = SIGNER.reply_address(DESK, "VD-1042")
    assert SIGNER.ticket_of_address(address) == "VD-1042"
    assert SIGNER.ticket_of_address(address.upper()) == "VD-1042"
    assert SIGNER.ticket_of_message_id(SIGNER.message_id("VD-1042", "n1", "d.example")) == "VD-1042"


@given(st.text(max_size=80))
def test_nothing_else_is(text: str) -> None:
    for address in (text, f"support+{text}@d.example", f"support+vd-1042.{text}@d.example"):
        assert SIGNER.ticket_of_address(address) is None
        assert SIGNER.ticket_of_message_id(f"<{address}>") is None


@pytest.mark.parametrize("purpose", ["message-id", "ticket-page"])
def test_a_token_holds_for_its_purpose_alone(purpose: str) -> None:
    assert not SIGNER.verified(SIGNER.token("address", "vd-1042"), purpose, "vd-1042")


def test_letters_signed_with_the_key_before_still_count() -> None:
    old = SIGNER.keys[0]
    rotated = Signer((new_key(), old))
    assert rotated.ticket_of_address(SIGNER.reply_address(DESK, "VD-7")) == "VD-7"
    assert SIGNER.ticket_of_address(rotated.reply_address(DESK, "VD-7")) is None


def test_an_address_too_long_to_sign_stays_plain() -> None:
    long = "a" * 40 + "@d.example"
    assert SIGNER.reply_address(long, "VD-1042") == long
