"""A ticket as a row of a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from tui import labels, times
from tui.widgets.cells import Column
from tui.widgets.queue_list import Row

if TYPE_CHECKING:
    from intake.model import Ticket
    from intake.regulation import Regulation

NARROW, WIDE = 100, 118
SHORT_TYPES = {"consultation": "Консульт."}


def columns(width: int) -> Sequence[Column]:
    """The columns for a list of that width."""
    found = [Column("mark", "", 4), Column("key", "Номер", 9), Column("due", "Срок", 19)]
    if width >= NARROW:
        found.append(Column("kind", "чего", 11))
    found.append(Column("type", "Тип", 11 if width < WIDE else 14))
    if width >= NARROW:
        found.append(Column("status", "Статус", 15 if width < WIDE else 21))
    found.append(Column("contact", "От кого", 14 if width < NARROW else 18))
    if width >= WIDE:
        found.append(Column("assignee", "Ведёт", 10))
    return [*found, Column("subject", "Тема")]


def rows(
    tickets: Iterable[Ticket],
    regulations: Mapping[str, Regulation],
    now: datetime,
    here: frozenset[str] | None = None,
) -> tuple[Row, ...]:
    """Tickets with what is said of them at an instant. ``here``: logins of those who are not absent today."""
    return tuple(row(ticket, regulations[ticket.regulation], now, here) for ticket in tickets)


def row(ticket: Ticket, regulation: Regulation, now: datetime, here: frozenset[str] | None = None) -> Row:
    """One of them. The mark says by signs what colour says too: ``!`` overdue, ``●`` unread, ``◇`` who works on it is
    not here today."""
    absent = here is not None and ticket.assignee is not None and ticket.assignee not in here
    due = times.next_due(regulation, ticket, now)
    type_ = SHORT_TYPES.get(ticket.type, regulation.rules.types.named[ticket.type].name)
    cells = {
        "mark": ("!" if due.level == "overdue" else " ") + ("●" if ticket.unread else " ") + ("◇" * absent),
        "key": ticket.key,
        "due": due.words,
        "kind": times.KINDS.get(ticket.next_due_kind or "", ""),
        "type": type_ if ticket.type_sure else f"{type_}?",
        "status": labels.status_name(regulation, ticket.status),
        "contact": ticket.contact_name or ticket.contact_address or "—",
        "assignee": ticket.assignee or "—",
        "subject": ticket.subject or "(без темы)",
    }
    quiet = due.level == "none"
    return Row(ticket, cells, due.level, ticket.unread, quiet)
