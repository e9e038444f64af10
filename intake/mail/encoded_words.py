"""Header text: RFC 2047 encoded words, whole or broken, and raw 8-bit text between them. Never raises."""

from __future__ import annotations

import re

from intake.mail.charsets import decode_text
from intake.mail.transfer import decode_base64, decode_q

_WORD = re.compile(
    rb"=\?(?P<charset>[A-Za-z0-9_.:+()-]{1,60})(?:\*[A-Za-z0-9-]{0,20})?"
    rb"\?[ \t]*(?P<how>[bBqQ])[ \t]*\?(?P<text>(?:[^?=]++|=(?!\?(?!=))|\?(?!=))*+)(?:\?=|(?P<cut>\Z))",
)
_FOLD = re.compile(rb"[\r\n]+[ \t]*")
_BREAKS = re.compile("[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_SPACES = b" \t\r\n"


def decode_words(value: bytes, hint: str = "") -> str:
    """The text of a header value, folded or not: one line, no NUL, no lone surrogate.

    Neighbouring words of one charset and encoding are joined before decoding, because many programs split
    characters between them (RFC 2047 section 5 forbids it). ``hint`` is the charset for raw 8-bit bytes.
    """
    return one_line(words_decoded(value, hint))


def words_decoded(value: bytes, hint: str = "") -> str:
    """As ``decode_words``, with the line breaks that encoded words hold left in: a mark of forgery."""
    if b"=?" not in value:
        return _raw(value, hint)
    pieces: list[str] = []
    run: list[bytes] = []
    kind = (b"", b"")
    end = 0
    for found in _WORD.finditer(value):
        between = value[end : found.start()]
        this = (found["charset"].lower(), found["how"].lower())
        if run and (between.strip(_SPACES) or this != kind):
            pieces.append(_decode_run(kind, run))
            run = []
        if between.strip(_SPACES) or not end:
            pieces.append(_raw(between, hint))
        run.append(found["text"])
        kind = this
        end = found.end()
    if run:
        pieces.append(_decode_run(kind, run))
    pieces.append(_raw(value[end:], hint))
    return "".join(pieces)


def one_line(text: str) -> str:
    """``text`` with every line break made a space, and without NULs and lone surrogates."""
    return _BREAKS.sub(" ", text.replace("\x00", "")).strip() if not text.isprintable() else text.strip()


def _raw(value: bytes, hint: str) -> str:
    value = _FOLD.sub(b" ", value)
    return value.decode("ascii") if value.isascii() else decode_text(value, "", hint)[0]


def _decode_run(kind: tuple[bytes, bytes], run: list[bytes]) -> str:
    charset, how = kind
    if how == b"q":
        data = decode_q(b"".join(_FOLD.sub(b"", text) for text in run))
    else:
        data = b"".join(decode_base64(text)[0] for text in _rejoined(run))
    return decode_text(data, charset.decode("ascii"))[0]


def _rejoined(run: list[bytes]) -> list[bytes]:
    """Base64 texts, those cut inside a group of four put together again."""
    whole: list[bytes] = []
    for text in run:
        bare = text.translate(None, _SPACES)
        if whole and len(whole[-1]) % 4 and not whole[-1].endswith(b"="):
            whole[-1] += bare
        else:
            whole.append(bare)
    return whole
