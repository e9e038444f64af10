"""One line to be typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from intake.visible import visible
from tui.keys import both
from tui.screens.place import Panel
from tui.widgets.bars import KeyBar
from tui.widgets.fields import Field
from tui.widgets.words import Words

if TYPE_CHECKING:
    from textual.app import ComposeResult


class AskPanel(Panel[str | None]):
    """Closes with what was typed, None for nothing."""

    HELP: ClassVar[str] = "Enter — готово, Esc — ничего не менять."
    BINDINGS = both([Binding("escape", "leave", "Ничего не менять"), Binding("ctrl+s", "done", "Готово")])

    def __init__(self, title: str, value: str = "", hint: str = "") -> None:
        super().__init__()
        self._title, self._value, self._hint = title, value, hint

    def compose(self) -> ComposeResult:
        """Title, field, hint."""
        with Vertical(classes="box"):
            yield Words(Content.styled(visible(self._title), "bold"), classes="box-title")
            yield Field(self._value, id="answer")
            yield Words(Content.styled(visible(self._hint), "dim"))
            yield KeyBar()

    @on(Input.Submitted)
    def action_done(self) -> None:
        """Take what was typed."""
        self.dismiss(self.query_one(Field).value)

    def action_leave(self) -> None:
        """Change nothing."""
        self.dismiss(None)
