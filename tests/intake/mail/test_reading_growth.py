"""Twice the mail, about twice the work: what is not linear is a way to stop the desk with one mail."""

from collections.abc import Callable
from functools import partial

import pytest

from intake.mail.reading import read_message
from tests.intake.mail.mails import BASIC
from tests.support.growth import is_in_proportion

HTML = BASIC + b"Content-Type: text/html\r\n\r\n"
MIXED = BASIC + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
PATTERNS: dict[str, tuple[int, Callable[[int], bytes]]] = {
    "size": (100_000, lambda n: BASIC + b"\r\n" + b"line of text\r\n" * n),
    "one line": (2_000_000, lambda n: BASIC + b"\r\n" + b"x" * n),
    "header fields": (20_000, lambda n: b"X-Field: value\r\n" * n + BASIC + b"\r\nx"),
    "header lines without colon": (10_000, lambda n: b"Subject: x\r\n" + b"no colon here\r\nX-A: b\r\n" * n),
    "parameters": (10_000, lambda n: b"Content-Type: text/plain" + b"; p=v" * n + b"\r\n\r\nx"),
    "open quotes": (20_000, lambda n: b"Content-Type: text/plain; " + b'"\\' * n + b"\r\n\r\nx"),
    "parts": (20_000, lambda n: MIXED + b"--b\r\n\r\nx\r\n" * n),
    "dashed lines": (50_000, lambda n: MIXED + b"--c\r\nx\r\n" * n + b"--b\r\n\r\n"),
    "depth": (
        400,
        lambda n: (
            BASIC + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(n))
        ),
    ),
    "encoded words": (3000, lambda n: b"Subject: " + b"=?utf-8?q?=D0=9F?= " * n + b"\r\n\r\nx"),
    "begun words": (20_000, lambda n: b"Subject: " + b"=?" * n + b"\r\n\r\nx"),
    "open comments": (20_000, lambda n: b"To: " + b"(" * n + b"\r\n\r\nx"),
    "nested comments": (10_000, lambda n: b"To: " + b"(" * n + b")" * n + b"\r\n\r\nx"),
    "open angles": (20_000, lambda n: b"To: " + b"<" * n + b"\r\n\r\nx"),
    "spaces": (30_000, lambda n: b"To: a" + b" " * n + b"@\r\nDate: 1" + b" " * n + b"\r\n\r\nx"),
    "references": (8000, lambda n: b"References: " + b"<a@b>" * n + b"\r\n\r\nx"),
    "open references": (30_000, lambda n: b"References: " + b"<" * n + b"\r\n\r\nx"),
    "open tags": (50_000, lambda n: HTML + b"<a " * n),
    "nested tags": (10_000, lambda n: HTML + b"<div>" * n),
    "paragraphs": (4000, lambda n: HTML + b"<p>x</p>" * n),
    "open comments in HTML": (50_000, lambda n: HTML + b"<!--" * n),
    "quoted-printable blanks": (
        500_000,
        lambda n: BASIC + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n=" + b" " * n,
    ),
    "base64 padding": (200_000, lambda n: BASIC + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"QQ==" * n),
    "base64 strays": (200_000, lambda n: BASIC + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"QUJD*\r\n" * n),
    "uuencode begun": (30_000, lambda n: BASIC + b"\r\n" + b"begin 644 x\n" * n),
    "unlabelled 8-bit": (1_000_000, lambda n: BASIC + b"\r\n" + "Привет мир ".encode("cp1251") * (n // 11)),
    "blank lines": (200_000, lambda n: b"\r\n" * n),
}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_work_grows_as_the_mail_does(pattern: str) -> None:
    size, make = PATTERNS[pattern]
    quarter, whole = (partial(read_message, make(n)) for n in (size // 4, size))
    assert is_in_proportion(quarter, whole, 10, 0.005)
