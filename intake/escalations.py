"""Questions to the second line (§7, §8): who was asked what, until when, and who has answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Reply(StrEnum):
    """How a department's part ended."""

    ANSWERED = "answered"
    REFUSED = "refused"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Asked:
    """One department's part of an escalation. ``channels`` are those it was asked over; ``answered_by`` a sender's
    address or name, or the login of who marked it; ``answer`` the message that is the answer, None without one;
    ``told_at`` when a question of its own was answered, with which its term begins anew."""

    department: str
    title: str
    channels: tuple[str, ...]
    answered_at: datetime | None = None
    outcome: Reply | None = None
    answered_by: str | None = None
    answer: int | None = None
    id: int = 0
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Escalation:
    """A question about a ticket. ``channels`` are those the regulation names (§8), each department's own those it was
    asked over; ``answer_due`` is the nearest term of those still waited for; ``answered_at`` is when it was complete by
    the rules (both departments, or one)."""

    ticket: int
    topic: str
    by: str
    question: str
    regulation: str
    escalated_at: datetime
    answer_due: datetime
    channels: tuple[str, ...]
    asked: tuple[Asked, ...]
    answered_at: datetime | None = None
    id: int = 0

    @property
    def used(self) -> tuple[str, ...]:
        """The channels it left by."""
        return tuple(dict.fromkeys(channel for asked in self.asked for channel in asked.channels))

    @property
    def waiting(self) -> tuple[Asked, ...]:
        """The departments whose answer is still waited for."""
        return () if self.answered_at is not None else tuple(a for a in self.asked if a.answered_at is None)

    def part(self, asked: int) -> Asked:
        """One department's part by its id."""
        return next(a for a in self.asked if a.id == asked)

    def with_part(self, part: Asked) -> Escalation:
        """The same with one part as it is now."""
        return replace(self, asked=tuple(part if asked.id == part.id else asked for asked in self.asked))


@dataclass(frozen=True, slots=True)
class OpenPart:
    """A department's part that somebody has still to do with: the department, or the desk with its answer.

    ``number`` and ``key`` are those of the ticket it belongs to now, wherever it was merged; ``doubtful`` is the latest
    message of its thread whose sender nobody has confirmed, ``said`` how its answer, or that message, begins;
    ``lost``: nothing of what was sent to the department has arrived."""

    escalation: Escalation
    asked: Asked
    number: int
    key: str
    subject: str
    assignee: str | None
    doubtful: int | None = None
    said: str = ""
    lost: bool = False


@dataclass(frozen=True, slots=True)
class OpenPage:
    """Which open parts are wanted. They come by (deadline, id of the part); ``after`` is the last pair already shown;
    ``since``: answers older than that are not looked for."""

    department: str | None = None
    after: tuple[datetime, int] | None = None
    limit: int = 50
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A post in Slack that asks or reminds a department. ``message_id`` is that of its row in the outbox; ``ts`` names
    the post in its channel, ``thread_ts`` the post its thread hangs on."""

    asked: int
    message_id: str
    channel: str
    ts: str
    thread_ts: str


class Escalations(Protocol):
    """Questions to departments and what belongs to them."""

    def reserve(self, count: int) -> int:
        """Take ``count`` ids for parts in this transaction; the first of them. A letter names the id of its part."""

    def add(self, escalation: Escalation) -> None:
        """Keep a new one, its parts with ids that were reserved."""

    def of(self, ticket: int) -> list[Escalation]:
        """Those of a ticket and of what was merged into it, oldest first."""

    def by_asked(self, asked: int) -> Escalation | None:
        """The one that a department's part belongs to."""

    def waiting(self) -> list[Escalation]:
        """Those not complete, the nearest deadline first."""

    def open_parts(self, page: OpenPage) -> list[OpenPart]:
        """See `OpenPage`. Of tickets not closed: parts that are waited for, and those that ended but about which nobody
        has written to the client since."""

    def parts(self, ticket: int) -> list[OpenPart]:
        """Every part of every question of a ticket and of what was merged into it, oldest first."""

    def open_counts(self, since: datetime | None = None) -> dict[str, int]:
        """Open parts by department."""

    def reopen(self, asked: int, answer_due: datetime) -> None:
        """A part is waited for again, the whole until ``answer_due``. What it was told stands in the events."""

    def reroute(self, asked: int, channels: Sequence[str]) -> None:
        """A part is asked over other channels from now on."""

    def heard(self, since: datetime) -> list[Escalation]:
        """Those of which a part was answered since then."""

    def between(self, since: datetime, until: datetime) -> list[Escalation]:
        """Asked from ``since`` until before ``until``, oldest first."""

    def answer(self, asked: Asked, completed_at: datetime | None, answer_due: datetime) -> None:
        """Write how a part ended; ``completed_at``: with that the whole is complete, until ``answer_due`` else."""

    def tie(self, message: int, asked: int) -> None:
        """A message belongs to a department's part."""

    def confirm(self, message: int) -> None:
        """An agent vouches for the sender of a department's message."""

    def asked_of(self, messages: Sequence[int]) -> dict[int, int]:
        """Message → department's part, for those that belong to one."""

    def posted(self, post: Post) -> None:
        """Remember a post; one known already stays."""

    def post(self, message_id: str) -> Post | None:
        """The post of a row of the outbox."""

    def threads(self, asked: Sequence[int]) -> list[Post]:
        """The posts that threads of these parts hang on."""

    def thread(self, channel: str, thread_ts: str) -> Post | None:
        """The post a thread hangs on."""

    def reply(self, channel: str, ts: str) -> tuple[int | None, str] | None:
        """What a reply in a thread became: its message and when it was edited last ("": never)."""

    def replies(self, asked: int, channel: str) -> list[str]:
        """The ``ts`` of every reply to a part that is known, deleted ones too."""

    def keep_reply(self, asked: int, channel: str, ts: str, message: int | None, edited: str) -> None:
        """Remember a reply, or that it was edited."""
