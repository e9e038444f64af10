"""What a part says once its transfer encoding and its charset are undone."""

from __future__ import annotations

import re

from intake.mail.charsets import decode_text
from intake.mail.flowed import unflow
from intake.mail.limits import MAX_TEXT
from intake.mail.parameters import token
from intake.mail.structure import Part
from intake.mail.transfer import decode_transfer, text_after_base64
from intake.mail.uuencode import Uuencoded, find_files, without_files

_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_META_WINDOW = 4096


def decoded(data: bytes, part: Part) -> tuple[bytes, str]:
    """The octets of a part and a warning, "" when its encoding was sound."""
    if part.octets is None:
        part.octets = decode_transfer(data[part.start : part.end], part.encoding)
    return part.octets


def uuencoded_files(octets: bytes) -> list[Uuencoded]:
    """The uuencoded files in a text part's octets."""
    return find_files(octets) if b"begin" in octets else []


def text_of(data: bytes, part: Part) -> tuple[str, list[str]]:
    """The text of a text part, line ends ``\\n``, uuencoded files taken out, and warnings."""
    octets, damage = decoded(data, part)
    warnings = [damage] if damage else []
    if damage and part.encoding == "base64":
        octets += b"\n" + text_after_base64(data[part.start : part.end])
    if files := uuencoded_files(octets):
        octets = without_files(octets, files)
    if len(octets) > 4 * MAX_TEXT:
        octets = octets[: 4 * MAX_TEXT]
        warnings.append("text is over the limit and was cut")
    text, warning = _in_charset(octets, part)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if token(part.parameters, "format").lower() == "flowed" and part.content_type == "text/plain":
        text = unflow(text, token(part.parameters, "delsp").lower() == "yes")
    return text, [*warnings, warning] if warning else warnings


def _in_charset(octets: bytes, part: Part) -> tuple[str, str]:
    label = token(part.parameters, "charset")
    if part.content_type != "text/html" or octets.isascii():
        return decode_text(octets, label)
    meta = _META.search(octets[:_META_WINDOW])
    inside = meta[1].decode("ascii") if meta else ""
    return decode_text(octets, label or inside, inside)
