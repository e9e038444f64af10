"""The text of Outlook's compressed RTF (MS-OXRTFCP), for a winmail.dat that has no other text. Linear; never raises."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field

from intake.mail.charsets import decode_text
from intake.mail.limits import MAX_TEXT

_COMPRESSED, _PLAIN = 0x75465A4C, 0x414C454D
_START = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    + b"\r\n"
    + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_WINDOW = 4096
_TOKEN = re.compile(
    rb"\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\(?P<symbol>[^a-zA-Z'])"
    rb"|(?P<brace>[{}])|[\r\n]+|(?P<text>[^\\{}\r\n]++)",
    re.DOTALL,
)
_LEFT_OUT_LIST = b"fonttbl colortbl stylesheet info pict object header footer themedata datastore listtable generator"
_LEFT_OUT = frozenset(_LEFT_OUT_LIST.split())
_BREAKS = {b"par": "\n", b"line": "\n", b"tab": "\t", b"emdash": "—", b"endash": "–", b"bullet": "•", b"row": "\n"}
_BREAKS |= {b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"cell": "\t"}
_DEEPEST = 1000


def rtf_to_text(compressed: bytes, codepage: str) -> str:
    """The text of an RTF stream, compressed or not; "" when it can't be read."""
    rtf = decompress(compressed)
    return _Reader(codepage).read(rtf) if rtf.startswith(b"{\\rtf") else ""


def decompress(data: bytes) -> bytes:
    """The RTF inside a compressed stream, as far as it is sound."""
    if len(data) < 16:
        return b""
    _, size, kind, _ = struct.unpack_from("<IIII", data)
    if kind == _PLAIN:
        return data[16 : 16 + size]
    return _unpacked(data, min(size, 4 * MAX_TEXT)) if kind == _COMPRESSED else b""


def _unpacked(data: bytes, size: int) -> bytes:
    out = bytearray(_START)
    position, wanted = 16, len(_START) + size
    while position < len(data) and len(out) < wanted:
        control, position = data[position], position + 1
        for bit in range(8):
            if not control >> bit & 1:
                out += data[position : position + 1]
                position += 1
            elif position + 2 > len(data) or not _copy(out, data[position] << 8 | data[position + 1]):
                return bytes(out[len(_START) : wanted])
            else:
                position += 2
    return bytes(out[len(_START) : wanted])


def _copy(out: bytearray, reference: int) -> bool:
    """Repeats earlier octets: 12 bits of place in a ring of 4096, 4 bits of length; False at the end mark."""
    place, length = reference >> 4, (reference & 15) + 2
    behind = (len(out) - place) % _WINDOW
    if not behind or behind > len(out):
        return False
    start = len(out) - behind
    for step in range(length):
        out.append(out[start + step])
    return True


@dataclass(slots=True)
class _Reader:
    codepage: str
    pieces: list[str] = field(default_factory=list)
    octets: bytearray = field(default_factory=bytearray)
    skipping: int = 0
    depth: int = 0
    after_unicode: int = 1
    to_skip: int = 0

    def read(self, rtf: bytes) -> str:
        for found in _TOKEN.finditer(rtf):
            if found["brace"]:
                self._brace(found["brace"] == b"{")
            elif self.skipping:
                continue
            elif found["word"]:
                self._word(found["word"], int(found["number"] or 0))
            elif found["symbol"]:
                self._symbol(found["symbol"])
            else:
                self._octets(bytes.fromhex(found["hex"].decode()) if found["hex"] else found["text"] or b"")
        self._flush()
        return "".join(self.pieces).replace("\r", "").strip("\n")

    def _brace(self, opens: bool) -> None:
        self.depth += 1 if opens else -1
        if self.skipping and self.depth < self.skipping:
            self.skipping = 0

    def _word(self, word: bytes, number: int) -> None:
        if word in _LEFT_OUT:
            self.skipping = max(self.depth, 1)
        elif word in _BREAKS:
            self._flush()
            self.pieces.append(_BREAKS[word])
        elif word == b"ansicpg" and number:
            self.codepage = f"cp{number}"
        elif word == b"uc":
            self.after_unicode = min(abs(number), 4)
        elif word == b"u":
            self._flush()
            code = number % 65536
            self.pieces.append(chr(code) if not 0xD800 <= code < 0xE000 else "\ufffd")
            self.to_skip = self.after_unicode

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self.skipping = max(self.depth, 1)
        elif symbol == b"~":
            self._octets(b" ")
        elif symbol in b"\\{}":
            self._octets(symbol)
        elif symbol in b"\r\n":
            self._octets(b"\n")

    def _octets(self, octets: bytes) -> None:
        skipped = min(self.to_skip, len(octets))
        self.to_skip -= skipped
        self.octets += octets[skipped:]

    def _flush(self) -> None:
        if self.octets:
            self.pieces.append(decode_text(bytes(self.octets), self.codepage)[0])
            self.octets.clear()
