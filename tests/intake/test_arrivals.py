from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.arrivals import door_key, recipient_is_ours

NOON = datetime(2026, 5, 8, 12, 0, tzinfo=UTC)
TELLING = b"Message-ID: <1@client.example>\r\n\r\nbody\r\n"
MUTE = b"Subject: alarm\r\n\r\nDate: only in the body\r\n"
OWN = ("support@desk.example", "Help.Desk@desk.example", "инфо@пример.рф")


def key(
    raw: bytes = TELLING, mailbox: str = "smtp", to: tuple[str, ...] = ("a@b.example",), at: datetime = NOON
) -> str:
    return door_key(raw, mailbox, to, at)


def test_a_repetition_has_the_same_key_however_its_recipients_are_ordered_and_written() -> None:
    assert key(to=("a@b.example", "c@d.example")) == key(to=("C@D.example", "a@B.example", "a@b.example"))


@pytest.mark.parametrize(
    "other",
    [
        key(raw=TELLING + b" "),
        key(mailbox="imap"),
        key(to=("x@b.example",)),
        key(to=("a@b.example", "c@d.example")),
        key(to=()),
        key(mailbox="smtp1", to=("a@b.example",)),
    ],
)
def test_another_mail_mailbox_or_recipient_is_another_key(other: str) -> None:
    assert other != key()


@pytest.mark.parametrize(
    "head",
    [
        b"Message-ID: <a@b>",
        b"message-id:<a@b>",
        b"Date: Fri, 8 May 2026 12:00:00 +0300",
        b"Subject: x\r\nDATE : Fri",
        b"Subject: x\nDate:\n Fri, 8 May",
        b"Subject: x\rMessage-Id: 1",
    ],
)
def test_a_mail_that_tells_itself_is_the_same_on_any_day(head: bytes) -> None:
    raw = head + b"\r\n\r\nbody"
    assert key(raw, at=NOON) == key(raw, at=NOON + timedelta(days=3))


@pytest.mark.parametrize(
    "raw",
    [
        MUTE,
        b"",
        b"\r\nDate: in the body",
        b"\nMessage-ID: in the body",
        b"X-Date: 1\r\n\r\n",
        b"Date:\r\nSubject: x\r\n\r\n",
        b"Message-ID: \r\n\r\nDate: x",
        b"Subject: x\n\nDate: y",
        b"Subject: x\r\rDate: y",
        b"Subject: about\r\n date: folded\r\n\r\n",
    ],
)
def test_a_mail_without_id_and_date_is_a_repetition_on_the_same_utc_day_only(raw: bytes) -> None:
    moscow = timezone(timedelta(hours=3))
    assert key(raw) == key(raw, at=NOON.replace(hour=23).astimezone(moscow))
    assert key(raw) != key(raw, at=NOON + timedelta(days=1))


@given(st.binary(max_size=300), st.text(max_size=20), st.lists(st.text(max_size=20), max_size=4))
def test_any_octets_have_a_key(raw: bytes, mailbox: str, to: list[str]) -> None:
    assert len(door_key(raw, mailbox, to, NOON)) == 64
    assert door_key(raw, mailbox, to, NOON) == door_key(raw, mailbox, to[::-1], NOON)


def test_a_long_mail_without_a_header_end_costs_time_in_proportion() -> None:
    assert len(key(b"Da" * 2_000_000 + b"\rdate" * 200_000)) == 64


@pytest.mark.parametrize(
    "address",
    [
        "support@desk.example",
        "SUPPORT@Desk.Example",
        "help.desk@DESK.example",
        "support+vd-1042.abcdefghijklmnopqrstuvwxyz@desk.example",
        "support+a+b@desk.example",
        "Support+X@desk.example",
        "инфо@пример.рф",
        "ИНФО@ПРИМЕР.РФ",
        "инфо@xn--e1afmkfd.xn--p1ai",
        "инфо+vd-1@пример.рф",
    ],
)
def test_our_addresses_and_their_plus_forms_are_ours(address: str) -> None:
    assert recipient_is_ours(address, OWN)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "support",
        "@desk.example",
        "support@",
        "support@desk.example.evil.example",
        "support@evil.example",
        "support@sub.desk.example",
        "support@desk.example.",
        "support@desk.example@evil.example",
        "support@evil.example@desk.example",
        "victim%evil.example@desk.example",
        "support%evil.example@desk.example",
        "support+victim%evil.example@desk.example",
        "evil.example!support@desk.example",
        "support+evil.example!victim@desk.example",
        "@relay.example:support@desk.example",
        "@desk.example,@x.example:support@desk.example",
        '"support"@desk.example',
        '"support@evil.example"@desk.example',
        '"victim@evil.example"@desk.example',
        "support+@desk.example",
        "support-x@desk.example",
        "supportx@desk.example",
        "support+a b@desk.example",
        "support+a\r\nRCPT@desk.example",
        "support+\x00@desk.example",
        "support+\u202e@desk.example",
        "support+" + "x" * 60 + "@desk.example",
        "support@[127.0.0.1]",
        "support@127.0.0.1",
        "(support@desk.example)victim@evil.example",
        "support+\udcff@desk.example",
        "support/x@desk.example",
        "support:x@desk.example",
        "postmaster@desk.example",
        "postmaster",
    ],
)
def test_everything_else_is_not(address: str) -> None:
    assert not recipient_is_ours(address, OWN)


@given(st.text(max_size=80))
def test_no_text_makes_foreign_domains_ours(text: str) -> None:
    assert not recipient_is_ours(text + "@evil.example", OWN)
    assert not recipient_is_ours("support@desk.example" + "@" + text, OWN)
