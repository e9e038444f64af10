"""A letter as the bytes that leave (RFC 5322): written straight from its values, the same for the same values."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from intake.errors import Refused
from intake.letters.bodies import text_part
from intake.letters.enclosures import Enclosure, enclosure_part
from intake.letters.headers import FOLD, addresses, field

REFERENCES_KEPT = 20
_OWN_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,120}@[A-Za-z0-9.-]{1,120}>", re.ASCII)
_ANY_ID = re.compile(r"<[!-;=?-~]{1,500}>", re.ASCII)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}", re.ASCII)
_TAKEN = frozenset(
    {"from", "sender", "to", "cc", "bcc", "subject", "date", "message-id", "reply-to", "in-reply-to", "references"}
    | {"mime-version", "content-type", "content-transfer-encoding", "content-disposition", "content-id"}
    | {"return-path", "received"}
)


@dataclass(frozen=True, slots=True)
class LetterHead:
    """What stands above a letter. ``to`` holds (display name, address); ``date`` is aware; ``references`` oldest
    first; ``extra`` are further header fields as (name, value)."""

    from_name: str
    from_address: str
    to: tuple[tuple[str, str], ...]
    subject: str
    message_id: str
    date: datetime
    reply_to: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()


def compose(head: LetterHead, text: str, html: str | None, attachments: Sequence[Enclosure] = ()) -> bytes:
    """A letter's bytes: ASCII, CRLF, lines of at most 76 characters (an address or a Message-ID may be longer).

    Every value ends up as the value of its own field, whatever it holds. Ids of ``in_reply_to`` and ``references``
    that are none (they come from strangers) are left out; of many references the first and the last 20 stay.
    Raises Refused for a wrong address, an own Message-ID or extra field that cannot be written, or no recipient.
    """
    boundary = "=_" + hashlib.sha256(head.message_id.encode("utf-8", "replace")).hexdigest()[:32]
    body = text_part("plain", text)
    if html is not None:
        body = _multipart("alternative", boundary + "a", [body, text_part("html", html)])
    if attachments:
        body = _multipart("mixed", boundary + "m", [body, *map(enclosure_part, attachments)])
    return _head(head).encode("ascii") + body


def message_ids(values: Iterable[str]) -> list[str]:
    """Those of ``values`` that are Message-IDs, each once; of more than 21 the first and the last 20."""
    found = list(dict.fromkeys(value for value in values if _ANY_ID.fullmatch(value)))
    return found if len(found) <= REFERENCES_KEPT + 1 else [found[0], *found[-REFERENCES_KEPT:]]


def _head(head: LetterHead) -> str:
    if head.date.tzinfo is None:
        raise ValueError("the date of a letter must be aware")
    if not _OWN_ID.fullmatch(head.message_id):
        raise Refused(f"{head.message_id[:80]!a} is not a Message-ID")
    if not head.to:
        raise Refused("a letter needs a recipient")
    fields = [
        addresses("From", [(head.from_name, head.from_address)]),
        addresses("To", head.to),
        field("Subject", head.subject),
        f"Date: {format_datetime(head.date)}\r\n",
        f"Message-ID: {head.message_id}\r\n",
    ]
    if head.reply_to:
        fields.append(addresses("Reply-To", [("", head.reply_to)]))
    answered = message_ids([head.in_reply_to] if head.in_reply_to else [])
    if answered:
        fields.append(f"In-Reply-To: {answered[0]}\r\n")
    references = message_ids(head.references)
    if references:
        fields.append(f"References: {FOLD.join(references)}\r\n")
    fields.extend(_extra(name, value) for name, value in head.extra)
    return "".join([*fields, "MIME-Version: 1.0\r\n"])


def _extra(name: str, value: str) -> str:
    if not _NAME.fullmatch(name) or name.lower() in _TAKEN:
        raise Refused(f"{name[:60]!a} can not be an extra header field")
    return field(name, value)


def _multipart(kind: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    """``=_`` can not occur in base64 or quoted-printable (RFC 2045 6.7), so the boundary is in no part."""
    lead = f"--{boundary}\r\n".encode("ascii")
    head = f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n\r\n'.encode("ascii")
    return b"".join([head, *(lead + part + b"\r\n" for part in parts), f"--{boundary}--\r\n".encode("ascii")])
