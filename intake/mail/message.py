"""What a mail says, as plain data: the result of reading raw bytes once.

Every text here is decoded, holds no NUL and no lone surrogate; no value taken from a header holds CR or LF.
Control and bidi characters are kept: they are neutralised where they are shown, not where they are stored.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from intake.mail.report_parts import ReportParts


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox: display name (may be empty) and address, its domain in lower case."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not the body.

    ``part`` counts MIME parts depth-first from 0 and finds the bytes again in the raw mail (a file inside a part, of
    a winmail.dat or uuencoded: `intake.mail.attachments.MEMBER` more for each). ``size`` is in decoded octets;
    ``filename`` is the sender's, decoded and not made safe.
    """

    part: int
    filename: str
    content_type: str
    size: int
    inline: bool = False
    content_id: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a bounce or delay report (RFC 3464, or its structure-less relatives) tells.

    ``action`` is failed|delayed|delivered|relayed|expanded; ``recipients`` the addresses it is about;
    ``original_ids`` the Message-IDs of the returned letter, brackets kept.
    """

    action: str
    recipients: tuple[str, ...] = ()
    status: str | None = None
    diagnostic: str | None = None
    original_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One mail as read.

    ``text`` is the whole decoded body, ``reply`` what the sender newly wrote this time, ``signature`` what
    followed a signature delimiter or the device line. ``headers`` are all header fields in order, names in
    lower case, values unfolded and RFC 2047-decoded. ``content_types`` are those of every part, depth-first.
    ``report_parts`` are what a delivery report would be read from where the mail alone does not show that it is one:
    the envelope may. ``warnings`` say what was odd, in English, one short phrase each.
    """

    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    sender: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str = ""
    date: datetime | None = None
    text: str = ""
    html: str | None = None
    reply: str = ""
    signature: str | None = None
    attachments: tuple[Attachment, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    content_types: tuple[str, ...] = ()
    report: DeliveryReport | None = None
    report_parts: ReportParts | None = None
    language: str | None = None
    warnings: tuple[str, ...] = ()
    content_key: str = ""
    truncated: bool = field(default=False)

    def header(self, name: str) -> str | None:
        """The first value of header field ``name`` (lower case), None when absent."""
        return next((value for key, value in self.headers if key == name), None)

    def header_all(self, name: str) -> tuple[str, ...]:
        """Every value of header field ``name`` (lower case), in order."""
        return tuple(value for key, value in self.headers if key == name)
