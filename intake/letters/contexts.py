"""What each letter is written from: one frozen context per template. Every text is finished Russian or a stranger's."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AcknowledgementContext:
    """The automatic letter to a new request.

    ``subject`` is the client's own only where he wrote by mail, else a neutral one; ``reaction`` and ``completion``
    are deadlines in words, ``completion`` None where there is none. ``link`` is the client's own page, None without;
    ``older_key`` a ticket that was closed too long ago for this mail to reopen it.
    """

    key: str
    subject: str
    type_name: str
    received: str
    reaction: str
    completion: str | None
    hours: str
    desk_name: str
    desk_address: str
    link: str | None = None
    older_key: str | None = None


@dataclass(frozen=True, slots=True)
class ReplyContext:
    """An agent's answer. ``text`` is what the agent wrote; ``quoted`` the client's message it answers, short."""

    key: str
    subject: str
    text: str
    agent_name: str
    desk_name: str
    quoted: str | None = None
    quoted_intro: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """The question for a mark (§6) in the letter of a closing. ``marks`` are (mark, in words, link or None) from the
    highest; ``until`` when the last vote counts, in words."""

    marks: tuple[tuple[int, str, str | None], ...]
    until: str


@dataclass(frozen=True, slots=True)
class StatusContext:
    """What a new status (§4) asks of the client. ``status`` is its key; ``text`` what the agent adds, "" for nothing;
    ``greeted`` whether that greets by itself; ``confirm`` the page where he says whether it works, None without one;
    ``reopen`` until when an answer reopens; ``pauses`` whether the deadline waits as the desk does."""

    key: str
    subject: str
    status: str
    status_name: str
    text: str
    agent_name: str
    desk_name: str
    greeted: bool = False
    pauses: bool = True
    confirm: str | None = None
    reopen: str | None = None
    link: str | None = None
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class StaffContext:
    """A letter to the desk's own people: what happened to which ticket, and what to do. ``lines`` are finished."""

    subject: str
    lines: tuple[str, ...]
    key: str | None
    desk_name: str


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a conversation shown to a department: who and when in words, and the text."""

    who: str
    at: str
    text: str
    client: bool


@dataclass(frozen=True, slots=True)
class DepartmentContext:
    """A question to a department of the second line (§7), or a reminder of it.

    ``due`` is the deadline in words with its clause, ``question`` the agent's words or "", ``reminder`` the line a
    reminder begins with, "" in the question itself; ``conversation`` oldest first, ``left_out`` how many messages
    before it are not shown; ``not_enclosed`` names files that were too big to go with it; ``told``: the words answer
    a question of the department's own; ``earlier``: it has a letter of ours already, to which this one adds."""

    key: str
    subject: str
    topic: str
    department: str
    due: str
    question: str
    agent_name: str
    desk_name: str
    client: str
    product: str
    others: tuple[str, ...] = ()
    conversation: tuple[Said, ...] = ()
    left_out: int = 0
    files: tuple[str, ...] = ()
    not_enclosed: tuple[str, ...] = ()
    reminder: str = ""
    told: bool = False
    earlier: bool = False


Context = AcknowledgementContext | ReplyContext | StatusContext | StaffContext | DepartmentContext


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter's words. ``subject`` has no ticket tag yet."""

    subject: str
    text: str
    html: str
