"""Which parts of a mail are its text and which are attachments. No recursion: parts are visited backwards, so that
children come before their parents."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from intake.mail.contents import decoded, text_of
from intake.mail.html_text import html_to_text
from intake.mail.parameters import token
from intake.mail.structure import Part, Structure

_NEVER_TEXT = frozenset(
    ("text/calendar", "text/csv", "text/x-vcard", "text/vcard", "text/directory", "text/rtf", "text/rfc822-headers")
)
_HTML = frozenset(("text/html", "application/xhtml+xml"))
_STUB = re.compile(
    r"(?:(?:does|do|can)(?:n't| not|not) (?:support|display|read|show)|view this (?:e-?mail|message) in"
    r"|html[- ](?:enabled|capable|compatible)"
    r"|не поддерживает|не підтримує|поддержк\w+ html|в формате html|unterstützt kein|en (?:format )?html)",
    re.IGNORECASE,
)
_LONGEST_STUB = 400
_WORDS = re.compile(r"\w+")


@dataclass(slots=True)
class Piece:
    """A stretch of text: plain, HTML, or both where they are alternatives of one another."""

    plain: str | None
    html: str | None

    def text(self) -> str:
        if self.plain is None:
            self.plain = html_to_text(self.html or "")
        return self.plain


@dataclass(slots=True)
class Body:
    """The pieces of the text in order, the indexes of the parts they came from, and what was odd."""

    pieces: list[Piece] = field(default_factory=list)
    parts: set[int] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)


def compose(data: bytes, structure: Structure) -> Body:
    """The text of a mail: alternatives chosen, several text parts kept in order."""
    body = Body()
    parts = structure.parts
    body.parts = _text_parts(parts)
    pieces: dict[int, list[Piece]] = {}
    for part in reversed(parts):
        if part.index in body.parts:
            pieces[part.index] = _leaf(data, part, body.warnings)
        elif part.children:
            inner = [pieces.pop(child, []) for child in part.children]
            pieces[part.index] = (
                _alternative(inner) if part.content_type == "multipart/alternative" else _sequence(inner)
            )
    body.pieces = pieces.get(0, [])
    return body


def _text_parts(parts: list[Part]) -> set[int]:
    """Text parts that are no files: those without a name or alternatives of one another, else the first with a name."""
    texts = [part for part in parts if _can_be_text(part)]
    plain = {part.index for part in texts if not _has_name(part) or _is_alternative(part, parts)}
    return plain or {part.index for part in texts[:1]}


def _can_be_text(part: Part) -> bool:
    kind = part.content_type
    if part.is_container or not (kind.startswith("text/") or kind in _HTML) or kind in _NEVER_TEXT:
        return False
    disposition = part.field("content-disposition").split(b";")[0].strip().lower()
    return disposition in (b"", b"inline") or not (disposition.startswith(b"attach") or _has_name(part))


def _is_alternative(part: Part, parts: list[Part]) -> bool:
    return part.parent >= 0 and parts[part.parent].content_type == "multipart/alternative"


def _has_name(part: Part) -> bool:
    return (
        any(key.split("*")[0] == "name" for key in part.parameters)
        or b"filename" in part.field("content-disposition").lower()
    )


def _leaf(data: bytes, part: Part, warnings: list[str]) -> list[Piece]:
    text, warning = text_of(data, part)
    warnings.extend(warning)
    if part.content_type in _HTML:
        return [Piece(None, text)] if text.strip() else []
    if part.content_type in ("text/enriched", "text/richtext"):
        text = html_to_text(text.replace("<<", "&lt;").replace("\n\n", "<br>"))
    text = text.strip("\n") if not text.strip() else text.rstrip("\n")
    return [Piece(text, None)] if text.strip() else []


def _alternative(children: list[list[Piece]]) -> list[Piece]:
    """Plain text where it says something, else HTML; the HTML is kept beside the plain text it is another form of."""
    plain = next((pieces for pieces in children if pieces and all(piece.html is None for piece in pieces)), [])
    rich = next((pieces for pieces in reversed(children) if any(piece.html is not None for piece in pieces)), [])
    if not plain or not rich:
        return plain or rich
    text = "\n".join(piece.text() for piece in plain)
    source = "\n".join(piece.html or "" for piece in rich if piece.html)
    if _is_stub(text, source):
        return rich
    return [Piece(text, source)]


def _is_stub(text: str, html: str) -> bool:
    if text.lstrip()[:15].lower().startswith(("<!doctype html", "<html")):
        return True
    if len(text) > _LONGEST_STUB or not _STUB.search(text):
        return False
    return len(html_to_text(html)) > len(text) or len(html) > 10 * len(text)


def _sequence(children: list[list[Piece]]) -> list[Piece]:
    """Pieces one after another; HTML that only repeats the plain text before it becomes its other form."""
    joined: list[Piece] = []
    for piece in (piece for pieces in children for piece in pieces):
        last = joined[-1] if joined else None
        if last is not None and _repeats(last, piece):
            last.html = piece.html
        else:
            joined.append(piece)
    return joined


def _repeats(last: Piece, piece: Piece) -> bool:
    """Whether HTML says what the plain text before it said: the same words, or nearly so in a longer text."""
    if last.html is not None or piece.plain is not None:
        return False
    before, again = _WORDS.findall(last.text()), _WORDS.findall(piece.text())
    if before == again:
        return True
    old, new = set(before), set(again)
    return len(new - old) * 20 <= len(new) and len(old - new) * 5 <= len(old)


def report_texts(data: bytes, structure: Structure) -> tuple[str, str]:
    """The texts of message/delivery-status and of the returned headers, "" where there are none."""
    status = returned = ""
    for part in structure.parts:
        if part.content_type in ("message/delivery-status", "message/global-delivery-status") and not status:
            status = text_of(data, part)[0]
        elif part.content_type in ("text/rfc822-headers", "message/rfc822", "message/rfc822-headers", "message/global"):
            returned = returned or _returned(data, part)
    return status, returned


def _returned(data: bytes, part: Part) -> str:
    from intake.mail.charsets import decode_text
    from intake.mail.limits import MAX_RETURNED_HEADERS

    octets = decoded(data, part)[0][:MAX_RETURNED_HEADERS]
    return decode_text(octets, token(part.parameters, "charset"))[0].replace("\r\n", "\n").replace("\r", "\n")
