"""Header fields as ASCII text: one line of meaning each, whatever was put in."""

from __future__ import annotations

import re
from binascii import b2a_base64
from collections.abc import Iterable
from urllib.parse import quote

from intake.letters.addresses import wire_address

LINE = 76
"""The longest line that holds an encoded word (RFC 2047 2)."""
WORD = 75
"""The longest encoded word (RFC 2047 2)."""
LONGEST_VALUE = 1000
"""Characters of one value; the rest is cut and an ellipsis says so."""
FOLD = "\r\n "
_EMPTY_WORD = len("=?utf-8?B??=")
_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SPACES = re.compile(" {2,}")
_SURROGATES = re.compile("[\ud800-\udfff]")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
_TOKEN = re.compile(r"[A-Za-z0-9!#$&+.^_`{|}~-]+", re.ASCII)


def single_line(value: str) -> str:
    """The value on one line: controls and line ends become spaces, runs of spaces one; lone surrogates U+FFFD."""
    if not value.isprintable():
        value = _SURROGATES.sub("\ufffd", _BREAKS.sub(" ", value))
    value = _SPACES.sub(" ", value).strip(" ")
    return value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1].rstrip(" ") + "…"


def field(name: str, value: str) -> str:
    """``Name: value`` of an unstructured field, folded, with its line end; encoded words where ASCII won't do."""
    text = single_line(value)
    if _is_plain(text):
        return f"{name}: {text}\r\n" if len(name) + 2 + len(text) <= LINE else f"{name}: {_folded(name, text)}\r\n"
    return f"{name}: {encoded_words(text, len(name) + 2)}\r\n"


def addresses(name: str, mailboxes: Iterable[tuple[str, str]]) -> str:
    """A field of (display name, address) pairs, one a line. Raises Refused for what is not an address."""
    parts = [_mailbox(shown, wire_address(address), len(name) + 2) for shown, address in mailboxes]
    return f"{name}: {(',' + FOLD).join(parts)}\r\n"


def encoded_words(text: str, taken: int) -> str:
    """RFC 2047 B words of at most 75 characters, cut between characters; ``taken``: how far the line is filled.

    Cut after a space where there is one near: programs that wrongly keep the space between two encoded words
    (CPython's own before 3.12.5 in display names) then break no word.
    """
    data = text.encode("utf-8")
    words: list[str] = []
    start = 0
    while start < len(data) or not words:
        room = (min(WORD, LINE - max(taken, 1)) - _EMPTY_WORD) // 4 * 3
        end = _word_end(data, start, start + room)
        words.append(f"=?utf-8?B?{b2a_base64(data[start:end], newline=False).decode('ascii')}?=")
        start, taken = end, 1
    return FOLD.join(words)


def parameter(name: str, value: str) -> str:
    """`` ; name=value`` of a MIME field, each piece on a line of its own; RFC 2231 where it is long or not ASCII."""
    if value.isascii() and len(value) <= 60 and not _looks_encoded(value):
        return f";{FOLD}{name}={_quoted(value)}"
    data = value.encode("utf-8")
    pieces = []
    start = 0
    while start < len(data):
        end = _boundary(data, start + 18)
        pieces.append(quote(data[start:end], safe=""))
        start = end
    if len(pieces) == 1:
        return f";{FOLD}{name}*=utf-8''{pieces[0]}"
    lead = ["utf-8''"] + [""] * (len(pieces) - 1)
    return "".join(f";{FOLD}{name}*{i}*={lead[i]}{piece}" for i, piece in enumerate(pieces))


def legacy_parameter(name: str, value: str) -> str:
    """The same for programs that never learnt RFC 2231: encoded words in a quoted string."""
    if value.isascii() and len(value) <= 60 and not _looks_encoded(value):
        return f";{FOLD}{name}={_quoted(value)}"
    return f';{FOLD}{name}="{encoded_words(value, len(name) + 3)}"'


def _mailbox(shown: str, address: str, taken: int) -> str:
    text = single_line(shown)
    if not text:
        return address
    if _is_plain(text) and len(text) <= 60:
        phrase = text if _ATOMS.fullmatch(text) else _quoted(text, always=True)
    else:
        phrase = encoded_words(text, taken)
    last = len(phrase) - phrase.rfind("\n")
    return f"{phrase} <{address}>" if taken + last + len(address) < LINE else f"{phrase}{FOLD}<{address}>"


def _quoted(value: str, always: bool = False) -> str:
    if not always and _TOKEN.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _is_plain(text: str) -> bool:
    return text.isascii() and not _looks_encoded(text) and max(map(len, text.split(" "))) < 60


def _looks_encoded(text: str) -> bool:
    return "=?" in text


def _folded(name: str, text: str) -> str:
    lines, line = [], ""
    room = LINE - len(name) - 2
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > room:
            lines.append(line)
            line, room = word, LINE - 1
        else:
            line = f"{line} {word}" if line else word
    return FOLD.join([*lines, line])


def _word_end(data: bytes, start: int, end: int) -> int:
    end = _boundary(data, end)
    space = data.rfind(b" ", start + (end - start) // 3, end) if end < len(data) else -1
    return end if space < 0 else space + 1


def _boundary(data: bytes, end: int) -> int:
    """The last place not after ``end`` where a character of the UTF-8 ``data`` begins, or its end."""
    if end >= len(data):
        return len(data)
    while data[end] & 0xC0 == 0x80:
        end -= 1
    return end
