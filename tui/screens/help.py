"""F1: what this place is, and its keys in both layouts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from tui.keys import both, shown_key, twin
from tui.screens.place import Panel
from tui.screens.review import Pages
from tui.widgets.bars import KeyBar
from tui.widgets.words import Words

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import ActiveBinding

COLUMN = 11


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
    """A line a deed: its keys in the Latin and in the Russian layout, and what it does; deeds before movements."""
    deeds: dict[tuple[str, str], list[Binding]] = {}
    for entry in active:
        if entry.binding.description and not entry.binding.description.isascii():
            deeds.setdefault((type(entry.node).__name__, entry.binding.action), []).append(entry.binding)
    ordered = sorted(deeds.values(), key=lambda bindings: not bindings[0].tooltip)
    return [_key_line(bindings) for bindings in ordered]


def _key_line(bindings: list[Binding]) -> Content:
    binding = bindings[0]
    known = [other.key for other in bindings]
    capitals = {key.upper() for key in known if len(key) == 1 and key.islower()}
    own = [key for key in known if key not in capitals and key not in {twin(other) for other in known}]
    keys = " ".join(sorted({shown_key(key, False) for key in own}, key=len, reverse=True))
    russian = " ".join(shown_key(key, True) for key in own if twin(key) is not None)
    what = f"{binding.description} — {binding.tooltip}" if binding.tooltip else binding.description
    shown = f"{keys} · {russian}" if russian else keys
    return Content.assemble((shown.ljust(COLUMN) + " ", "bold $footer-key-foreground"), what)
