"""Tickets with their past from another system: a line of JSON each, read into tickets and events.

A line: ``id`` (the key, kept as it is), ``type``, ``topic``, ``criticality``, ``channel`` (email|form|agent),
``organisation``, ``inn``, ``product``, ``subject``, ``opened_at``, ``first_reaction_at``, ``status_history`` (list of
``status``, in the regulation's words or by key, and ``at``), ``closed_at``, ``assignee``, ``rating``. Times are ISO
8601 with an offset. What is not named may be left out but for ``id``, ``type`` and ``opened_at``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from intake.clocks import derived
from intake.errors import OtklikError
from intake.model import Criticality, Event, Source, Status, Ticket, Type
from intake.regulation.errors import OutsideCalendar

if TYPE_CHECKING:
    from intake.regulation import Regulation
    from intake.regulations import Regulations

_KEY = re.compile(r"([\w-]{0,40}?)0*([1-9][0-9]{0,14})")
DESK = "desk"


class BadLine(OtklikError):
    """A line that is no ticket; says which field and why."""


@dataclass(frozen=True, slots=True)
class Past:
    """A ticket as it was, with its events, oldest first. ``digest`` tells one version of a line from another."""

    ticket: Ticket
    events: tuple[Event, ...]
    digest: str


def read_past(line: str, regulations: Regulations) -> Past:
    """A line of history. Raises BadLine."""
    values = _object(line)
    opened_at = _required_time(values, "opened_at")
    regulation = regulations.at(opened_at)
    ticket = _ticket(values, opened_at, regulation)
    events = tuple(_events(values, ticket, regulation))
    moves = [e.after for e in events if e.kind == "status" and e.after is not None]
    status = Status(moves[-1]) if moves else Status.REQUEST
    ticket = replace(ticket, status=status, updated_at=events[-1].at)
    try:
        columns = derived(ticket, events, regulation)
        regulation.working.between(ticket.opened_at, max(event.at for event in events))
    except OutsideCalendar as error:
        raise BadLine(str(error)) from None
    digest = hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
    return Past(replace(ticket, **columns), events, digest)


def _object(line: str) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLine(f"is no JSON: {error}") from None
    if not isinstance(values, dict):
        raise BadLine("is no JSON object")
    return values


def _ticket(values: Mapping[str, Any], opened_at: datetime, regulation: Regulation) -> Ticket:
    key = _text(values, "id") or ""
    numbered = _KEY.fullmatch(key)
    if numbered is None:
        raise BadLine(f"id {key!r}: a key is a prefix and a number, as VD-0101")
    topic = _text(values, "topic")
    if topic is not None and topic not in regulation.rules.second_line.topics:
        raise BadLine(f"topic {topic!r}: one of {', '.join(regulation.rules.second_line.topics)}, or null")
    criticality = _choice(values, "criticality", Criticality)
    return Ticket(
        number=int(numbered[2]),
        key=key.upper(),
        type=_choice(values, "type", Type) or _missing("type"),
        status=Status.REQUEST,
        subject=_text(values, "subject") or "(без темы)",
        source=_choice(values, "channel", Source) or Source.EMAIL,
        opened_at=opened_at,
        regulation=regulation.rules.version,
        criticality=criticality,
        topic=topic,
        product=_text(values, "product"),
        licensee=_text(values, "organisation"),
        assignee=_text(values, "assignee"),
        rating=_rating(values, regulation),
    )


def _events(values: Mapping[str, Any], ticket: Ticket, regulation: Regulation) -> Iterable[Event]:
    """What happened, in order. What happened before the first reaction was not an agent's act (§5)."""
    reacted, closed = _time(values, "first_reaction_at"), _time(values, "closed_at")
    who = ticket.assignee or "import"

    def actor(at: datetime) -> str:
        return who if reacted is not None and at >= reacted else DESK

    yield Event(ticket.opened_at, "client", "opened", None, ticket.source.value)
    told = _assigned(ticket, who, reacted, closed)
    before = Status.REQUEST
    for status, at in _statuses(values, regulation, closed):
        if status is not before:
            told.append(Event(at, actor(at), "status", before.value, status.value))
            before = status
    if any(event.at < ticket.opened_at for event in told):
        raise BadLine("something happened before opened_at")
    yield from sorted(told, key=lambda event: event.at)
    if ticket.rating is not None:
        at = closed or max([ticket.opened_at, *(event.at for event in told)])
        yield Event(at, "client", "rated", None, str(ticket.rating))


