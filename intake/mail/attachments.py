"""The files of a mail: which parts are one, their names, and their octets when asked for.

A file inside a part (of a winmail.dat, or uuencoded in a text) has the part's number plus ``MEMBER`` for the first,
twice that for the second and so on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from intake.mail.body import Body
from intake.mail.contents import decoded, uuencoded_files
from intake.mail.encoded_words import decode_words
from intake.mail.media_types import extension_of, type_of
from intake.mail.message import Attachment
from intake.mail.parameters import split_value, text
from intake.mail.structure import Part, Structure
from intake.mail.tnef import Tnef, read_tnef

MEMBER = 10_000
_MAX_NAME = 1000
_PARTS_OF_REPORTS = frozenset(
    (
        "message/delivery-status",
        "message/global-delivery-status",
        "message/disposition-notification",
        "message/feedback-report",
        "text/rfc822-headers",
        "message/rfc822-headers",
    )
)
_SIGNATURES = frozenset(("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"))
_LIKE_A_NAME = re.compile(r"[^/\\:*?<>|\"]{1,200}\.[A-Za-z0-9]{2,5}\Z")
_CID = re.compile(r"cid:([^\"'\s>)]{1,300})", re.IGNORECASE)


@dataclass(slots=True)
class Files:
    """The attachments of a mail in order, the texts of a winmail.dat, and what was odd."""

    attachments: list[Attachment]
    tnef: Tnef | None
    warnings: list[str]


def find_attachments(data: bytes, structure: Structure, body: Body, hint: str) -> Files:
    """Every file of the mail; a part without a name gets one made for its type."""
    found = Files([], None, [])
    shown = _shown_pictures(body)
    for part in structure.parts:
        if part.index in body.parts:
            found.attachments.extend(_uuencoded(data, part, hint))
            if name := _name_of_shown_file(part, structure, hint):
                _add(found, data, part, name, shown)
        elif not part.is_container and (name := _name_if_file(part, structure, hint)):
            _add(found, data, part, name, shown)
    return found


def attachment_octets(data: bytes, structure: Structure, number: int) -> bytes:
    """The octets of the attachment with this ``number``; LookupError when the mail has none such."""
    member, index = divmod(number, MEMBER)
    part = structure.parts[index] if 0 <= index < len(structure.parts) else None
    if part is None or part.is_container:
        raise LookupError(f"the mail has no part {number}")
    octets = decoded(data, part)[0]
    if not member:
        return octets
    tnef = read_tnef(octets)
    members = [file.data for file in tnef.files] if tnef else [file.data for file in uuencoded_files(octets)]
    if member > len(members):
        raise LookupError(f"the mail has no part {number}")
    return members[member - 1]


def _shown_pictures(body: Body) -> frozenset[str]:
    from urllib.parse import unquote

    sources = (piece.html for piece in body.pieces if piece.html and "cid:" in piece.html)
    return frozenset(unquote(cid).lower() for html in sources for cid in _CID.findall(html))


def _name_if_file(part: Part, structure: Structure, hint: str) -> str:
    """The name of a part that is a file, made up where it has none; "" for a part that is no file."""
    disposition, name = _labels(part, hint)
    if name:
        return name[:_MAX_NAME]
    if part.start >= part.end and disposition != "attachment":
        return ""
    if disposition != "attachment" and not _is_file_without_name(part, structure):
        return ""
    return _described_name(part, hint) or _made_up_name(part)


def _labels(part: Part, hint: str) -> tuple[str, str]:
    """The disposition of a part and the file name it is labelled with, "" for none."""
    disposition, parameters = split_value(part.field("content-disposition"))
    name = text(parameters, "filename", hint) or text(part.parameters, "name", hint) or text(parameters, "name", hint)
    return disposition, name


def _name_of_shown_file(part: Part, structure: Structure, hint: str) -> str:
    """The name of a file among others that is also the mail's text; "" for what only is its text."""
    if part.parent < 0 or structure.parts[part.parent].content_type == "multipart/alternative":
        return ""
    return _labels(part, hint)[1][:_MAX_NAME]


def _described_name(part: Part, hint: str) -> str:
    """A file name told by Content-Location (RFC 2557) or Content-Description, where it looks like one."""
    for name in ("content-location", "content-description"):
        found = decode_words(part.field(name), hint).strip("\"' ").partition("?")[0].rpartition("/")[2]
        if _LIKE_A_NAME.match(found):
            return found
    return ""


def _is_file_without_name(part: Part, structure: Structure) -> bool:
    """Machine parts of reports, signatures and unchosen alternatives are no files of their own."""
    if part.content_type in _PARTS_OF_REPORTS or part.content_type in _SIGNATURES:
        return False
    if part.parent < 0:
        return True
    around = structure.parts[part.parent].content_type
    if around == "multipart/report" or around == "multipart/alternative":
        return False
    return not (around == "multipart/encrypted" and part.content_type == "application/pgp-encrypted")


def _made_up_name(part: Part) -> str:
    kind = part.content_type
    ending = extension_of(kind)
    if kind.startswith("message/"):
        return "message.eml"
    if kind.startswith("image/"):
        return f"image-{part.index}{ending}"
    return "invite.ics" if kind == "text/calendar" else f"part-{part.index}{ending}"


def _add(found: Files, data: bytes, part: Part, name: str, shown: frozenset[str]) -> None:
    octets, damage = decoded(data, part)
    if damage:
        found.warnings.append(f"attachment: {damage}")
    cid = decode_words(part.field("content-id")).strip().strip("<>").strip() or None
    inline = _is_inline(part, cid, shown)
    found.attachments.append(Attachment(part.index, name, part.content_type, len(octets), inline, cid))
    if (part.content_type.endswith("ms-tnef") or name.lower() == "winmail.dat") and (tnef := read_tnef(octets)):
        found.tnef = found.tnef or tnef
        found.attachments.extend(_members(tnef, part))


def _is_inline(part: Part, cid: str | None, shown: frozenset[str]) -> bool:
    """A picture inside the text: the text shows it, or it is labelled so."""
    if not part.content_type.startswith("image/"):
        return False
    if cid and cid.lower() in shown:
        return True
    return part.field("content-disposition")[:6].lower() == b"inline"


def _members(tnef: Tnef, part: Part) -> list[Attachment]:
    members = []
    for number, file in enumerate(tnef.files, 1):
        name = decode_words(file.name.encode("utf-8", "replace"))[:_MAX_NAME] or f"part-{part.index}-{number}.bin"
        kind = file.content_type if re.fullmatch(r"[\w.+-]+/[\w.+-]+", file.content_type) else type_of(name)
        cid = file.content_id.strip("<> ") or None
        members.append(Attachment(part.index + number * MEMBER, name, kind, len(file.data), False, cid))
    return members


def _uuencoded(data: bytes, part: Part, hint: str) -> list[Attachment]:
    if data.find(b"begin", part.start, part.end) < 0 and part.encoding in ("", "7bit", "8bit", "binary"):
        return []
    found = []
    for number, file in enumerate(uuencoded_files(decoded(data, part)[0]), 1):
        name = decode_words(file.name, hint)[:_MAX_NAME] or f"part-{part.index}-{number}.bin"
        found.append(Attachment(part.index + number * MEMBER, name, type_of(name), len(file.data)))
    return found
