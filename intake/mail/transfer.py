"""Content transfer encodings (RFC 2045 section 6), read from damaged input as far as it goes. Never raises."""

from __future__ import annotations

import binascii
import re
from string import ascii_letters, digits

_ALPHABET = (ascii_letters + digits + "+/").encode()
_LAYOUT = b" \t\r\n"
_MOST_STREAMS = 1000
_PROSE = 2_000
_WORDS = re.compile(rb"\s*[^\s=]{1,40}[ \t]+[^\s=]{1,40}[ \t]+\S")
_SOFT_BREAK_SPACES = re.compile(rb"=[ \t]++(?=\r?\n)")
_LONE_CR_BREAK = re.compile(rb"=\r(?!\n)")


def decode_transfer(data: bytes, encoding: str) -> tuple[bytes, str]:
    """``data`` without its transfer ``encoding`` (lower case), and a warning, "" when it was sound."""
    if encoding == "base64":
        return (data, "not base64 as labelled") if _is_prose(data) else decode_base64(data)
    if encoding == "quoted-printable":
        return decode_quoted_printable(data), ""
    if encoding in ("x-uuencode", "x-uue", "uuencode", "x-uu"):
        from intake.mail.uuencode import decode_whole

        return decode_whole(data)
    return data, ""


def encoding_meant(label: str) -> str:
    """The encoding a Content-Transfer-Encoding ``label`` means: spellings and rubbish around it are forgiven."""
    word = label.strip().strip("\"';").lower()
    if word in ("base64", "quoted-printable", "7bit", "8bit", "binary", ""):
        return word
    bare = re.sub(r"\(.*|[^a-z0-9]", "", word)
    if bare.startswith("base64") or bare == "b":
        return "base64"
    if bare.startswith(("quotedprint", "qp")) or bare == "q":
        return "quoted-printable"
    return "x-uuencode" if "uue" in bare or bare == "xuu" else bare


def decode_quoted_printable(data: bytes) -> bytes:
    """Soft line breaks with trailing blanks are joined too; what is no code stays as written."""
    if b"= " in data or b"=\t" in data:
        data = _SOFT_BREAK_SPACES.sub(b"=", data)
    if b"=\r" in data:
        data = _LONE_CR_BREAK.sub(b"=\r\n", data)
    return binascii.a2b_qp(data)


def decode_q(text: bytes) -> bytes:
    """The Q encoding of RFC 2047: underscores are spaces."""
    return binascii.a2b_qp(text, header=True)


def decode_base64(data: bytes) -> tuple[bytes, str]:
    """Stray characters are skipped, missing padding is supplied, streams joined end to end are all read.

    A line that is no base64 at all ends the data: lists and virus scanners append text.
    """
    strays = data.translate(None, _ALPHABET + _LAYOUT)
    if strays in (b"", b"=", b"==") and data.rstrip(_LAYOUT).endswith(strays):
        return _decode_clean(data)
    kept, rest = _until_other_text(data) if strays.strip(b"=") else (data, b"")
    bare = kept.translate(None, kept.translate(None, _ALPHABET + b"="))
    pieces = bare.split(b"=", _MOST_STREAMS)
    decoded = b"".join(_decode_clean(piece)[0] for piece in pieces[:_MOST_STREAMS])
    if rest.strip():
        return decoded, f"base64 is damaged, {len(rest)} octets left out"
    return decoded, "base64 is damaged" if strays.strip(b"=") or len(pieces) > _MOST_STREAMS else ""


def text_after_base64(data: bytes) -> bytes:
    """What stands in a base64 text part after its data, in the clear: the footer of a mailing list.

    Nothing when all of it is in the clear: then `decode_transfer` gave it already.
    """
    if not data.translate(None, _ALPHABET + _LAYOUT).strip(b"=") or _is_prose(data):
        return b""
    return _until_other_text(data)[1].strip(b"\r\n")


def _is_prose(data: bytes) -> bool:
    """Whether text labelled base64 is written in the clear: the first lines are words with blanks between them."""
    lines = [line for line in data[:_PROSE].split(b"\n")[:20] if line.strip()]
    words = [_WORDS.match(line) is not None for line in lines]
    return bool(words) and words[0] and sum(words) * 2 >= len(words)


def _decode_clean(data: bytes) -> tuple[bytes, str]:
    try:
        return binascii.a2b_base64(data), ""
    except binascii.Error:
        bare = data.translate(None, _LAYOUT).rstrip(b"=")
        bare = bare[: len(bare) - 1] if len(bare) % 4 == 1 else bare
        return binascii.a2b_base64(bare + b"=" * (-len(bare) % 4)), "base64 is cut short"


def _until_other_text(data: bytes) -> tuple[bytes, bytes]:
    position = 0
    for line in data.splitlines(keepends=True):
        strays = len(line.translate(None, _ALPHABET + _LAYOUT + b"="))
        words = len(line.split())
        if strays > 2 + len(line) // 8 or (words > 2 and strays) or words > 4:
            return data[:position], data[position:]
        position += len(line)
    return data, b""
