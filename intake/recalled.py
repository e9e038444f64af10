"""Letters that were taken back before they left: what their sending had told of the ticket stands no more. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from intake.model import Event, TicketMessage

RECALLED = "recalled"
SENT_BY = ("assigned", "replied", "status")
"""Kinds of events that sending a letter may write, in whatever order."""


def standing(events: Iterable[Event]) -> list[Event]:
    """The events without those that a later one took back: it names their ids, with dots between."""
    known = list(events)
    gone = {part for event in known if event.kind == RECALLED for part in (event.before or "").split(".") if part}
    return [event for event in known if str(event.id) not in gone] if gone else known


def taken_back(events: Sequence[Event]) -> str:
    """How an event names those it takes back."""
    return ".".join(str(event.id) for event in events)


def written_by_sending(events: Sequence[Event], message: TicketMessage, kind: str) -> list[Event]:
    """The events that were written when a letter of that ``kind`` ("reply", "status_closed") was sent, shown as
    ``message``; oldest first. Empty where there are none.

    A sending writes its events at one instant and in a fixed order, so the one that names the letter has the others
    beside it, each kind once."""
    mine = [n for n, event in enumerate(events) if _names(event, message, kind)]
    if not mine:
        return []
    anchor = mine[-1]
    at, kinds, found = events[anchor].at, {events[anchor].kind}, [events[anchor]]
    for step in (-1, 1):
        place = anchor + step
        while 0 <= place < len(events):
            event = events[place]
            if (event.at, event.actor) != (at, message.author) or event.kind not in SENT_BY or event.kind in kinds:
                break
            kinds.add(event.kind)
            found.append(event)
            place += step
    return sorted(found, key=lambda event: event.id)


def _names(event: Event, message: TicketMessage, kind: str) -> bool:
    if event.actor != message.author or event.at != message.at:
        return False
    if event.kind == "replied":
        return event.after == str(message.id)
    return event.kind == "status" and kind == f"status_{event.after}"
