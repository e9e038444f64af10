"""Files that go with a letter."""

from __future__ import annotations

import re
from dataclasses import dataclass

from intake.letters.bodies import base64_lines
from intake.letters.headers import legacy_parameter, parameter, single_line

LONGEST_NAME = 200
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}", re.ASCII)
_CONTENT_ID = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.@-]{1,200}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file of a letter. ``content_id`` (with or without angle brackets) lets the HTML refer to it as ``cid:``."""

    filename: str
    content_type: str
    data: bytes
    inline: bool = False
    content_id: str | None = None


def enclosure_parts(has_html: bool, count: int) -> list[int]:
    """The part numbers of a composed letter's enclosures: MIME parts counted depth-first from 0, containers too."""
    first = 4 if has_html else 2
    return list(range(first, first + count))


def enclosure_part(enclosure: Enclosure) -> bytes:
    """The MIME part of an enclosure, always base64: its bytes arrive as they are."""
    name = file_name(enclosure.filename)
    kind = "inline" if enclosure.inline else "attachment"
    head = [
        f"Content-Type: {_content_type(enclosure.content_type)}{legacy_parameter('name', name)}\r\n",
        f"Content-Disposition: {kind}{parameter('filename', name)}\r\n",
        "Content-Transfer-Encoding: base64\r\n",
    ]
    content_id = (enclosure.content_id or "").strip("<>")
    if _CONTENT_ID.fullmatch(content_id):
        head.append(f"Content-ID: <{content_id}>\r\n")
    return "".join([*head, "\r\n"]).encode("ascii") + base64_lines(enclosure.data)


def file_name(name: str) -> str:
    """A file name that is one: no folders, one line, at most 200 characters with its ending kept.

    ``=?`` is broken up: many programs decode encoded words even in a name that was decoded already."""
    text = single_line(re.split(r"[/\\]", name)[-1]).replace("=?", "=_").strip()
    if len(text) > LONGEST_NAME:
        stem, dot, ending = text.rpartition(".")
        short = dot + ending if dot and len(ending) <= 16 else ""
        text = (stem if short else text)[: LONGEST_NAME - len(short)].rstrip() + short
    return text or "attachment"


def _content_type(value: str) -> str:
    """Base64 is not allowed on ``multipart`` and ``message`` (RFC 2045 6.4); they travel as plain octets."""
    kind = value.partition(";")[0].strip().lower()
    if not _TYPE.fullmatch(kind) or kind.startswith(("multipart/", "message/")):
        return "application/octet-stream"
    return kind
