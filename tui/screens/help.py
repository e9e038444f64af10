"""F1: what this place is, and its keys in both layouts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from tui.keys import both, shown_key
from tui.screens.place import Panel
from tui.screens.review import Pages
from tui.widgets.bars import KeyBar
from tui.widgets.words import Words

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import ActiveBinding

COLUMN = 14


class HelpPanel(Panel[None]):
    """Made from the bindings of the place it was called in."""

    HELP: ClassVar[str] = "Esc — закрыть."
    BINDINGS = both([Binding("escape,f1,q", "leave", "Закрыть", key_display="Esc")])

    def __init__(self, heading: str, text: str, active: Iterable[ActiveBinding]) -> None:
        super().__init__()
        self._heading, self._text = heading, text
        self._active = list(active)

    def compose(self) -> ComposeResult:
        """Text, then keys."""
        with Vertical(classes="box", id="help"):
            yield Words(Content.styled(self._heading, "bold"), classes="box-title")
            with Pages(id="help-text"):
                yield Words(Content(self._text))
                yield Words(Content("\n").join(key_lines(self._active)), id="help-keys")
            yield KeyBar()

    def on_mount(self) -> None:
        """Keys scroll."""
        self.query_one(Pages).focus()

    def action_leave(self) -> None:
        """Close."""
        self.dismiss()


def key_lines(active: Iterable[ActiveBinding]) -> list[Content]:
    """A line a deed: its key in the Latin and in the Russian layout, and what it does."""
    lines, seen = [], set()
    for entry in active:
        binding = entry.binding
        if not binding.description or (type(entry.node).__name__, binding.action) in seen:
            continue
        seen.add((type(entry.node).__name__, binding.action))
        latin, russian = shown_key(binding.key, False), shown_key(binding.key, True)
        keys = latin if latin == russian else f"{latin}  {russian}"
        what = f"{binding.description} — {binding.tooltip}" if binding.tooltip else binding.description
        lines.append(Content.assemble((keys.ljust(COLUMN), "bold $footer-key-foreground"), what))
    return lines
