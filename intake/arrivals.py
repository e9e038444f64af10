"""What a door has to know of a mail before anybody reads it: is it a repetition, and is it for us."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256

_HEADERS_END = re.compile(rb"\r\n\r\n|\n\n|\n\r\n|\r\r")
_TELLS_ITSELF = re.compile(rb"(?i)(?:\A|[\r\n])(?:message-id|date)[ \t]*:[ \t]*(?:\r?\n[ \t]+)?[^\s]")
_TAG = re.compile(r"[A-Za-z0-9#$&'*/=?^_`{|}~.+-]+\Z")

HEADER_OCTETS = 1 << 20
"""How far a header block is looked through."""
LOCAL_PART_OCTETS = 64
"""RFC 5321 4.5.3.1.1."""


def door_key(raw: bytes, mailbox: str, recipients: Sequence[str], received_at: datetime) -> str:
    """Tells a repetition at a door (a client that missed our answer) from another mail: SHA-256, hex.

    Recipients count as a set without case. A mail with neither Message-ID nor Date looks the same each time a
    device sends it anew, so there only the same UTC day makes a repetition.
    """
    digest = sha256(sha256(raw).digest())
    day = "" if _tells_itself(raw) else received_at.astimezone(UTC).date().isoformat()
    for part in (mailbox, day, *sorted({address.casefold() for address in recipients})):
        octets = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(octets) + octets)
    return digest.hexdigest()


def _tells_itself(raw: bytes) -> bool:
    """Whether the header block has a Message-ID or a Date that says something."""
    if raw[:1] in (b"\r", b"\n"):
        return False
    end = _HEADERS_END.search(raw, 0, HEADER_OCTETS)
    return _TELLS_ITSELF.search(raw, 0, end.start() if end else HEADER_OCTETS) is not None


def recipient_is_ours(address: str, own: Collection[str]) -> bool:
    """Whether an envelope recipient is one of our addresses, or one with ``+anything`` behind its local part.

    Case does not count, a domain may be written in letters or as ``xn--``. Addresses that ask to be carried on
    (source routes, percent and bang paths, quoted local parts) are never ours.
    """
    wanted = _split(address)
    if wanted is None:
        return False
    local, domain = wanted
    return any(domain == d and _answers_to(local, name) for name, d in _known(own))


def domain_is_ours(address: str, own: Collection[str]) -> bool:
    """Whether an address is at a domain of ours: then it is unknown here, not somebody else's."""
    wanted = _split(address)
    return wanted is not None and any(wanted[1] == domain for _, domain in _known(own))


def _answers_to(local: str, name: str) -> bool:
    if local == name:
        return True
    head, tag = local[: len(name)], local[len(name) :]
    return head == name and tag.startswith("+") and _TAG.match(tag[1:]) is not None


def _known(own: Iterable[str]) -> Iterable[tuple[str, str]]:
    return filter(None, map(_split, own))


@lru_cache(maxsize=256)
def _split(address: str) -> tuple[str, str] | None:
    """Local part and domain, made comparable; None for what is no plain mailbox."""
    local, at, domain = address.partition("@")
    if not at or not local or not domain or "@" in domain or any(c in local for c in '"%!:<>,;()[]\\'):
        return None
    if not address.isprintable() or " " in address or len(local.encode("utf-8", "replace")) > LOCAL_PART_OCTETS:
        return None
    return unicodedata.normalize("NFC", local).casefold(), _domain(domain)


def _domain(domain: str) -> str:
    if domain.isascii() or len(domain) > 253:
        return domain.lower()
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return domain.casefold()
