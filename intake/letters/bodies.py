"""Bodies and parts in the encodings of RFC 2045: ASCII lines of at most 76 characters."""

from __future__ import annotations

import re
from binascii import b2a_base64, b2a_qp

_SURROGATES = re.compile("[\ud800-\udfff]")


def text_part(subtype: str, text: str) -> bytes:
    """A ``text/*`` part in utf-8, its header fields first: quoted-printable where most of it is ASCII, else base64.

    Line ends become CRLF, NUL is dropped, lone surrogates become U+FFFD.
    """
    if "\0" in text:
        text = text.replace("\0", "")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\n", "\r\n")
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError:
        text = _SURROGATES.sub("\ufffd", text)
        data = text.encode("utf-8")
    head = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: "
    if len(data) - len(text) <= len(data) // 8:
        return f"{head}quoted-printable\r\n\r\n".encode("ascii") + quoted_printable(data)
    return f"{head}base64\r\n\r\n".encode("ascii") + base64_lines(data)


def quoted_printable(data: bytes) -> bytes:
    """RFC 2045 6.7; ``data`` holds CRLF line ends only."""
    encoded = b2a_qp(data, istext=True)
    return encoded if encoded.endswith(b"\r\n") or not encoded else encoded + b"=\r\n"


def base64_lines(data: bytes) -> bytes:
    """RFC 2045 6.8."""
    flat = b2a_base64(data, newline=False)
    return b"\r\n".join([flat[i : i + 76] for i in range(0, len(flat), 76)]) + b"\r\n" if flat else b""
