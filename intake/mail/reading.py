"""Bytes in, message out: the one place where a raw mail is read. Never raises.

``read_message`` reads it all, ``read_header_only`` what can be told of a mail that could not be read within limits,
``attachment_bytes`` one file of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from intake.mail.addresses import parse_addresses
from intake.mail.attachments import Files, attachment_octets, find_attachments
from intake.mail.body import Body, Piece, compose, report_texts
from intake.mail.content_key import content_key
from intake.mail.contents import decoded
from intake.mail.dates import parse_date
from intake.mail.encoded_words import decode_words
from intake.mail.headers import read_block
from intake.mail.identifiers import parse_identifiers, parse_message_id
from intake.mail.language import language_of
from intake.mail.limits import MAX_HEADER_SCAN, MAX_HTML, MAX_TEXT
from intake.mail.message import Address, Message
from intake.mail.parameters import token
from intake.mail.report_parts import ReportParts
from intake.mail.structure import Part, Structure, take_apart
from intake.mail.surface import straightened

_METHOD = re.compile(rb"^METHOD:[ \t]*([A-Za-z]{1,20})", re.MULTILINE)
_METHOD_WINDOW = 4096

UNREADABLE = "could not be read within limits"


@dataclass(frozen=True, slots=True)
class _Header:
    fields: list[tuple[str, bytes]]
    hint: str

    def raw(self, name: str) -> bytes:
        return next((value for key, value in self.fields if key == name), b"")

    def addresses(self, name: str) -> tuple[Address, ...]:
        values = [value for key, value in self.fields if key == name]
        if len(values) == 1:
            return parse_addresses(values[0], self.hint)
        return tuple(address for value in values[:20] for address in parse_addresses(value, self.hint))


def read_message(raw: bytes) -> Message:
    """What ``raw`` says, whatever it is. Odd things are told in ``warnings``; a mail over the limits is cut."""
    try:
        return _read(raw)
    except Exception as trouble:
        message = read_header_only(raw)
        return replace(message, warnings=(f"could not be read: {type(trouble).__name__}", *message.warnings))


def read_header_only(raw: bytes) -> Message:
    """A message of the header alone, marked as cut, for a mail whose reading was stopped. Never raises."""
    try:
        data = straightened(raw[:MAX_HEADER_SCAN])
        block = read_block(data, 0, len(data))
        return replace(_with_header(_Header(block.fields, "")), warnings=(UNREADABLE,), truncated=True)
    except Exception:
        return Message(warnings=(UNREADABLE,), truncated=True)


def attachment_bytes(raw: bytes, part: int) -> bytes:
    """The octets of the attachment that ``read_message`` gave this ``part`` number; LookupError when there is none."""
    data = straightened(raw)
    return attachment_octets(data, take_apart(data), part)


def _read(raw: bytes) -> Message:
    data = straightened(raw)
    structure = take_apart(data)
    hint = _charset_hint(structure)
    body = compose(data, structure)
    files = find_attachments(data, structure, body, hint)
    _use_tnef_text(body, files)
    text, html, cut = _joined(body.pieces)
    warnings = [*structure.warnings, *body.warnings, *files.warnings]
    if not raw.strip():
        warnings = ["empty"]
    if cut:
        warnings.append("text is over the limit and was cut")
    message = replace(
        _with_header(_Header(structure.parts[0].fields, hint)),
        text=text,
        html=html,
        attachments=tuple(files.attachments),
        content_types=tuple(_kind_of(data, part) for part in structure.parts),
        warnings=tuple(dict.fromkeys(warnings)),
        content_key=content_key(data, structure),
        truncated=structure.truncated or cut,
    )
    return _with_new_text(_with_report(message, data, structure), body.pieces)


def _with_header(header: _Header) -> Message:
    return Message(
        message_id=parse_message_id(header.raw("message-id")),
        in_reply_to=parse_identifiers(header.raw("in-reply-to")),
        references=parse_identifiers(header.raw("references")),
        sender=header.addresses("from"),
        reply_to=header.addresses("reply-to"),
        to=header.addresses("to"),
        cc=header.addresses("cc"),
        subject=decode_words(header.raw("subject"), header.hint),
        date=parse_date(decode_words(header.raw("date"))),
        headers=tuple((name, decode_words(value, header.hint)) for name, value in header.fields),
    )


def _kind_of(data: bytes, part: Part) -> str:
    """The content type of a part; a calendar's with the method it says it has, or has inside (RFC 5546)."""
    if part.content_type != "text/calendar":
        return part.content_type
    said = token(part.parameters, "method")
    if not said and (inside := _METHOD.search(decoded(data, part)[0][:_METHOD_WINDOW])):
        said = inside[1].decode("ascii")
    return f"{part.content_type}; method={said.lower()}" if said.isalnum() else part.content_type


def _charset_hint(structure: Structure) -> str:
    """The charset of the first text part, for header fields in raw 8-bit."""
    labels = (token(part.parameters, "charset") for part in structure.parts if part.content_type.startswith("text/"))
    return next((label for label in labels if label and label.lower() not in ("us-ascii", "utf-8")), "")


def _use_tnef_text(body: Body, files: Files) -> None:
    if files.tnef is None or any(piece.text().strip() for piece in body.pieces):
        return
    plain, html = (_with_line_feeds(text).strip("\n") for text in (files.tnef.text, files.tnef.html))
    if not plain and not html and files.tnef.rtf:
        from intake.mail.rtf import rtf_to_text

        plain = rtf_to_text(files.tnef.rtf, files.tnef.codepage)
    if plain or html:
        body.pieces = [Piece(plain or None, html or None)]


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _joined(pieces: list[Piece]) -> tuple[str, str | None, bool]:
    """The text, the HTML where all of the text has one, and whether the text was cut."""
    texts = [piece.text() for piece in pieces]
    text = "\n".join(text for text in texts if text)
    html = "\n".join(piece.html or "" for piece in pieces) if pieces and all(piece.html for piece in pieces) else None
    if html is not None and len(html) > MAX_HTML:
        html = None
    return text[:MAX_TEXT], html, len(text) > MAX_TEXT


def _with_report(message: Message, data: bytes, structure: Structure) -> Message:
    from intake.mail.reports import read_report

    status, returned = report_texts(data, structure)
    is_report = bool(status) or "multipart/report" in message.content_types[:3]
    parts = ReportParts(status, returned, message.text) if is_report else None
    report = read_report(message, parts)
    if report is not None:
        return replace(message, report=report)
    return replace(message, report_parts=ReportParts(status, returned, message.text)) if status or returned else message


def _with_new_text(message: Message, pieces: list[Piece]) -> Message:
    from intake.mail.quoting import new_text

    new = new_text(message.text, message.html if len(pieces) == 1 else None)
    language = language_of(new.reply) or language_of(message.subject) or language_of(message.text)
    return replace(message, reply=new.reply, signature=new.signature, language=language)
