"""Votes of clients (§6), the letters that ask for them, and months that were frozen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from intake.model import Event, Ticket


@dataclass(frozen=True, slots=True)
class Ask:
    """A letter that asked for a vote. ``nonce`` names it in links; ``agent`` is who the vote counts for, "" for nobody;
    ``expires_at`` is until when a vote can be given and changed."""

    nonce: str
    ticket: int
    agent: str
    regulation: str
    asked_at: datetime
    expires_at: datetime
    message_id: str


@dataclass(frozen=True, slots=True)
class Vote:
    """One vote. ``door`` page|mail|import; ``left_out`` says why it does not count, None where it does."""

    ticket: int
    agent: str
    score: int
    comment: str
    at: datetime
    door: str
    left_out: str | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class FrozenMonth:
    """A month's figures as they were frozen. ``digest`` is the SHA-256 of ``inputs``, both texts are JSON."""

    month: str
    frozen_at: datetime
    frozen_by: str
    digest: str
    figures: str
    inputs: str


class Ratings(Protocol):
    """Votes and what the monthly figures are counted from."""

    def closed(self, since: datetime, until: datetime) -> list[tuple[Ticket, list[Event]]]:
        """Tickets whose last closing lies in [since, until), by number, each with its events of assignment, status,
        merging and rating, oldest first."""

    def first_closing(self) -> datetime | None:
        """When the first of the tickets closed now was closed."""

    def add_ask(self, ask: Ask) -> None:
        """A letter that asks leaves."""

    def withdraw_ask(self, message_id: str) -> None:
        """The letter of that Message-ID was taken back: it asks nothing."""

    def ask(self, nonce: str) -> Ask | None:
        """The one a link names."""

    def last_ask(self, ticket: int) -> Ask | None:
        """The latest about a ticket."""

    def asked_after(self, contact: str, at: datetime) -> bool:
        """Whether a contact (its address, case folded) was asked later than that. In a transaction that writes nobody
        else asks him before it ends."""

    def add_vote(self, vote: Vote) -> None:
        """Keep a vote."""

    def votes(self, tickets: Sequence[int]) -> list[Vote]:
        """Votes on these tickets, oldest first."""

    def forget_import(self, ticket: int) -> None:
        """Remove what an import wrote of a ticket: the ticket, its events and votes."""

    def freeze(self, frozen: FrozenMonth) -> None:
        """Keep a month's figures for good. Raises Refused where they are kept."""

    def frozen(self, month: str) -> FrozenMonth | None:
        """What was frozen of a month."""

    def go_on_after(self, number: int) -> None:
        """Tickets to come get numbers above this one."""
