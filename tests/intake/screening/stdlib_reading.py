"""Raw bytes to Message with Python's own email package, for tests of what comes after reading."""

from __future__ import annotations

import email
import email.message
import email.policy
import email.utils
from email.header import decode_header, make_header

from intake.mail.message import Address, Message
from intake.mail.report_parts import ReportParts
from intake.mail.reports import read_report


def read(raw: bytes) -> Message:
    mail = email.message_from_bytes(raw, policy=email.policy.compat32)
    headers = tuple((name.lower(), " ".join(_words(value).split())) for name, value in mail.items())
    parts = list(mail.walk())
    text = _text(parts)
    message = Message(
        message_id=_ids(mail, "message-id")[0] if _ids(mail, "message-id") else None,
        in_reply_to=_ids(mail, "in-reply-to"),
        references=_ids(mail, "references"),
        sender=_addresses(mail, "from"),
        reply_to=_addresses(mail, "reply-to"),
        to=_addresses(mail, "to"),
        cc=_addresses(mail, "cc"),
        subject=" ".join(_words(str(mail.get("subject", ""))).split()),
        text=text,
        reply=_above_quote(text),
        headers=headers,
        content_types=tuple(part.get_content_type() for part in parts),
    )
    return _with_report(message, _report_parts(parts))


def _with_report(message: Message, parts: ReportParts) -> Message:
    values = {name: getattr(message, name) for name in Message.__dataclass_fields__}
    return Message(**{**values, "report": read_report(message, parts)})


def _words(value: object) -> str:
    try:
        return str(make_header(decode_header(str(value))))
    except (LookupError, ValueError):
        return str(value)


def _ids(mail: email.message.Message, name: str) -> tuple[str, ...]:
    return tuple(str(mail.get(name, "")).split())


def _addresses(mail: email.message.Message, name: str) -> tuple[Address, ...]:
    pairs = email.utils.getaddresses([str(value) for value in mail.get_all(name, [])])
    return tuple(Address(_words(shown), address) for shown, address in pairs if address)


def _payload(part: email.message.Message) -> str:
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    try:
        return raw.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return raw.decode("latin-1")


def _text(parts: list[email.message.Message]) -> str:
    kinds = ("text/plain", "text/html")
    texts = [part for part in _outside(parts) if part.get_content_type() in kinds]
    plain = [_payload(part) for part in texts if part.get_content_type() == "text/plain"]
    return "\n".join(plain or [_payload(part) for part in texts]).replace("\r\n", "\n")


def _outside(parts: list[email.message.Message]) -> list[email.message.Message]:
    """Leaf parts that are not within an enclosed mail or a delivery status."""
    inner = {id(leaf) for part in parts if part.get_content_maintype() == "message" for leaf in list(part.walk())[1:]}
    return [part for part in parts if id(part) not in inner and not part.is_multipart()]


def _above_quote(text: str) -> str:
    lines = text.splitlines()
    at = next((at for at, line in enumerate(lines) if line.startswith(">")), len(lines))
    return "\n".join(lines[:at]).strip()


def _report_parts(parts: list[email.message.Message]) -> ReportParts:
    status, returned = "", ""
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            inner = [str(block) for block in blocks] if isinstance(blocks, list) else [_payload(part)]
            status = status or "\n".join(inner)
        elif part.get_content_type() == "text/rfc822-headers":
            returned = returned or _payload(part)
        elif part.get_content_type() == "message/rfc822" and part.is_multipart():
            inside = part.get_payload(0)
            if isinstance(inside, email.message.Message):
                returned = returned or "\n".join(f"{name}: {value}" for name, value in inside.items())
    return ReportParts(status, returned, _text(parts))
