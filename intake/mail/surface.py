"""The outermost layer of a raw mail put straight, before any of it is read: line ends, marks and lines round it."""

from __future__ import annotations

import codecs
import re

_HEADER_AFTER_BLANKS = re.compile(rb"(?:[ \t]*\r?\n)+(?=(?:From |[A-Za-z][A-Za-z0-9-]{1,60}:[ \t\r\n]))")
_MBOX_LINE = re.compile(rb">?From (?![ \t]*:)[^\r\n]*\r?\n")
_WINDOW = 4096


def straightened(raw: bytes) -> bytes:
    """``raw`` without a byte order mark, an mbox line or blank lines before its header, and with real line ends.

    A file saved as UTF-16 is turned to UTF-8. Attachments are counted and found in this form.
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raw = raw.decode("utf-16", "replace").encode("utf-8", "replace")
    start = 3 if raw.startswith(codecs.BOM_UTF8) else 0
    if raw[start : start + 1] in (b"\r", b"\n", b" ", b"\t") and (blank := _HEADER_AFTER_BLANKS.match(raw, start)):
        start = blank.end()
    if raw.startswith((b"From ", b">From "), start) and (mbox := _MBOX_LINE.match(raw, start)):
        start = mbox.end()
    data = raw[start:] if start else raw
    head = data[:_WINDOW]
    if b"\r\r\n" in head:
        return data.replace(b"\r\r\n", b"\r\n")
    if b"\n" not in head and b"\r" in head and b"\n" not in data:
        return data.replace(b"\r", b"\n")
    return data
