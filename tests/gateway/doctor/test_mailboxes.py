"""The doctor looks into mailboxes of a real Dovecot, and changes nothing there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.gateway.doctor.patients import levels, patient, said
from tests.support.dovecot import PASSWORD, Dovecot, dovecot

pytestmark = pytest.mark.dovecot


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot("support") as made:
        yield made


def box(server: Dovecot, **changes: Any) -> dict[str, Any]:
    usual = {"host": "127.0.0.1", "port": server.tls_port, "username": "support", "password": PASSWORD}
    return {**usual, "ca_file": server.ca_file, **changes}


def test_a_mailbox_that_can_be_read_is_sound(tmp_path: Path, server: Dovecot) -> None:
    server.deliver("support", [b"Subject: a\r\n\r\nb\r\n"])
    ((level, words),) = said(patient(tmp_path, imap=[box(server)]), "imap")
    assert (level, "holds 1 mails" in words, "UIDVALIDITY" in words) == ("ok", True, True)
    assert server.count("support", criteria="UNSEEN") == 1


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"password": "wrong"}, "refused the login"),
        ({"folder": "Nowhere"}, "Nowhere"),
        ({"ca_file": None}, "certificate is not to be trusted"),
        ({"port": 1}, "no connection"),
    ],
)
def test_a_mailbox_that_can_not_be_read_says_why(
    tmp_path: Path, server: Dovecot, changes: dict[str, Any], why: str
) -> None:
    ((level, words),) = said(patient(tmp_path, imap=[box(server, **changes)]), "imap")
    assert level == "fail"
    assert why in words
    assert PASSWORD not in words


def test_one_bad_mailbox_does_not_hide_the_next(tmp_path: Path, server: Dovecot) -> None:
    assert levels(patient(tmp_path, imap=[box(server, port=1), box(server)]), "imap") == ["fail", "ok"]
