"""Content-Type and Content-Disposition: the value, and its parameters by RFC 2231 and as programs really write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from intake.mail.charsets import decode_text
from intake.mail.encoded_words import decode_words, one_line
from intake.mail.limits import MAX_PARAMETERS

_SEGMENT = re.compile(r'(?:[^";]++|"(?:[^"\\]++|\\.|\\\Z)*+(?:"|\Z))++', re.DOTALL)
_NEXT_AFTER_QUOTE = re.compile(r'("(?:[^"\\]++|\\.)*+")[ \t,]+([A-Za-z][\w*-]{0,40}[ \t]*=.*)\Z', re.DOTALL)
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,4}))?(\*)?\Z")
_BLANKS = " \t\r\n"
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_FOLD = re.compile(r"[\r\n]+[ \t]*")
Raw = dict[str, str]


def split_value(value: bytes) -> tuple[str, Raw]:
    """A structured value in lower case and its raw parameters by name (lower case, with any ``*`` of RFC 2231).

    Raw texts hold one character an octet (latin-1). The first of equal names counts; further ones are dropped.
    """
    segments = _segments(_FOLD.sub(" ", value.decode("latin-1")))
    main = next(segments, "").strip(_BLANKS)
    params: Raw = {}
    if "=" in main:
        word, _, glued = main.partition(" ")
        main, glued = (word, glued) if "=" not in word else ("", main)
        _add(params, glued)
    for segment in segments:
        _add(params, segment)
    return main.strip(_BLANKS).lower(), params


def _segments(text: str) -> Iterator[str]:
    for number, found in enumerate(_SEGMENT.finditer(text)):
        if number > MAX_PARAMETERS:
            return
        yield found[0]


def _add(params: Raw, segment: str) -> None:
    for _ in range(MAX_PARAMETERS):
        name, equals, value = segment.partition("=")
        name, value = name.strip(_BLANKS).lower(), value.strip(_BLANKS)
        rest = _NEXT_AFTER_QUOTE.match(value) if value.startswith('"') else None
        if equals and name and name not in params:
            params[name] = rest[1] if rest else value
        if rest is None:
            return
        segment = rest[2]


def token(params: Raw, name: str) -> str:
    """A parameter that is one word, such as a charset or a type; "" when absent."""
    value = unquoted(params.get(name) or params.get(name + "*") or "")
    return value.split("(")[0].strip().strip("'").split("''")[-1]


def unquoted(value: str) -> str:
    """A quoted string's text; a closing quote may be missing."""
    if not value.startswith('"'):
        return value
    value = value[1:-1] if len(value) > 1 and value.endswith('"') and not value.endswith('\\"') else value[1:]
    return _ESCAPE.sub(r"\1", value) if "\\" in value else value


def text(params: Raw, name: str, hint: str = "") -> str:
    """A parameter that is text, such as a file name: RFC 2231 first, else plain with RFC 2047 words or raw octets."""
    if (pieces := _sections(params, name)) and (decoded := _joined(pieces, hint)):
        return decoded
    plain = unquoted(params.get(name, "")).strip(_BLANKS)
    return decode_words(plain.encode("latin-1"), hint) if plain else ""


def _sections(params: Raw, name: str) -> list[tuple[int, bool, str]]:
    """The ``name*``, ``name*0``, ``name*0*`` … of a parameter, in their order: (number, encoded, raw value)."""
    found = []
    for key, value in params.items():
        if key.startswith(name + "*") and (section := _SECTION.match(key)) and section[1] == name:
            found.append((int(section[2] or 0), bool(section[3]), unquoted(value)))
    return sorted(found, key=lambda piece: piece[0])


def _joined(pieces: list[tuple[int, bool, str]], hint: str) -> str:
    charset = ""
    octets = []
    for place, (_, encoded, value) in enumerate(pieces):
        if place == 0 and encoded and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        octets.append(unquote_to_bytes(value.encode("latin-1")) if encoded else value.encode("latin-1"))
    whole = b"".join(octets)
    if not any(encoded for _, encoded, _ in pieces):
        return decode_words(whole, hint)
    return decode_words(whole, charset or hint) if b"=?" in whole else one_line(decode_text(whole, charset, hint)[0])
