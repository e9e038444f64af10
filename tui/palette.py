"""Everything that can be done here and now, by its Russian name: what Ctrl+P lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.keys import other_layout, shown_key

if TYPE_CHECKING:
    from textual.binding import ActiveBinding

    from tui.screens.place import Place

HIDDEN = frozenset({"palette", "help_quit"})
AREAS = {"TicketScreen": "Обращение", "QueueScreen": "Очередь", "DeskApp": "Экран", "QueueList": "Очередь"}


@dataclass(frozen=True, slots=True)
class Command:
    """``words`` are what it is found by; ``key`` presses it."""

    area: str
    title: str
    key: str
    shown: str
    hint: str

    @property
    def words(self) -> str:
        """Everything it may be looked for by."""
        return f"{self.area} {self.title} {self.hint}".casefold()


def commands(place: Place[object], active: Iterable[ActiveBinding], russian: bool) -> list[Command]:
    """The bindings of a place that say what they do and apply now, each once."""
    found: dict[str, Command] = {}
    for entry in active:
        binding, name = entry.binding, type(entry.node).__name__
        if not binding.tooltip or binding.action in HIDDEN or binding.action in found:
            continue
        if place.why_not(binding.action) is not None:
            continue
        shown = binding.key_display or shown_key(binding.key, russian)
        found[binding.action] = Command(
            AREAS.get(name, place.HEADING), binding.description, binding.key, shown, binding.tooltip
        )
    return list(found.values())


def matching(known: Iterable[Command], words: str) -> list[Command]:
    """Those in which every word occurs, those whose title begins so first; the keyboard layout does not matter."""
    known = list(known)
    for typed in (words.casefold(), other_layout(words.casefold())):
        hits = [command for command in known if all(word in command.words for word in typed.split())]
        if hits:
            return sorted(hits, key=lambda command: not command.title.casefold().startswith(typed.strip()))
    return []
