"""What the core needs from the outside, as Protocols. The contract of each method stands here, once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from intake.authentication import UNKNOWN, Authentication
from intake.escalations import Escalations
from intake.gauges import Gauges
from intake.lessons import Lessons
from intake.mailboxes import Mailboxes
from intake.model import (
    Arrival,
    Disposition,
    Event,
    JournalRow,
    StoredAttachment,
    Ticket,
    TicketMessage,
)
from intake.notes import Notes, Rules
from intake.outgoing import Outbox
from intake.ratings import Ratings
from intake.registries import People, Registries
from intake.snippets import Snippets
from intake.tombstones import Tombstones

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a journal row: goes into the row as it stands."""

    disposition: Disposition
    cause: str
    ticket: int | None = None
    message: int | None = None
    sender: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to be stored. ``ids`` are the Message-IDs it can be answered by; ``content_key`` is unique among
    messages and outcomes and tells the same mail that came by two doors."""

    ticket: int
    direction: str
    at: datetime
    text: str
    full_text: str
    subject: str = ""
    sender_name: str = ""
    sender_address: str | None = None
    author: str | None = None
    automatic: bool = False
    unconfirmed: bool = False
    journal: int | None = None
    outbox: int | None = None
    ids: tuple[str, ...] = ()
    content_key: str | None = None
    warnings: tuple[str, ...] = ()
    attachments: tuple[StoredAttachment, ...] = ()
    authentication: Authentication = UNKNOWN


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Filter and place of a page of the queue. Rows come ordered by (next_due, number), tickets without a next
    deadline last; ``after`` is the last (next_due, number) already shown. ``mine`` narrows to one assignee,
    ``free`` to tickets nobody took, ``category`` is desk|client|done|None (all that is open)."""

    category: str | None = "desk"
    mine: str | None = None
    free: bool = False
    after: tuple[datetime | None, int] | None = None
    limit: int = 50
    now: datetime | None = None


class Journal(Protocol):
    """Everything that arrived, raw, and what became of it."""

    def keep(self, arrival: Arrival, lease_until: datetime | None = None) -> int | None:
        """Keep an arrival; its row's id, or None where its door key is known already. Durable once the
        surrounding transaction is. ``lease_until`` keeps other workers from taking it meanwhile."""

    def known(self, door_key: str) -> JournalRow | None:
        """The row that was kept under this door key."""

    def lease(self, now: datetime, until: datetime, limit: int) -> list[JournalRow]:
        """Take the oldest rows still new, due and not leased, with raw."""

    def finish(self, row: int, outcome: Outcome) -> None:
        """Write the one disposition of a row and release it. Raises Conflict where it has one already."""

    def postpone(self, row: int, cause: str, next_try_at: datetime) -> None:
        """A try failed: count it and release the row until then."""

    def release(self, now: datetime) -> None:
        """Give back every lease: nobody else is at work on this journal."""

    def reopen(self, row: int, lease_until: datetime) -> None:
        """Make a finished row new again, leased to the caller (`journal replay`). Raises Refused without raw."""

    def get(self, row: int) -> JournalRow:
        """One row with raw. Raises NotFound."""

    def recent(self, disposition: str | None = None, limit: int = 50, before: int | None = None) -> list[JournalRow]:
        """Newest first, without raw."""

    def waiting(self, now: datetime) -> int:
        """How many rows are new and due."""


class Tickets(Protocol):
    """Tickets and their events."""

    def reserve(self, count: int) -> int:
        """Take ``count`` numbers off the counter in this transaction; the first of them."""

    def insert(self, ticket: Ticket) -> None:
        """A new ticket."""

    def update(self, before: Ticket, **changes: Any) -> Ticket:
        """Write changed fields; raises Conflict where the stored version is not ``before.version``. The new state."""

    def get(self, number: int) -> Ticket:
        """Raises NotFound."""

    def by_key(self, key: str) -> Ticket | None:
        """The ticket whose key reads so, case folded."""

    def page(self, page: QueuePage) -> list[Ticket]:
        """See `QueuePage`."""

    def find(self, where: Mapping[str, Any], limit: int = 50, before: int | None = None) -> list[Ticket]:
        """Tickets whose columns equal ``where``, newest first, below the number ``before``. The key ``words`` holds a
        query in the language of `intake.search`, answered over all that was written."""

    def similar(self, number: int, limit: int = 5) -> list[Ticket]:
        """Closed tickets that share rare words with a ticket, the most alike first."""

    def opened(self, since: datetime, until: datetime) -> list[Ticket]:
        """Tickets opened from ``since`` until before ``until``, oldest first."""

    def counts(self, now: datetime, login: str | None) -> Mapping[str, int]:
        """Open tickets by filter of the queue: all, mine, free, client, overdue."""

    def add_events(self, number: int, events: Iterable[Event]) -> None:
        """Append."""

    def link(self, number: int, other: int) -> bool:
        """Relate two tickets, either way; False where they were."""

    def links(self, number: int) -> list[int]:
        """Numbers of the related tickets."""

    def notice(self, number: int, kind: str, mark: str, now: datetime) -> bool:
        """Remember that a warning was given; False where it was before. ``mark`` tells one occasion from the next."""

    def noticed(self, number: int) -> set[tuple[str, str]]:
        """(kind, mark) of the warnings given about a ticket."""

    def events(self, number: int) -> list[Event]:
        """All of a ticket's events, in the order they were written: a mail's bear the time it arrived, which may lie
        before that of what an agent did until it was read."""


