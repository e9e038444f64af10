"""Raw mails made for the tests of reading."""

from __future__ import annotations

import base64

BASIC = b"From: Anna <anna@firm.example>\r\nTo: desk@vitrina.example\r\nSubject: test\r\n"


def mail(*fields: str | bytes, body: str | bytes = b"text", charset: str = "utf-8") -> bytes:
    """A mail of header ``fields`` and a body, lines ended by CRLF."""
    octets = [field if isinstance(field, bytes) else field.encode(charset) for field in fields]
    text = body if isinstance(body, bytes) else body.encode(charset)
    return b"\r\n".join([*octets, b"", text])


def part(*fields: str | bytes, body: str | bytes = b"text", charset: str = "utf-8") -> bytes:
    """A MIME part, made like a mail."""
    return mail(*fields, body=body, charset=charset)


def multipart(kind: str, *parts: bytes, boundary: str = "=_b", fields: tuple[str, ...] = ()) -> bytes:
    """A mail, or a part of one, of type multipart/``kind``."""
    mark = boundary.encode()
    inner = b"".join(b"--" + mark + b"\r\n" + content + b"\r\n" for content in parts)
    head = "\r\n".join([*fields, f'Content-Type: multipart/{kind}; boundary="{boundary}"', "", ""])
    return head.encode() + inner + b"--" + mark + b"--\r\n"


def encoded(data: bytes) -> str:
    """Base64 in lines."""
    return base64.encodebytes(data).decode().strip().replace("\n", "\r\n")


def file(name: str, data: bytes, kind: str = "application/octet-stream", *fields: str) -> bytes:
    """A base64 part that is a file."""
    return part(
        f"Content-Type: {kind}",
        f'Content-Disposition: attachment; filename="{name}"',
        "Content-Transfer-Encoding: base64",
        *fields,
        body=encoded(data),
    )
