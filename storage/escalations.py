"""Questions to departments on a database. See `intake.escalations.Escalations`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from intake.escalations import Asked, Escalation, OpenPage, OpenPart, Post, Reply
from storage.open_parts import OpenRow, Told, absorbed, open_counts, open_rows, rows_of, told_times, with_told
from storage.rows import Rows, moment, moment_or_none, stamp, stamp_or_none

_HEAD = "id, ticket, topic, by, question, regulation, escalated_at, answer_due, channels, answered_at"
_PART = "escalation, department, title, channels, answered_at, outcome, answered_by, answer, id"
_POST = "asked, message_id, channel, ts, thread_ts"
_MARKS = 500
LAST_ASKED = "last_asked"


class StoredEscalations:
    """See `intake.escalations.Escalations`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def reserve(self, count: int) -> int:
        """See `Escalations.reserve`."""
        self._rows.insert_new("notes", {"name": LAST_ASKED, "value": "0"}, conflict="name", returning="name")
        found = self._rows.one(
            "UPDATE notes SET value = CAST(CAST(value AS BIGINT) + ? AS TEXT) WHERE name = ? RETURNING value",
            (count, LAST_ASKED),
        )
        assert found is not None, "the row was just made sure of"
        return int(found[0]) - count + 1

    def add(self, escalation: Escalation) -> None:
        """See `Escalations.add`."""
        values = {
            "ticket": escalation.ticket,
            "topic": escalation.topic,
            "by": escalation.by,
            "question": escalation.question,
            "regulation": escalation.regulation,
            "escalated_at": stamp(escalation.escalated_at),
            "answer_due": stamp(escalation.answer_due),
            "channels": ",".join(escalation.channels),
            "answered_at": None,
        }
        number = int(self._rows.insert("escalations", values))
        for asked in escalation.asked:
            self._add_part(number, asked)

    def of(self, ticket: int) -> list[Escalation]:
        """See `Escalations.of`."""
        own = absorbed(self._rows, ticket)
        return self._found(f"ticket IN ({', '.join('?' * len(own))}) ORDER BY escalated_at, id", own)

    def by_asked(self, asked: int) -> Escalation | None:
        """See `Escalations.by_asked`."""
        where = "id = (SELECT escalation FROM escalation_departments WHERE id = ?)"
        return next(iter(self._found(where, (asked,))), None)

    def waiting(self) -> list[Escalation]:
        """See `Escalations.waiting`."""
        return self._found("answered_at IS NULL ORDER BY answer_due, id", ())

    def open_parts(self, page: OpenPage) -> list[OpenPart]:
        """See `Escalations.open_parts`."""
        return self._parts(open_rows(self._rows, page))

    def parts(self, ticket: int) -> list[OpenPart]:
        """See `Escalations.parts`."""
        return self._parts(rows_of(self._rows, ticket))

    def open_counts(self, since: datetime | None = None) -> dict[str, int]:
        """See `Escalations.open_counts`."""
        return open_counts(self._rows, since)

    def reopen(self, asked: int, answer_due: datetime) -> None:
        """See `Escalations.reopen`."""
        empty = dict.fromkeys(("answered_at", "outcome", "answered_by", "answer"))
        self._rows.update("escalation_departments", empty, "id = ?", (asked,))
        where = "id = (SELECT escalation FROM escalation_departments WHERE id = ?)"
        self._rows.update("escalations", {"answered_at": None, "answer_due": stamp(answer_due)}, where, (asked,))

    def reroute(self, asked: int, channels: Sequence[str]) -> None:
        """See `Escalations.reroute`."""
        self._rows.update("escalation_departments", {"channels": ",".join(channels)}, "id = ?", (asked,))

    def heard(self, since: datetime) -> list[Escalation]:
        """See `Escalations.heard`."""
        where = "id IN (SELECT escalation FROM escalation_departments WHERE answered_at >= ?) ORDER BY id"
        return self._found(where, (stamp(since),))

    def between(self, since: datetime, until: datetime) -> list[Escalation]:
        """See `Escalations.between`."""
        return self._found(
            "escalated_at >= ? AND escalated_at < ? ORDER BY escalated_at, id", (stamp(since), stamp(until))
        )

    def answer(self, asked: Asked, completed_at: datetime | None, answer_due: datetime) -> None:
        """See `Escalations.answer`."""
        values = {
            "answered_at": stamp_or_none(asked.answered_at),
            "outcome": None if asked.outcome is None else asked.outcome.value,
            "answered_by": asked.answered_by,
            "answer": asked.answer,
        }
        self._rows.update("escalation_departments", values, "id = ?", (asked.id,))
        where = "answered_at IS NULL AND id = (SELECT escalation FROM escalation_departments WHERE id = ?)"
        whole = {"answered_at": stamp_or_none(completed_at), "answer_due": stamp(answer_due)}
        self._rows.update("escalations", whole, where, (asked.id,))

    def tie(self, message: int, asked: int) -> None:
        """See `Escalations.tie`."""
        self._rows.put("department_messages", {"message": message}, {"asked": asked})

    def confirm(self, message: int) -> None:
        """See `Escalations.confirm`."""
        self._rows.update("messages", {"unconfirmed": 0}, "id = ? AND direction = 'dept_in'", (message,))

    def asked_of(self, messages: Sequence[int]) -> dict[int, int]:
        """See `Escalations.asked_of`."""
        found = self._some("message, asked FROM department_messages WHERE message", messages)
        return {row[0]: row[1] for row in found}

    def posted(self, post: Post) -> None:
        """See `Escalations.posted`."""
        values = {
            "asked": post.asked,
            "message_id": post.message_id,
            "channel": post.channel,
            "ts": post.ts,
            "thread_ts": post.thread_ts,
        }
        self._rows.insert_new("slack_posts", values, conflict="message_id", returning="id")

    def post(self, message_id: str) -> Post | None:
        """See `Escalations.post`."""
        found = self._rows.one(f"SELECT {_POST} FROM slack_posts WHERE message_id = ?", (message_id,))
        return None if found is None else Post(*found)

    def threads(self, asked: Sequence[int]) -> list[Post]:
        """See `Escalations.threads`."""
        return [Post(*row) for row in self._some(f"{_POST} FROM slack_posts WHERE ts = thread_ts AND asked", asked)]

    def thread(self, channel: str, thread_ts: str) -> Post | None:
        """See `Escalations.thread`."""
        found = self._rows.one(
            f"SELECT {_POST} FROM slack_posts WHERE channel = ? AND ts = ? AND thread_ts = ts", (channel, thread_ts)
        )
        return None if found is None else Post(*found)

    def reply(self, channel: str, ts: str) -> tuple[int | None, str] | None:
        """See `Escalations.reply`."""
        found = self._rows.one("SELECT message, edited FROM slack_replies WHERE channel = ? AND ts = ?", (channel, ts))
        return None if found is None else (found[0], found[1])

    def replies(self, asked: int, channel: str) -> list[str]:
        """See `Escalations.replies`."""
        found = self._rows.all("SELECT ts FROM slack_replies WHERE asked = ? AND channel = ?", (asked, channel))
        return [row[0] for row in found]

    def keep_reply(self, asked: int, channel: str, ts: str, message: int | None, edited: str) -> None:
        """See `Escalations.keep_reply`."""
        values = {"asked": asked, "message": message, "edited": edited, "deleted": int(edited == "deleted")}
        self._rows.put("slack_replies", {"channel": channel, "ts": ts}, values)

    def _parts(self, found: Sequence[OpenRow]) -> list[OpenPart]:
        wanted = list(dict.fromkeys(row.escalation for row in found))
        whole: dict[int, Escalation] = {}
        for start in range(0, len(wanted), _MARKS):
            some = wanted[start : start + _MARKS]
            whole |= {e.id: e for e in self._found(f"id IN ({', '.join('?' * len(some))})", some)}
        return [row.part(whole[row.escalation]) for row in found]

    def _add_part(self, escalation: int, asked: Asked) -> None:
        values = {
            "id": asked.id,
            "escalation": escalation,
            "department": asked.department,
            "title": asked.title,
            "channels": ",".join(asked.channels),
        }
        self._rows.insert("escalation_departments", values, returning=None)

    def _found(self, where: str, params: Sequence[Any]) -> list[Escalation]:
        heads = self._rows.all(f"SELECT {_quoted(_HEAD)} FROM escalations WHERE {where}", params)
        parts: dict[int, list[Asked]] = {}
        for row in self._some(f"{_PART} FROM escalation_departments WHERE escalation", [head[0] for head in heads]):
            parts.setdefault(row[0], []).append(_asked(row))
        told = told_times(self._rows, [head[1] for head in heads])
        return [_escalation(head, sorted(parts.get(head[0], ()), key=lambda asked: asked.id), told) for head in heads]

    def _some(self, select: str, values: Sequence[int]) -> list[tuple[Any, ...]]:
        """Rows of ``select`` whose last named column is one of ``values``."""
        found: list[tuple[Any, ...]] = []
        for start in range(0, len(values), _MARKS):
            some = tuple(values[start : start + _MARKS])
            found += self._rows.all(f"SELECT {select} IN ({', '.join('?' * len(some))})", some)
        return found


def _quoted(columns: str) -> str:
    return ", ".join(f'"{name}"' for name in columns.split(", "))


def _asked(row: tuple[Any, ...]) -> Asked:
    _, department, title, channels, answered_at, outcome, answered_by, answer, number = row
    return Asked(
        department,
        title,
        tuple(filter(None, channels.split(","))),
        moment_or_none(answered_at),
        None if outcome is None else Reply(outcome),
        answered_by,
        answer,
        number,
    )


def _escalation(row: tuple[Any, ...], parts: list[Asked], told: Mapping[Told, list[int]]) -> Escalation:
    number, ticket, topic, by, question, regulation, escalated_at, answer_due, channels, answered_at = row
    return Escalation(
        ticket=ticket,
        topic=topic,
        by=by,
        question=question,
        regulation=regulation,
        escalated_at=moment(escalated_at),
        answer_due=moment(answer_due),
        channels=tuple(filter(None, channels.split(","))),
        asked=tuple(with_told(part, told.get((ticket, topic, part.department), ()), escalated_at) for part in parts),
        answered_at=moment_or_none(answered_at),
        id=number,
    )
