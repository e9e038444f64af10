"""What holds after every step, whatever came before: the design's sentences, each a function that asserts."""

from __future__ import annotations

import email
import email.policy
from datetime import timedelta
from itertools import pairwise
from typing import Any

from intake.clocks import derived
from intake.model import Delivery, Direction, Disposition, Event, OutboxRow, Status, Ticket
from intake.recalled import RECALLED, standing
from tests.intake.desk_model.world import SETTINGS, Seen, World

AGENTS = {"anna@vitrina-domiland.example", "boris@vitrina-domiland.example"}
DEPARTMENTS = {one.email for one in SETTINGS.departments}
HEADS = {one.head for one in SETTINGS.departments if one.head}
WAITING = {Status.INFO_NEEDED, Status.PAYMENT, Status.VERIFICATION}
TOLD = {
    "status": "status",
    "assigned": "assignee",
    "type": "type",
    "criticality": "criticality",
    "topic": "topic",
    "estimate": "estimate_hours",
}
FREE = {"version", "updated_at", "unread", "snoozed_until", "status_before", "type_sure"}


def hold(world: World, seen: Seen, before: Seen | None) -> None:
    """All of them."""
    _journal(world, seen)
    for number, ticket in seen.tickets.items():
        _events_tell_the_row(ticket, seen.events[number])
        _clocks_are_derived(world, ticket, seen.events[number])
        _states_agree(ticket, seen)
        _merges_end(ticket, seen)
    _votes(seen)
    if before is not None:
        _changes_have_events(before, seen)
    _letters(world, seen)
    _handed_once(world)


def _journal(world: World, seen: Seen) -> None:
    """Every row ends in exactly one disposition, with a cause."""
    for row in seen.journal:
        if row.disposition is Disposition.NEW:
            continue
        assert row.disposition is not Disposition.QUARANTINED, row.cause
        assert row.cause, row
        if row.disposition in (Disposition.TICKET, Disposition.MESSAGE):
            assert row.ticket in seen.tickets
    kept = [m.journal for told in seen.messages.values() for m in told if m.journal is not None]
    assert len(kept) == len(set(kept)), "a mail is one message"
    ids = [m.message_id for told in seen.messages.values() for m in told if m.message_id]
    assert len(ids) == len(set(ids)), "a mail is one message"


