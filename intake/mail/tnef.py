"""winmail.dat: what Outlook packs into application/ms-tnef (MS-OXTNEF), read for its files and its text.

Linear in the size of the data, bounded in the number of attributes; damage ends the reading, never raises.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

_SIGNATURE = b"\x78\x9f\x3e\x22"
_MAX_ATTRIBUTES = 20_000
_MAX_FILES = 500

_ATTACH_TITLE = 0x8010
_ATTACH_DATA = 0x800F
_ATTACH_START = 0x9002
_ATTACH_PROPERTIES = 0x9005
_MESSAGE_PROPERTIES = 0x9003
_MESSAGE_BODY = 0x800C
_CODEPAGE = 0x9007

_BODY, _BODY_HTML, _RTF = 0x1000, 0x1013, 0x1009
_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME = 0x3707, 0x3704, 0x3001
_DATA, _MIME_TYPE, _CONTENT_ID = 0x3701, 0x370E, 0x3712
_INTERNET_CODEPAGE = 0x3FDE
_FIXED_SIZES = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16}
_STRING, _UNICODE, _BINARY, _OBJECT = 30, 31, 258, 13


@dataclass(slots=True)
class TnefFile:
    """A file inside a TNEF stream; ``content_type`` and ``content_id`` are "" where the stream has none."""

    name: str = ""
    data: bytes = b""
    content_type: str = ""
    content_id: str = ""


@dataclass(slots=True)
class Tnef:
    """The files of a TNEF stream and its texts: plain, HTML, and compressed RTF as it stands."""

    files: list[TnefFile] = field(default_factory=list)
    text: str = ""
    html: str = ""
    rtf: bytes = b""
    codepage: str = "cp1252"
    internet_codepage: str = ""


def read_tnef(data: bytes) -> Tnef | None:
    """What a TNEF stream holds; None when ``data`` is no TNEF."""
    if not data.startswith(_SIGNATURE):
        return None
    found = Tnef()
    for number, (name, content) in enumerate(_attributes(data)):
        if number > _MAX_ATTRIBUTES or len(found.files) > _MAX_FILES:
            break
        _take(found, name, content)
    return found


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    position = 6
    while position + 9 <= len(data):
        _, name, _, length = struct.unpack_from("<BHHI", data, position)
        position += 9
        if position + length > len(data) + 2:
            length = len(data) - position
        yield name, data[position : position + length]
        position += length + 2


def _take(found: Tnef, name: int, content: bytes) -> None:
    if name == _CODEPAGE and len(content) >= 4:
        found.codepage = _codepage(struct.unpack_from("<I", content)[0]) or found.codepage
    elif name == _ATTACH_START:
        found.files.append(TnefFile())
    elif name == _MESSAGE_BODY:
        found.text = found.text or _text(content, found.codepage)
    elif name == _MESSAGE_PROPERTIES:
        _take_message(found, dict(_properties(content)))
    elif found.files and name == _ATTACH_TITLE:
        found.files[-1].name = found.files[-1].name or _text(content, found.codepage)
    elif found.files and name == _ATTACH_DATA:
        found.files[-1].data = content
    elif found.files and name == _ATTACH_PROPERTIES:
        _take_file(found, found.files[-1], dict(_properties(content)))


def _take_message(found: Tnef, properties: dict[int, tuple[int, bytes]]) -> None:
    if _INTERNET_CODEPAGE in properties:
        number = properties[_INTERNET_CODEPAGE][1]
        found.internet_codepage = _codepage(struct.unpack_from("<I", number)[0]) if len(number) >= 4 else ""
    found.text = _string(properties, _BODY, found.codepage) or found.text
    found.html = _string(properties, _BODY_HTML, found.internet_codepage or found.codepage)
    found.rtf = properties.get(_RTF, (0, b""))[1]


def _take_file(found: Tnef, file: TnefFile, properties: dict[int, tuple[int, bytes]]) -> None:
    names = (_string(properties, key, found.codepage) for key in (_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME))
    long_name, short_name, display_name = names
    file.name = long_name or file.name or short_name or display_name
    file.content_type = _string(properties, _MIME_TYPE, found.codepage).lower()
    file.content_id = _string(properties, _CONTENT_ID, found.codepage)
    kind, data = properties.get(_DATA, (0, b""))
    if data:
        file.data = data[16:] if kind == _OBJECT else data


def _string(properties: dict[int, tuple[int, bytes]], key: int, codepage: str) -> str:
    kind, value = properties.get(key, (0, b""))
    return _text(value, "utf-16-le" if kind == _UNICODE else codepage)


def _text(value: bytes, codepage: str) -> str:
    from intake.mail.charsets import decode_text

    if codepage == "utf-16-le":
        return value[: len(value) // 2 * 2].decode(codepage, "replace").replace("\x00", "")
    return decode_text(value.rstrip(b"\x00"), codepage)[0]


def _codepage(number: int) -> str:
    return "utf-8" if number == 65001 else f"cp{number}" if 0 < number < 65000 else ""


def _properties(content: bytes) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """(property id, (type, first value)) of a MAPI property block; ends at the first it can't follow."""
    count = struct.unpack_from("<I", content)[0] if len(content) >= 4 else 0
    position = 4
    for _ in range(min(count, _MAX_ATTRIBUTES)):
        if position + 4 > len(content):
            return
        kind, key = struct.unpack_from("<HH", content, position)
        position = _after_name(content, position + 4) if key >= 0x8000 else position + 4
        value, position = _value(content, position, kind)
        if position < 0:
            return
        yield key, (kind & 0xEFFF, value)


def _after_name(content: bytes, position: int) -> int:
    """Past the name of a named property (a GUID and a number or a string)."""
    if position + 24 > len(content):
        return len(content) + 1
    named, length = struct.unpack_from("<II", content, position + 16)
    return position + 24 if named == 0 else position + 24 + length + (-length) % 4


def _value(content: bytes, position: int, kind: int) -> tuple[bytes, int]:
    many, base = bool(kind & 0x1000), kind & 0xEFFF
    if position + 4 > len(content):
        return b"", -1
    if base in _FIXED_SIZES and not many:
        size = _FIXED_SIZES[base]
        return content[position : position + size], position + size
    count = struct.unpack_from("<I", content, position)[0]
    position += 4
    if base in _FIXED_SIZES:
        size = _FIXED_SIZES[base]
        return content[position : position + size], position + size * count
    if base not in (_STRING, _UNICODE, _BINARY, _OBJECT):
        return b"", -1
    first = b""
    for number in range(min(count, _MAX_ATTRIBUTES)):
        if position + 4 > len(content):
            return first, -1
        length = struct.unpack_from("<I", content, position)[0]
        first = first if number else content[position + 4 : position + 4 + length]
        position += 4 + length + (-length) % 4
    return first, position
