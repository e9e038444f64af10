"""A small mail in place of one that can't be taken whole: nobody's letter is passed over in silence."""

from __future__ import annotations

import re

_LINE_END = re.compile(rb"\r\n|\n|\r")
_FIELD = re.compile(rb"(?i)(?!content-|mime-version)[!-9;-~]+[ \t]*:")
"""A header field (RFC 5322 2.2) that does not speak of the mail's contents."""

TOO_LARGE = (
    "Письмо слишком велико ({size:.0f} МБ при пределе {limit:.0f} МБ) и не принято целиком.\n"
    "Оно осталось в почтовом ящике {place}; откройте его почтовой программой.\n"
)
NOT_GIVEN = (
    "Почтовый сервер не отдал это письмо.\nОно осталось в почтовом ящике {place}; откройте его почтовой программой.\n"
)


def too_large(header: bytes, place: str, octets: int, limit: int) -> bytes:
    """The note about a mail of ``octets`` size, with that mail's own header."""
    return _note(header, TOO_LARGE.format(size=octets / (1 << 20), limit=limit / (1 << 20), place=place))


def not_given(header: bytes, place: str) -> bytes:
    """The note about a mail that the server would not give."""
    return _note(header, NOT_GIVEN.format(place=place))


def _note(header: bytes, text: str) -> bytes:
    """The header's fields but for those about its contents, then the text."""
    kept: list[bytes] = []
    keeping = False
    for line in _LINE_END.split(header):
        keeping = keeping if line[:1] in (b" ", b"\t") else _FIELD.match(line) is not None
        if keeping:
            kept.append(line)
    about = [b"MIME-Version: 1.0", b"Content-Type: text/plain; charset=utf-8", b"Content-Transfer-Encoding: 8bit"]
    return b"\r\n".join([*about, *kept, b"", *text.encode().split(b"\n")])
