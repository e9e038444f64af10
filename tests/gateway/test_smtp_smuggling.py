"""One DATA, one mail: whatever stands around its dots."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.door import House, open_door

ENDS = [
    b"\n.\n",
    b"\n.\r\n",
    b"\n.\r",
    b"\r.\r",
    b"\r.\n",
    b"\r.\r\n",
    b"\r\n.\n",
    b"\r\n.\r",
    b"\r\n.\r\r\n",
    b"\r\n\r.\r\n",
    b"\r\r\n.\r\r\n",
    b"\r\n.\n\r\n",
    b"\n\r.\n\r",
    b"\r\n .\r\n",
    b"\r\n. \r\n",
    b"\r\n.\x00\r\n",
    b"\r\n\x00.\r\n",
    b"\r\n.\x00\n",
    b"\x00\r\n.\n",
    b"\r\n.\x0b\r\n",
    b"\r\n.\x0c\r\n",
    b"\r\n\x1a.\r\n",
    b"\xe2\x80\xa8.\xe2\x80\xa8",
    b"\xc2\x85.\xc2\x85",
    b"\x85.\x85",
    b"\r\n..\r\n",
    b"\r\n.\r..\r\n",
    b"\n..\r\n",
    b"\r\n.\r\x00\n",
]
SECOND = (
    b"MAIL FROM:<evil@evil.example>\r\nRCPT TO:<support@desk.example>\r\nDATA\r\n"
    b"Message-ID: <smuggled@evil.example>\r\n\r\nsmuggled\r\n"
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_door(tmp_path_factory.mktemp("smuggling")) as opened:
        yield opened


def unstuffed(text: bytes) -> bytes:
    return (b"\r\n" + text).replace(b"\r\n.", b"\r\n")[2:]


@pytest.mark.parametrize("end", ENDS, ids=repr)
@pytest.mark.parametrize("at_once", [True, False])
def test_nothing_but_crlf_dot_crlf_ends_a_mail(house: House, end: bytes, at_once: bool) -> None:
    before = len(house.rows())
    text = b"Message-ID: <%d@client.example>\r\n\r\nfirst" % before + end + SECOND
    with house.data() as wire:
        if at_once:
            wire.send(text + b".\r\nQUIT\r\n")
        else:
            for octet in range(0, len(text), 7):
                wire.send(text[octet : octet + 7])
            wire.send(b".\r\nQUIT\r\n")
        replies = wire.replies()
    assert [reply[:3] for reply in replies] == ["250", "221"]
    (kept,) = house.rows()[before:]
    assert kept.raw == unstuffed(text)
    assert kept.envelope.mail_from == "a@client.example"


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_commands_behind_a_true_end_are_commands(house: House, end: bytes) -> None:
    before = len(house.rows())
    with house.data() as wire:
        wire.send(b"Message-ID: <first%d@x>\r\n\r\n1\r\n.\r\n" % len(end))
        wire.send(SECOND.replace(b"smuggled@", b"second%d@" % len(end)) + b".\r\nQUIT" + end)
        assert [reply[:3] for reply in wire.replies()] == ["250", "250", "250", "354", "250", "221"]
    assert [row.envelope.mail_from for row in house.rows()[before:]] == ["a@client.example", "evil@evil.example"]


def test_a_refused_mail_is_not_read_as_commands(tmp_path: Path) -> None:
    with open_door(tmp_path, max_size=2000) as house, house.data() as wire:
        wire.send(b"x" * 3000 + b"\r\n" + SECOND + b".\r\nQUIT\r\n")
        assert [reply[:3] for reply in wire.replies()] == ["552", "221"]
        assert house.rows() == []


def test_text_sent_before_data_was_allowed_is_no_mail(house: House) -> None:
    before = len(house.rows())
    with house.wire() as wire:
        wire.send(
            b"EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<v@evil.example>\r\nDATA\r\nSubject: x\r\n\r\nx\r\n.\r\nQUIT\r\n"
        )
        codes = [reply[:3] for reply in wire.replies()]
    assert codes[:4] == ["250", "250", "550", "503"]
    assert "354" not in codes
    assert len(house.rows()) == before
