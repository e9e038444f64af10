"""Getting mails from a server in portions, and around those it will not give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from gateway import imap_notes as notes
from gateway.imap_errors import CommandRefused

if TYPE_CHECKING:
    from gateway.imap_answers import Listed
    from gateway.imap_limits import ImapLimits
    from gateway.imap_session import ImapSession

log = structlog.get_logger("imap")


@dataclass(frozen=True, slots=True)
class Fetched:
    """Mails with their octets in the folder's order, and UIDs the server has but would not give. What was expunged
    meanwhile is in neither."""

    mails: tuple[tuple[Listed, bytes], ...]
    held: tuple[int, ...]


def parts(uids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """In portions."""
    for start in range(0, len(uids), size):
        yield uids[start : start + size]


def chunks(items: Sequence[Listed], limits: ImapLimits) -> Iterator[list[Listed]]:
    """What is fetched together: neither too many nor too large."""
    chunk: list[Listed] = []
    octets = 0
    for item in items:
        if chunk and (len(chunk) == limits.mails or octets + item.octets > limits.octets):
            yield chunk
            chunk, octets = [], 0
        chunk.append(item)
        octets += item.octets
    if chunk:
        yield chunk


def fetch(session: ImapSession, chunk: Sequence[Listed], place: str, limits: ImapLimits) -> Fetched:
    """The mails of a chunk; in place of one that is too large, a note about it."""
    small = [item.uid for item in chunk if item.octets <= limits.largest]
    found = bodies(session, small, place)
    missing = [uid for uid in small if uid not in found]
    held = tuple(item.uid for item in session.listed(missing)) if missing else ()
    mails = []
    for item in chunk:
        if item.octets > limits.largest:
            header = session.header(item.uid)[: limits.header]
            mails.append((item, notes.too_large(header, place, item.octets, limits.largest)))
        elif item.uid in found:
            mails.append((item, found[item.uid]))
    return Fetched(tuple(mails), held)


def bodies(session: ImapSession, uids: Sequence[int], place: str) -> dict[int, bytes]:
    """What the server gives of them: together, or one by one where one spoils it for all."""
    if not uids:
        return {}
    try:
        return session.bodies(uids)
    except CommandRefused as error:
        if len(uids) == 1:
            log.warning("imap mail not given", mailbox=place, uid=uids[0], why=str(error))
            return {}
    found: dict[int, bytes] = {}
    for uid in uids:
        found |= bodies(session, [uid], place)
    return found
