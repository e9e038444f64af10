"""One line to be typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from intake.errors import Refused
from intake.visible import visible
from tui.keys import both
from tui.screens.place import Panel
from tui.widgets.bars import KeyBar
from tui.widgets.fields import Field
from tui.widgets.words import Words

if TYPE_CHECKING:
    from textual.app import ComposeResult


class AskPanel(Panel[str | None]):
    """Closes with what was typed, None for nothing. ``understand`` says in words what a text means, at once while it is
    typed, or raises Refused: then the panel stays, with the reason."""

    HELP: ClassVar[str] = "Enter — готово, Esc — ничего не менять."
    BINDINGS = both([Binding("escape", "leave", "Ничего не менять"), Binding("ctrl+s", "done", "Готово")])

    def __init__(
        self, title: str, value: str = "", hint: str = "", understand: Callable[[str], str] | None = None
    ) -> None:
        super().__init__()
        self._title, self._value, self._hint, self._understand = title, value, hint, understand

    def compose(self) -> ComposeResult:
        """Title, field, hint."""
        with Vertical(classes="box"):
            yield Words(Content.styled(visible(self._title), "bold"), classes="box-title")
            yield Field(self._value, id="answer")
            if self._understand is not None:
                yield Words(id="understood")
            yield Words(Content.styled(visible(self._hint), "dim"))
            yield KeyBar()

    def _means(self, text: str) -> tuple[str, bool]:
        """What a text means or why it means nothing, and whether it can be taken."""
        try:
            return (self._understand(text) if self._understand is not None else ""), True
        except Refused as refusal:
            return str(refusal), False

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        if self._understand is not None:
            words, good = self._means(event.value) if event.value.strip() else ("", True)
            self.query_one("#understood", Words).tell(Content.styled(visible(words), "bold" if good else "$warning"))

    @on(Input.Submitted)
    def action_done(self) -> None:
        """Take what was typed."""
        text = self.query_one(Field).value
        words, good = self._means(text)
        if good:
            self.dismiss(text)
        else:
            self.say(words, "warning")

    def action_leave(self) -> None:
        """Change nothing."""
        self.dismiss(None)
