"""What people said of tickets, and what was learnt from it, on a database. See `intake.lessons.Lessons`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from intake.lessons import MOST_CONFIRMED, MOST_CORRECTED, Lesson
from storage.forgetting import GONE
from storage.rows import Rows, moment, stamp

KEPT_MODELS: Final = 5
_SAID: Final = {"type": "type", "topic": "topic", "criticality": "criticality", "escalated": "topic"}
_KINDS: Final = "('type', 'topic', 'criticality', 'escalated')"
_FIRST: Final = (
    " JOIN messages m ON m.id ="
    " (SELECT MIN(f.id) FROM messages f WHERE f.ticket = t.number AND f.direction = 'in' AND f.automatic = 0)"
)


class StoredLessons:
    """See `intake.lessons.Lessons`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def corrected(self, limit: int = MOST_CORRECTED) -> list[Lesson]:
        """See `Lessons.corrected`."""
        wanted = (
            f"SELECT e.ticket FROM events e JOIN agents a ON a.login = e.actor WHERE e.kind IN {_KINDS}"
            " GROUP BY e.ticket ORDER BY MAX(e.id) DESC LIMIT ?"
        )
        found = self._rows.all(
            "SELECT e.ticket, m.subject, m.text, m.sender_address, e.kind, e.after, e.actor, e.at"
            " FROM events e JOIN agents a ON a.login = e.actor JOIN tickets t ON t.number = e.ticket"
            f"{_FIRST} WHERE e.kind IN {_KINDS} AND t.spam = 0 AND m.text <> ? AND e.ticket IN ({wanted})"
            " ORDER BY e.id",
            (GONE, limit),
        )
        told: dict[int, list[tuple[Any, ...]]] = {}
        for row in found:
            told.setdefault(row[0], []).append(row)
        return [_lesson(rows) for rows in told.values()]

    def confirmed(self, limit: int = MOST_CONFIRMED) -> list[Lesson]:
        """See `Lessons.confirmed`."""
        found = self._rows.all(
            "SELECT t.number, m.subject, m.text, m.sender_address, t.type, t.topic, t.criticality, t.assignee,"
            " t.closed_at FROM tickets t JOIN agents a ON a.login = t.assignee"
            f"{_FIRST} WHERE t.closed_at IS NOT NULL AND t.spam = 0 AND t.merged_into IS NULL AND t.source = 'email'"
            " AND t.type_sure = 1 AND m.text <> ?"
            f" AND NOT EXISTS (SELECT 1 FROM events e WHERE e.ticket = t.number AND e.kind IN {_KINDS})"
            " ORDER BY t.closed_at DESC, t.number DESC LIMIT ?",
            (GONE, limit),
        )
        return [
            Lesson(number, subject, text, _writer(number, sender), _all_said(*said), by, moment(at))
            for number, subject, text, sender, *said, by, at in reversed(found)
        ]

    def put_model(self, text: str, figures: str, now: datetime) -> int:
        """See `Lessons.put_model`."""
        self._rows.hold("typing-model")
        version = int(self._rows.insert("typing_models", {"made_at": stamp(now), "figures": figures, "text": text}))
        self._rows.run("DELETE FROM typing_models WHERE id <= ?", (version - KEPT_MODELS,))
        return version

    def model_version(self) -> int:
        """See `Lessons.model_version`."""
        return self._rows.count("SELECT COALESCE(MAX(id), 0) FROM typing_models")

    def model(self) -> tuple[int, str]:
        """See `Lessons.model`."""
        found = self._rows.one("SELECT id, text FROM typing_models ORDER BY id DESC LIMIT 1")
        return (0, "") if found is None else (int(found[0]), str(found[1]))


def _lesson(rows: list[tuple[Any, ...]]) -> Lesson:
    """A ticket's events in their order: the last word counts, but a topic that was set outranks one that was asked."""
    said: dict[str, str | None] = {}
    chosen = any(kind == "topic" for *_, kind, _, _, _ in rows)
    for *_, kind, after, _, _ in rows:
        if not (kind == "escalated" and (chosen or "topic" in said)):
            said[_SAID[kind]] = after
    number, subject, text, sender, _, _, by, at = rows[-1]
    if said.get("type") not in (None, "bug"):
        said.pop("criticality", None)
    return Lesson(number, subject, text, _writer(number, sender), said, by, moment(at))


def _all_said(type_: str | None, topic: str | None, criticality: str | None) -> dict[str, str | None]:
    said: dict[str, str | None] = {"type": type_, "topic": topic}
    return said | {"criticality": criticality} if type_ == "bug" and criticality else said


def _writer(number: int, sender: str | None) -> str:
    return (sender or "").lower() or f"ticket {number}"
