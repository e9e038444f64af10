import base64

import pytest

from intake.mail.reading import read_message
from tests.intake.mail.mails import BASIC, file, multipart, part

RAW = BASIC + b"Message-ID: <1@firm.example>\r\nDate: Mon, 2 Nov 2026 10:11:22 +0300\r\n\r\nHello\r\nthere\r\n"


def key(raw: bytes) -> str:
    return read_message(raw).content_key


@pytest.mark.parametrize(
    "copy",
    [
        b"Return-Path: <anna@firm.example>\r\nReceived: from a by b; now\r\n" + RAW,
        b"DKIM-Signature: v=1; b=xyz\r\nAuthentication-Results: mx; spf=pass\r\nX-Spam-Score: 1\r\n" + RAW,
        RAW.replace(b"\r\n", b"\n"),
        RAW + b"\r\n\r\n",
        RAW.replace(b"To: desk@vitrina.example", b"To:\r\n  desk@vitrina.example"),
        b"From anna@firm.example Mon Nov  2 10:11:22 2026\r\n" + RAW,
        RAW.replace(
            b"\r\n\r\nHello\r\nthere",
            b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(b"Hello\r\nthere"),
        ),
    ],
)
def test_the_same_mail_by_another_way_has_the_same_key(copy: bytes) -> None:
    assert key(copy) == key(RAW)


@pytest.mark.parametrize(
    "other",
    [
        RAW.replace(b"Hello", b"Hallo"),
        RAW.replace(b"10:11:22", b"10:11:23"),
        RAW.replace(b"<1@", b"<2@"),
        RAW.replace(b"Subject: test", b"Subject: best"),
        RAW.replace(b"Anna <", b"Anne <"),
    ],
)
def test_another_mail_has_another_key(other: bytes) -> None:
    assert key(other) != key(RAW)


def test_attachments_count() -> None:
    mails = [multipart("mixed", part(body="x"), file("a.bin", data)) for data in (b"one", b"two")]
    assert key(mails[0]) != key(mails[1])


def test_parts_beyond_the_limit_count() -> None:
    mails = [multipart("mixed", *[part(body="x")] * 1200, part(body=end)) for end in ("one", "two")]
    assert key(mails[0]) != key(mails[1])
