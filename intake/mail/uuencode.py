"""Files written into a text by uuencode: found, cut out and decoded. Linear; never raises."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} (?P<name>[^\r\n]{1,255})\r?\n", re.MULTILINE)
_MAX_FILES = 100


@dataclass(frozen=True, slots=True)
class Uuencoded:
    """A file inside a text: its raw name, its octets, and where its lines start and end."""

    name: bytes
    data: bytes
    start: int
    end: int


def find_files(text: bytes) -> list[Uuencoded]:
    """Every uuencoded file of ``text``, in order; a block without an ``end`` line or without data is no file."""
    files: list[Uuencoded] = []
    position = 0
    while len(files) < _MAX_FILES and (begin := _BEGIN.search(text, position)):
        position = begin.end()
        if (body := _body(text, position)) is not None:
            data, end = body
            files.append(Uuencoded(begin["name"].strip(), data, begin.start(), end))
            position = end
    return files


def decode_whole(data: bytes) -> tuple[bytes, str]:
    """The octets of a part that is uuencoded as a whole, and a warning."""
    files = find_files(data)
    return (files[0].data, "") if files else (data, "uuencoded part could not be read")


def without_files(text: bytes, files: list[Uuencoded]) -> bytes:
    """``text`` with the lines of ``files`` taken out."""
    kept, position = [], 0
    for file in files:
        kept.append(text[position : file.start])
        position = file.end
    return b"".join([*kept, text[position:]])


def _body(text: bytes, position: int) -> tuple[bytes, int] | None:
    octets: list[bytes] = []
    while (end := text.find(b"\n", position)) >= 0 or position < len(text):
        end = len(text) if end < 0 else end
        line = text[position:end].rstrip(b"\r")
        position = end + 1
        if line.strip() == b"end":
            return (b"".join(octets), min(position, len(text))) if octets else None
        if line.strip(b" `"):
            decoded = _line(line)
            if decoded is None:
                return None
            octets.append(decoded)
    return None


def _line(line: bytes) -> bytes | None:
    wanted = (line[0] - 32) & 63
    if len(line) > 90 or not 32 <= line[0] <= 96 or len(line) < wanted:
        return None
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        try:
            return binascii.a2b_uu(line[: 1 + (wanted * 4 + 2) // 3])
        except binascii.Error:
            return None