def _events_tell_the_row(ticket: Ticket, events: list[Event]) -> None:
    """Each change starts where the one before ended; the last ends where the ticket is."""
    for kind, column in TOLD.items():
        told = [e for e in standing(events) if e.kind == kind]
        # What was taken back from between two others leaves a gap.
        recalled = any(e.kind == RECALLED for e in events)
        for earlier, later in pairwise(told if not recalled else []):
            assert earlier.after == later.before, (ticket.key, kind, told)
        if told:
            assert told[-1].after == getattr(ticket, column), (ticket.key, kind, told)
    merged = [e.kind for e in events if e.kind in ("merged", "unmerged")]
    assert merged == ["merged", "unmerged"] * (len(merged) // 2) + ["merged"] * (len(merged) % 2)
    assert (ticket.merged_into is not None) is (merged[-1:] == ["merged"])


def _clocks_are_derived(world: World, ticket: Ticket, events: list[Event]) -> None:
    """What is stored is what the events say now."""
    columns = derived(ticket, events, world.test_desk.regulations.of(ticket.regulation))
    stored = {name: getattr(ticket, name) for name in columns}
    assert stored == columns, ticket.key


def _states_agree(ticket: Ticket, seen: Seen) -> None:
    closed = ticket.status is Status.CLOSED
    assert (ticket.closed_at is not None) is closed, ticket
    assert not (ticket.spam and not closed), ticket
    assert not (ticket.merged_into is not None and not closed), ticket
    assert not (ticket.paused and ticket.status not in WAITING), ticket
    assert not (ticket.rating is not None and not closed), ticket
    assert (ticket.answer_due is not None) is (ticket.awaiting_since is not None and ticket.reacted_at is not None)
    assert not (closed and (ticket.awaiting_since or ticket.next_due)), ticket
    assert sum(one.ticket == ticket.number and one.kind == "acknowledgement" for one in seen.letters) <= 1
    for moment in (ticket.acknowledged_at, ticket.reacted_at, ticket.answered_at, ticket.closed_at):
        assert moment is None or moment >= ticket.opened_at, ticket


def _merges_end(ticket: Ticket, seen: Seen) -> None:
    passed = {ticket.number}
    while ticket.merged_into is not None:
        assert ticket.merged_into not in passed, f"{ticket.key} is merged into itself"
        assert not seen.messages[ticket.number] or _only_internal(seen, ticket.number), ticket
        passed.add(ticket.merged_into)
        ticket = seen.tickets[ticket.merged_into]


def _only_internal(seen: Seen, number: int) -> bool:
    """What is written to a merged ticket goes where it went; a note may be left behind."""
    return all(m.direction not in (Direction.IN, Direction.OUT) for m in seen.messages[number])


def _votes(seen: Seen) -> None:
    for ticket in seen.tickets.values():
        assert ticket.rating is None or (1 <= ticket.rating <= 5 and seen.votes[ticket.number]), ticket


def _changes_have_events(before: Seen, seen: Seen) -> None:
    """A change and its event are one transaction; events are never rewritten."""
    for number, ticket in before.tickets.items():
        earlier, later = before.events[number], seen.events[number]
        assert sorted(later, key=lambda e: e.id)[: len(earlier)] == sorted(earlier, key=lambda e: e.id)
        after = seen.tickets[number]
        changed = {n for n in Ticket.__slots__ if getattr(ticket, n) != getattr(after, n)}
        assert not changed or after.version > ticket.version
        assert changed <= FREE or len(later) > len(earlier), (ticket.key, changed)


def _letters(world: World, seen: Seen) -> None:
    """Who gets what, and what nobody outside may read."""
    ids = [one.message_id for one in seen.letters]
    assert len(ids) == len(set(ids)), "a Message-ID names one letter"
    for one in seen.letters:
        if one.id > world.read_already:
            _letter(world, seen, one)
    world.read_already = max((one.id for one in seen.letters), default=0)


def _letter(world: World, seen: Seen, one: OutboxRow) -> None:
    to = {address for address, _, _ in one.recipients}
    said = _words(world.raw_letter(one.id))
    if one.kind in ("acknowledgement", "reply") or one.kind.startswith("status_"):
        assert one.ticket is not None
        assert to == {(seen.tickets[one.ticket].contact_address or "").lower()}, one
        assert not seen.tickets[one.ticket].merged_into or one.kind == "acknowledgement", one
        assert "CANARY" not in said, f"{one.kind} tells the client what is internal"
    elif one.kind.startswith("escalation"):
        assert to <= DEPARTMENTS, one
        assert "CANARYnote" not in said, "a note never leaves"
    else:
        assert to <= AGENTS | HEADS, one
        assert "CANARYnote" not in said or one.kind == "mention", one
    if one.kind == "acknowledgement" and one.state is not Delivery.SUPPRESSED:
        _under_the_ceiling(seen, one)


def _under_the_ceiling(seen: Seen, one: OutboxRow) -> None:
    limits = SETTINGS.limits
    spans = ((1, limits.letters_per_address_hour), (24, limits.letters_per_address_day))
    for hours, ceiling in spans:
        since = one.created_at - timedelta(hours=hours)
        earlier = [
            other
            for other in seen.letters
            if other.id < one.id and other.automatic and other.state is not Delivery.SUPPRESSED
            if since <= other.created_at and other.recipients[0][0] == one.recipients[0][0]
        ]
        assert len(earlier) < ceiling, one


def _words(raw: bytes) -> str:
    said: Any = email.message_from_bytes(raw, policy=email.policy.default)
    parts = [str(part.get_content()) for part in said.walk() if part.get_content_maintype() == "text"]
    return "\n".join([str(said["Subject"]), *parts])


def _handed_once(world: World) -> None:
    """Nobody is mailed again and again: once, or twice where nobody can know."""
    assert all(times <= 2 for times in world.handed.values()), world.handed
