"""What an IMAP server says about mails, as plain data; and UIDs as a server reads them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_DATE = re.compile(rb'\bINTERNALDATE "([ \d]\d)-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"')
_BODY = re.compile(rb"\bBODY\[(?:HEADER)?\]")
_SHORT_BODY = re.compile(rb'\bBODY\[(?:HEADER)?\] "((?:[^"\\]|\\.)*)"')
_MONTHS = (b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec")


@dataclass(frozen=True, slots=True)
class Listed:
    """A mail of a folder: its UID, its size in octets, and when the server took it (None: it did not say)."""

    uid: int
    octets: int
    arrived: datetime | None


def uids(answer: Iterable[Any]) -> list[int]:
    """The numbers of a SEARCH answer, ascending."""
    return sorted({int(word) for line in answer if isinstance(line, bytes) for word in line.split() if word.isdigit()})


def listed(answer: Iterable[Any]) -> list[Listed]:
    """The mails of a FETCH answer with UID, RFC822.SIZE and INTERNALDATE, by UID."""
    found = {}
    for line in answer:
        uid, size = (pattern.search(line) if isinstance(line, bytes) else None for pattern in (_UID, _SIZE))
        if uid is not None and size is not None:
            found[int(uid[1])] = Listed(int(uid[1]), int(size[1]), internal_date(line))
    return [found[uid] for uid in sorted(found)]


def bodies(answer: Iterable[Any]) -> dict[int, bytes]:
    """UID → octets of a FETCH answer with BODY[] or BODY[HEADER], whichever of the two items comes first.

    Mails the server said NIL for are not in it.
    """
    found: dict[int, bytes] = {}
    nameless: bytes | None = None
    for item in answer:
        if isinstance(item, tuple):
            head, octets = item
            if not _BODY.search(head):
                continue
            uid = _UID.search(head)
            nameless = octets if uid is None else None
            if uid is not None:
                found[int(uid[1])] = octets
        elif isinstance(item, bytes) and (uid := _UID.search(item)) is not None:
            if nameless is not None:
                found[int(uid[1])], nameless = nameless, None
            elif (short := _SHORT_BODY.search(item)) is not None:
                found[int(uid[1])] = re.sub(rb"\\(.)", rb"\1", short[1])
    return found


def internal_date(line: bytes) -> datetime | None:
    """The INTERNALDATE of a FETCH line (RFC 9051 9, date-time) in UTC; None where there is none that exists."""
    found = _DATE.search(line)
    if found is None or found[2].lower() not in _MONTHS:
        return None
    day, month, year, hour, minute, second = (
        int(found[1]),
        _MONTHS.index(found[2].lower()) + 1,
        *(int(found[n]) for n in (3, 4, 5, 6)),
    )
    offset = timedelta(hours=int(found[8]), minutes=int(found[9]))
    try:
        zone = timezone(-offset if found[7] == b"-" else offset)
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def uid_set(numbers: Sequence[int]) -> str:
    """Ascending UIDs as a sequence set, runs as ranges: ``3,5:9``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(str(first) if first == last else f"{first}:{last}" for first, last in runs)
