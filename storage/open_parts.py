"""The second line as the desk has it before it: open parts page by page, and when departments' questions were answered.

Times are UTC microseconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake.escalations import Asked, Escalation, OpenPage, OpenPart
from intake.second_line import TOLD
from storage.rows import moment, stamp

if TYPE_CHECKING:
    from storage.rows import Rows

Told = tuple[int, str, str]
"""Ticket, topic, department."""
_MARKS = 500
_FROM = (
    "escalation_departments d JOIN escalations e ON e.id = d.escalation JOIN tickets o ON o.number = e.ticket"
    " LEFT JOIN tickets b ON b.number = o.merged_into LEFT JOIN tickets c ON c.number = b.merged_into"
    " JOIN tickets t ON t.number = COALESCE(c.merged_into, b.merged_into, o.merged_into, o.number)"
)
_DOUBTFUL = (
    "(SELECT MAX(m.id) FROM messages m JOIN department_messages s ON s.message = m.id"
    " WHERE s.asked = d.id AND m.unconfirmed = 1 AND m.automatic = 0 AND m.direction = 'dept_in')"
)
_WAITED_FOR = "e.answered_at IS NULL AND d.answered_at IS NULL"
_NOT_PASSED_ON = (
    "d.answered_at >= ? AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.ticket = t.number AND m.direction = 'out'"
    " AND m.automatic = 0 AND m.at > d.answered_at)"
)


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A part with its ticket, its escalation still to be read."""

    escalation: int
    asked: int
    number: int
    key: str
    subject: str
    assignee: str | None
    doubtful: int | None

    def part(self, whole: Escalation) -> OpenPart:
        """With its escalation."""
        asked = whole.part(self.asked)
        return OpenPart(whole, asked, self.number, self.key, self.subject, self.assignee, self.doubtful)


def open_rows(rows: Rows, page: OpenPage) -> list[OpenRow]:
    """See `intake.escalations.Escalations.open_parts`."""
    where, params = _open(page.since)
    if page.department is not None:
        where += " AND d.department = ?"
        params.append(page.department)
    if page.after is not None:
        where += " AND (e.answer_due > ? OR (e.answer_due = ? AND d.id > ?))"
        due = stamp(page.after[0])
        params += [due, due, page.after[1]]
    found = rows.all(
        f"SELECT e.id, d.id, t.number, t.key, t.subject, t.assignee, {_DOUBTFUL} FROM {_FROM} WHERE {where}"
        " ORDER BY e.answer_due, d.id LIMIT ?",
        (*params, page.limit),
    )
    return [
        OpenRow(escalation, asked, number, key, subject, assignee or None, doubtful)
        for escalation, asked, number, key, subject, assignee, doubtful in found
    ]


def open_counts(rows: Rows, since: datetime | None) -> dict[str, int]:
    """See `intake.escalations.Escalations.open_counts`."""
    where, params = _open(since)
    found = rows.all(f"SELECT d.department, COUNT(*) FROM {_FROM} WHERE {where} GROUP BY d.department", params)
    return {row[0]: int(row[1]) for row in found}


def _open(since: datetime | None) -> tuple[str, list[Any]]:
    return f"t.open = 1 AND (({_WAITED_FOR}) OR ({_NOT_PASSED_ON}))", [stamp(since) if since is not None else 0]


def told_times(rows: Rows, tickets: Sequence[int]) -> dict[Told, list[int]]:
    """When questions of departments were answered, by ticket, topic and department, oldest first."""
    found: dict[Told, list[int]] = {}
    wanted = list(dict.fromkeys(tickets))
    for start in range(0, len(wanted), _MARKS):
        some = wanted[start : start + _MARKS]
        marks = ", ".join("?" * len(some))
        sql = f'SELECT ticket, "before", "after", at FROM events WHERE ticket IN ({marks}) AND kind = ? ORDER BY at'
        for ticket, topic, department, at in rows.all(sql, (*some, TOLD)):
            found.setdefault((ticket, topic, department), []).append(at)
    return found


def with_told(asked: Asked, told: Sequence[int], since: int) -> Asked:
    """A part with the last of these times that lies between its asking and its answer."""
    until = None if asked.answered_at is None else stamp(asked.answered_at)
    own = [at for at in told if at > since and (until is None or at <= until)]
    return replace(asked, told_at=moment(own[-1])) if own else asked
