"""The header block: where it ends, and its fields. Linear; never raises (RFC 5322 section 2.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from intake.mail.limits import MAX_HEADER_BLOCK, MAX_HEADER_FIELDS, MAX_HEADER_SCAN

_FIELD = re.compile(rb"[!-9;-~]{1,100}[ \t]*:")
_NEW_FIELD = re.compile(rb"\n(?![ \t])")
_BLANK_LINE = re.compile(rb"\n\r?\n")
_KNOWN_LIST = (
    b"from to cc bcc subject date message-id in-reply-to references reply-to sender received return-path mime-version "
    b"content-type content-transfer-encoding content-disposition content-id content-language delivered-to importance "
    b"precedence organization user-agent thread-topic thread-index list-id list-unsubscribe dkim-signature "
    b"authentication-results auto-submitted priority errors-to resent-from status envelope-to apparently-to"
)
_KNOWN = frozenset(_KNOWN_LIST.split())
_KEPT_LIST = (
    b"from to cc subject date message-id in-reply-to references reply-to content-type content-transfer-encoding"
)
_ALWAYS_KEPT = frozenset(_KEPT_LIST.split())
_LONGEST_KEPT = 20_000
_LOOK_AHEAD = 8


@dataclass(frozen=True, slots=True)
class Block:
    """The fields of a header block, names in lower case, values as folded; the body starts at ``end``."""

    fields: list[tuple[str, bytes]]
    end: int
    warnings: list[str] = field(default_factory=list)


def read_block(data: bytes, start: int, stop: int) -> Block:
    """The header block of ``data[start:stop]``; without one, no fields and the body at ``start``."""
    end, body = _limits(data, start, stop)
    if end == start:
        return Block([], body)
    if not _FIELD.match(data, start, min(stop, start + 200)):
        return Block([], start, ["no header"])
    warnings: list[str] = []
    fields: list[tuple[str, bytes]] = []
    lines = _NEW_FIELD.split(data[start:end])
    position = start
    for number, line in enumerate(lines):
        name, colon, value = line.partition(b":")
        name = name.rstrip(b" \t\r\n")
        if colon and name.isascii() and name and len(name) <= 100 and not _blank_inside(name):
            fields.append((name.lower().replace(b"\0", b"").decode("ascii"), value.strip(b" \t\r\n")))
        elif line.strip() and not _goes_on(fields) and _is_body(lines, number):
            warnings.append("no blank line after the header")
            body = position
            break
        elif line.strip() and fields:
            warnings.append("header line wrapped without indent")
            fields[-1] = (fields[-1][0], fields[-1][1] + b"\n " + line.strip(b" \t\r\n"))
        position += len(line) + 1
    return Block(_within_limits(fields, warnings), body, list(dict.fromkeys(warnings)))


def _limits(data: bytes, start: int, stop: int) -> tuple[int, int]:
    """Where the header block ends and where the body starts."""
    if data.startswith(b"\n", start) or data.startswith(b"\r\n", start):
        return start, start + (1 if data.startswith(b"\n", start) else 2)
    limit = min(stop, start + MAX_HEADER_SCAN)
    found = _BLANK_LINE.search(data, start, limit)
    return (found.start() + 1, found.end()) if found else (limit, limit)


def _blank_inside(name: bytes) -> bool:
    return name[0] < 33 or any(octet in name for octet in (b" ", b"\t", b"\r", b"\n"))


def _goes_on(fields: list[tuple[str, bytes]]) -> bool:
    """Whether the last field ends in a separator: more of it must follow, indented or not."""
    return bool(fields) and fields[-1][1].endswith((b";", b","))


def _is_body(lines: list[bytes], number: int) -> bool:
    """Whether a line that is no field begins the text: no field worth the name follows soon."""
    for line in lines[number + 1 : number + 1 + _LOOK_AHEAD]:
        name = line.partition(b":")[0].rstrip().lower()
        if name in _KNOWN or (name.startswith(b"x-") and b" " not in name and b":" in line):
            return False
    return True


def _within_limits(fields: list[tuple[str, bytes]], warnings: list[str]) -> list[tuple[str, bytes]]:
    """``fields`` cut to the limits on number and size; the ones a mail can't do without stay, if shortened."""
    if len(fields) <= MAX_HEADER_FIELDS and sum(len(value) for _, value in fields) <= MAX_HEADER_BLOCK:
        return fields
    warnings.append("header is over the limit and was cut")
    kept: list[tuple[str, bytes]] = []
    seen: set[str] = set()
    size = 0
    for name, value in fields:
        size += len(name) + len(value)
        if size <= MAX_HEADER_BLOCK and len(kept) < MAX_HEADER_FIELDS:
            kept.append((name, value))
        elif name.encode() in _ALWAYS_KEPT and name not in seen:
            kept.append((name, value[:_LONGEST_KEPT]))
        seen.add(name)
    return kept
