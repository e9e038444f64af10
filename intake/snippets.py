"""Canned answers per topic: short texts an agent starts a letter from, filled with what is known of the ticket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol

from intake.wording import deadline_words

if TYPE_CHECKING:
    from intake.model import Ticket
    from intake.regulation import Regulation

ANY: Final = "any"
"""The topic of a snippet that suits every ticket."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """``topic`` is a second-line topic's key (§7) or `ANY`; ``name`` is unique on the desk, ``text`` a template."""

    topic: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class SnippetWords:
    """All that a snippet may name: the ticket's key, the contact's name, deadlines in words (None: there is none)."""

    key: str
    name: str
    reaction: str | None
    completion: str | None


EXAMPLE: Final = SnippetWords("VD-1", "Имя", "до 10:30", "до 18:00")
"""To see how a snippet reads, without a ticket."""


class Snippets(Protocol):
    """The desk's own snippets."""

    def all(self) -> list[Snippet]:
        """By topic and name."""

    def put(self, snippet: Snippet) -> None:
        """Add one, or replace the one of that name."""


def words_of(ticket: Ticket, regulation: Regulation) -> SnippetWords:
    """What a snippet may say of a ticket."""

    def said(due: datetime | None) -> str | None:
        return None if due is None else deadline_words(regulation, ticket.opened_at, due, working=False)

    return SnippetWords(ticket.key, ticket.contact_name, said(ticket.reaction_due), said(ticket.completion_due))


def offered(snippets: list[Snippet], topic: str | None) -> list[Snippet]:
    """Those for a topic first, then those for any; the desk's own stand for shipped ones of the same name."""
    by_name = {snippet.name: snippet for snippet in snippets}
    suiting = [snippet for snippet in by_name.values() if snippet.topic in (topic, ANY)]
    return sorted(suiting, key=lambda snippet: (snippet.topic == ANY, snippet.name))
