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
EXCERPT = 300
"""Characters of an answer that a list shows."""
_MARKS = 500
_LONGEST_CHAIN = 100
_END = (
    "(WITH RECURSIVE chain(number, further, steps) AS (SELECT b.number, b.merged_into, 1 FROM tickets b"
    " WHERE b.number = o.merged_into UNION ALL SELECT k.number, k.merged_into, steps + 1 FROM chain"
    f" JOIN tickets k ON k.number = chain.further WHERE steps < {_LONGEST_CHAIN})"
    " SELECT number FROM chain WHERE further IS NULL)"
)
"""Where a merged ticket went."""
_FROM = (
    "escalation_departments d JOIN escalations e ON e.id = d.escalation JOIN tickets o ON o.number = e.ticket"
    f" JOIN tickets t ON t.number = CASE WHEN o.merged_into IS NULL THEN o.number ELSE {_END} END"
)
_DOUBTFUL = (
    "(SELECT MAX(m.id) FROM messages m JOIN department_messages s ON s.message = m.id"
    " WHERE s.asked = d.id AND m.unconfirmed = 1 AND m.automatic = 0 AND m.direction = 'dept_in')"
)
_SAID = f"(SELECT SUBSTR(a.text, 1, {EXCERPT}) FROM messages a WHERE a.id = COALESCE({_DOUBTFUL}, d.answer))"
_LOST = (
    "(SELECT MIN(CASE WHEN l.state = 'failed' THEN 1 ELSE 0 END) FROM messages m JOIN department_messages s"
    " ON s.message = m.id JOIN outbox l ON l.id = m.outbox WHERE s.asked = d.id AND m.direction = 'dept_out')"
)
_COLUMNS = f"e.id, d.id, t.number, t.key, t.subject, t.assignee, {_DOUBTFUL}, {_SAID}, {_LOST}"
_LATELY = "(e.answered_at IS NULL OR e.answered_at >= ?)"
_WAITED_FOR = "e.answered_at IS NULL AND d.answered_at IS NULL"
_NOT_PASSED_ON = (
    "d.answered_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.ticket = t.number"
    " AND m.direction = 'out' AND m.automatic = 0 AND m.at > d.answered_at)"
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
    said: str
    lost: bool

    def part(self, whole: Escalation) -> OpenPart:
        """With its escalation."""
        asked = whole.part(self.asked)
        return OpenPart(
            whole, asked, self.number, self.key, self.subject, self.assignee, self.doubtful, self.said, self.lost
        )


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
    sql = f"SELECT {_COLUMNS} FROM {_FROM} WHERE {where} ORDER BY e.answer_due, d.id LIMIT ?"
    return [_row(row) for row in rows.all(sql, (*params, page.limit))]


def rows_of(rows: Rows, ticket: int) -> list[OpenRow]:
    """See `intake.escalations.Escalations.parts`."""
    own = absorbed(rows, ticket)
    marks = ", ".join("?" * len(own))
    sql = f"SELECT {_COLUMNS} FROM {_FROM} WHERE e.ticket IN ({marks}) ORDER BY e.escalated_at, d.id"
    return [_row(row) for row in rows.all(sql, own)]


def absorbed(rows: Rows, ticket: int) -> list[int]:
    """A ticket and those that were merged into it, and into these: by its events, which are found at once."""
    found, level = [ticket], [ticket]
    while level and len(found) < _MARKS:
        marks = ", ".join("?" * len(level))
        sql = (
            'SELECT DISTINCT t.number FROM events v JOIN tickets t ON t.key = v."after"'
            f" WHERE v.ticket IN ({marks}) AND v.kind = 'absorbed' AND t.merged_into IN ({marks})"
        )
        level = [row[0] for row in rows.all(sql, (*level, *level)) if row[0] not in found]
        found += level
    return found


def _row(row: Sequence[Any]) -> OpenRow:
    escalation, asked, number, key, subject, assignee, doubtful, said, lost = row
    return OpenRow(escalation, asked, number, key, subject, assignee or None, doubtful, said or "", lost == 1)


def open_counts(rows: Rows, since: datetime | None) -> dict[str, int]:
    """See `intake.escalations.Escalations.open_counts`."""
    where, params = _open(since)
    found = rows.all(f"SELECT d.department, COUNT(*) FROM {_FROM} WHERE {where} GROUP BY d.department", params)
    return {row[0]: int(row[1]) for row in found}


def _open(since: datetime | None) -> tuple[str, list[Any]]:
    return f"t.open = 1 AND {_LATELY} AND (({_WAITED_FOR}) OR ({_NOT_PASSED_ON}))", [
        stamp(since) if since is not None else 0
    ]


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