class Messages(Protocol):
    """Conversations."""

    def add(self, message: NewMessage) -> int:
        """Store a message with its attachments and ids; its id. Raises DuplicateContent."""

    def of(self, ticket: int) -> list[TicketMessage]:
        """A ticket's messages oldest first, with attachments and the delivery state of letters."""

    def get(self, message: int) -> TicketMessage:
        """Raises NotFound."""

    def by_content(self, content_key: str) -> TicketMessage | None:
        """The message that is this very mail."""

    def tickets_by_id(self, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
        """Message-ID → (ticket, message) for those of ``ids`` that are known."""

    def learn_id(self, message: int, ticket: int, message_id: str) -> None:
        """One more Message-ID under which a message can be answered."""

    def reread(self, message: int, text: str, full_text: str, warnings: tuple[str, ...]) -> None:
        """Replace what was read of a message (`journal replay`)."""

    def withdraw(self, message: int) -> None:
        """Remove a message whose letter was taken back, with its attachments and ids."""

    def move(self, messages: Sequence[int], ticket: int) -> None:
        """Make messages, and the ids they can be answered by, another ticket's."""

    def participants(self, ticket: int) -> set[str]:
        """Addresses, lower case, that wrote confirmed messages of a ticket or are its contact."""

    def last_ids(self, ticket: int, limit: int = 20) -> list[str]:
        """Message-IDs of the letters and mails exchanged with the client, oldest first."""

    def attachment(self, ticket: int, attachment: str) -> tuple[StoredAttachment, bytes]:
        """An attachment and the raw mail or letter it is part of. Raises NotFound, also where the raw is gone."""


class Transaction(Registries, Protocol):
    """One consistent view of the desk's data; writes hold only within `Store.write` and `Store.submit`."""

    @property
    def journal(self) -> Journal: ...

    @property
    def tickets(self) -> Tickets: ...

    @property
    def messages(self) -> Messages: ...

    @property
    def outbox(self) -> Outbox: ...

    @property
    def people(self) -> People: ...

    @property
    def rules(self) -> Rules: ...

    @property
    def notes(self) -> Notes: ...

    @property
    def gauges(self) -> Gauges: ...

    @property
    def mailboxes(self) -> Mailboxes: ...

    @property
    def ratings(self) -> Ratings: ...

    @property
    def escalations(self) -> Escalations: ...

    @property
    def lessons(self) -> Lessons: ...

    @property
    def snippets(self) -> Snippets: ...

    @property
    def tombstones(self) -> Tombstones: ...


class Store(Protocol):
    """The desk's memory. Safe to call from any thread but the event loop's (`submit` may be called there)."""

    def submit(self, work: Callable[[Transaction], T]) -> Future[T]:
        """Run ``work`` in a write transaction on the writer's thread. The future is done once the commit is durable.

        Works that wait together share one commit; one that raises is rolled back alone and its error is the
        future's. Own trouble (busy, full, broken) is StoreUnavailable. ``work`` may be run again after a failed
        commit, so it must have no effect but on the transaction, and it must be quick: it holds the write lock."""

    def write(self, work: Callable[[Transaction], T]) -> T:
        """`submit`, and wait."""

    def read(self) -> AbstractContextManager[Transaction]:
        """A consistent snapshot for reading, on a connection of its own."""

    def change_mark(self) -> int:
        """A number that differs once anybody has changed anything. Cheap enough for several times a second."""

    def close(self) -> None:
        """Finish what was submitted and close."""


class Clock(Protocol):
    """Time is an argument: only the shells own a clock."""

    def __call__(self) -> datetime:
        """Now, aware, UTC."""


class DuplicateContent(Exception):
    """`Messages.add`: this very mail is a message already."""
