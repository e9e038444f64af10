"""The grammar of MAIL, RCPT and DATA: text in, plain values out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_PATH = re.compile(
    r"[ \t]*(?:<[ \t]*(?P<angle>(?:\"(?:[^\"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*\"|[^\s\"<>\x00-\x1f\x7f])*)[ \t]*>"
    r"|(?P<bare>[^\s\"<>\x00-\x1f\x7f]+))"
    r"(?:[ \t]+(?P<params>.*))?\Z"
)
_PARAM = re.compile(r"(?P<key>[A-Za-z0-9][A-Za-z0-9-]*)(?:=(?P<value>[^\s=\x00-\x1f\x7f]+))?\Z")
END_OF_DATA = b"\r\n.\r\n"


@dataclass(frozen=True, slots=True)
class Path:
    """An envelope address with its parameters, keys in upper case. ``address`` "" is the null path ``<>``."""

    address: str
    params: Mapping[str, str | None]


def read_path(keyword: str, arg: str | None) -> Path | None:
    """Read ``FROM:<…> KEY=VALUE`` or ``TO:<…>`` (RFC 5321 4.1.2); brackets may be missing. None: not readable."""
    if arg is None or arg[: len(keyword)].upper() != keyword:
        return None
    found = _PATH.match(arg, len(keyword))
    if found is None:
        return None
    params: dict[str, str | None] = {}
    for word in filter(None, re.split(r"[ \t]+", found["params"] or "")):
        param = _PARAM.match(word)
        if param is None:
            return None
        params[param["key"].upper()] = param["value"]
    return Path(found["bare"] or found["angle"] or "", params)


class DataReader:
    """Collects a mail until <CRLF>.<CRLF>, in pieces however cut.

    Nothing else ends a mail (no bare LF or CR around the dot), and bare CR and LF stay in it as they came: a reading
    that differs from the sending server's is what smuggles a second mail in. Beyond ``limit`` octets nothing is
    held, only the end is looked for.
    """

    __slots__ = ("_buffer", "_limit", "seen", "too_big")

    def __init__(self, limit: int) -> None:
        self._buffer = bytearray(b"\r\n")
        self._limit = limit
        self.seen = 0
        self.too_big = False

    @property
    def held(self) -> int:
        """Octets in memory."""
        return len(self._buffer)

    def feed(self, piece: bytes) -> bytes | None:
        """Take the next octets; once the end was among them, what came behind it. None: not ended yet."""
        start = max(0, len(self._buffer) - len(END_OF_DATA) + 1)
        self._buffer += piece
        self.seen += len(piece)
        end = self._buffer.find(END_OF_DATA, start)
        if end >= 0:
            rest = bytes(self._buffer[end + len(END_OF_DATA) :])
            del self._buffer[end + 2 :]
            return rest
        if self.too_big or len(self._buffer) > self._limit * 4 // 3 + 8:
            self.give_up()
        return None

    def give_up(self) -> None:
        """Hold nothing from here on."""
        self.too_big = True
        del self._buffer[: -len(END_OF_DATA)]

    def mail(self) -> bytes | None:
        """The mail without transparency dots (RFC 5321 4.5.2); None where it was too big."""
        if self.too_big:
            return None
        plain = self._buffer.replace(b"\r\n.", b"\r\n")
        return bytes(memoryview(plain)[2:]) if len(plain) - 2 <= self._limit else None