def _assigned(ticket: Ticket, who: str, reacted: datetime | None, closed: datetime | None) -> list[Event]:
    """Nobody knows when a ticket got its assignee: with the first reaction, or at once where that came too late."""
    by_reaction = reacted is not None and (closed is None or reacted <= closed)
    told: list[Event] = []
    if not by_reaction and ticket.assignee is not None:
        told.append(Event(ticket.opened_at, DESK, "assigned", None, ticket.assignee))
    if reacted is not None:
        told.append(Event(reacted, who, "assigned", None if by_reaction else ticket.assignee, ticket.assignee))
    return told


def _statuses(
    values: Mapping[str, Any], regulation: Regulation, closed: datetime | None
) -> list[tuple[Status, datetime]]:
    history = values.get("status_history") or []
    if not isinstance(history, list):
        raise BadLine("status_history is no list")
    named = {name.name.casefold(): key for key, name in regulation.rules.statuses.named.items()}
    last: datetime | None = None
    told: list[tuple[Status, datetime]] = []
    for place, entry in enumerate(history, 1):
        where = f"status_history, entry {place}"
        if not isinstance(entry, dict):
            raise BadLine(f"{where}: is no object")
        word = str(entry.get("status", "")).strip().casefold()
        key = named.get(word, word)
        if key not in regulation.rules.statuses.named:
            raise BadLine(f"{where}: status {entry.get('status')!r} is none of {', '.join(named)}")
        at = _instant(entry.get("at"), f"{where}: at")
        if last is not None and at < last:
            raise BadLine(f"{where}: is earlier than the one before")
        last = at
        told.append((Status(key), at))
    if closed is not None:
        if last is not None and closed < last:
            raise BadLine("closed_at: is earlier than the last status")
        while told and told[-1][0] is Status.CLOSED:
            told.pop()  # the same closing, whose time is closed_at
        told.append((Status.CLOSED, closed))
    return told


def _rating(values: Mapping[str, Any], regulation: Regulation) -> int | None:
    value, quality = values.get("rating"), regulation.rules.quality
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not quality.lowest <= value <= quality.highest:
        raise BadLine(f"rating {value!r}: a whole number from {quality.lowest} to {quality.highest}, or null")
    return value


def _choice(values: Mapping[str, Any], name: str, kind: Any) -> Any:
    value = values.get(name)
    if value is None:
        return None
    if value not in [one.value for one in kind]:
        raise BadLine(f"{name} {value!r}: one of {', '.join(kind)}")
    return kind(value)


def _text(values: Mapping[str, Any], name: str) -> str | None:
    value = values.get(name)
    if value is not None and not isinstance(value, str):
        raise BadLine(f"{name} {value!r} is no text")
    return (value or "").strip() or None


def _missing(name: str) -> Any:
    raise BadLine(f"{name} is missing")


def _required_time(values: Mapping[str, Any], name: str) -> datetime:
    found = _time(values, name)
    return found if found is not None else _missing(name)


def _time(values: Mapping[str, Any], name: str) -> datetime | None:
    return None if values.get(name) is None else _instant(values[name], name)


def _instant(value: Any, name: str) -> datetime:
    try:
        at = datetime.fromisoformat(value)
        if at.utcoffset() is None:
            raise BadLine(f"{name} {value!r} has no offset from UTC")
        return at.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise BadLine(f"{name} {value!r}: a time in ISO 8601 with an offset") from None
