"""Canned answers as they would read in a ticket. Called on worker threads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from intake.errors import Refused
from intake.snippets import ANY, Snippet, offered, words_of
from tui import labels
from tui.screens.pick import Pick

if TYPE_CHECKING:
    from intake.snippets import SnippetWords
    from tui.reading import TicketFile
    from tui.workplace import Workplace


def offered_snippets(at: Workplace, file: TicketFile, words: str) -> Sequence[Pick]:
    """Those that suit the ticket's topic, then those for any, then all others, as far as every word occurs in them."""
    with at.store.read() as tx:
        known = [*at.canned.shipped(), *tx.snippets.all()]
    suiting = offered(known, file.ticket.topic)
    names = {one.name for one in suiting}
    rest = {one.name: one for one in known if one.name not in names}
    filled = words_of(file.ticket, file.regulation)
    picks = [_pick(at, file, one, filled) for one in [*suiting, *sorted(rest.values(), key=lambda one: one.name)]]
    wanted = words.casefold().split()
    found = [(one, text) for one, text in picks if all(word in f"{one.title} {text}".casefold() for word in wanted)]
    return [one for one, _ in found]


def _pick(at: Workplace, file: TicketFile, snippet: Snippet, filled: SnippetWords) -> tuple[Pick, str]:
    topic = "для любой темы" if snippet.topic == ANY else labels.topic_name(file.regulation, snippet.topic)
    try:
        text = at.canned.render(snippet.text, filled)
    except Refused as refusal:
        return Pick("", snippet.name, f"{topic} · не читается", str(refusal)), ""
    return Pick(text, snippet.name, topic or snippet.topic, text), text
