"""Message-ID, In-Reply-To, References (RFC 5322 section 3.6.4), damaged ones too. Linear; never raises."""

from __future__ import annotations

import re

from intake.mail.encoded_words import decode_words, words_decoded
from intake.mail.limits import MAX_IDENTIFIERS

_IN_BRACKETS = re.compile(r"<([^<>]{1,1000}+)>")
_SPACE = re.compile(r"\s+")
_COMMENT = re.compile(r"\([^()]*+\)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def parse_identifiers(value: bytes) -> tuple[str, ...]:
    """The ids of a field in their order, brackets round each, white space inside taken out, each once.

    Without any brackets every word with an ``@`` counts. Encoded words are decoded first (Exchange encodes long
    References); where control characters come out of them, there are no ids.
    """
    if b"=?" in value:
        text = words_decoded(value)
        if _CONTROL.search(text):
            return ()
    else:
        text = value.decode("latin-1") if value.isascii() else decode_words(value)
    found = [_SPACE.sub("", inner) for inner in _IN_BRACKETS.findall(text)]
    if not found:
        words = _COMMENT.sub(" ", text).replace(",", " ").split()
        found = [word.strip("<>\"';") for word in words if "@" in word[1:-1] and len(word) <= 1000]
    ids = (f"<{inner}>" for inner in found if inner and not _CONTROL.search(inner))
    return tuple(dict.fromkeys(ids))[:MAX_IDENTIFIERS]


def parse_message_id(value: bytes) -> str | None:
    """The one id of a Message-ID field; a value without ``@`` or brackets is taken whole."""
    if found := parse_identifiers(value):
        return found[0]
    text = _SPACE.sub("", _COMMENT.sub("", decode_words(value))).strip("<>\"'")
    return f"<{text[:1000]}>" if text and not _CONTROL.search(text) and b"=?" not in value else None
