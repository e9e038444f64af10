"""A choice of a few things, each with the reason where it cannot be chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from intake.visible import visible
from tui.keys import both
from tui.screens.place import Panel
from tui.widgets.bars import KeyBar
from tui.widgets.words import Words

if TYPE_CHECKING:
    from textual.app import ComposeResult


@dataclass(frozen=True, slots=True)
class Choice:
    """``why_not``: the reason it cannot be chosen; ``note`` stands behind the title."""

    key: str
    title: str
    why_not: str | None = None
    note: str = ""


class Choices(OptionList):
    """The list of a choice, in both layouts."""

    BINDINGS = both(OptionList.BINDINGS)


class ChoicePanel(Panel[str | None]):
    """Closes with the key of what was chosen, None for nothing. Digits choose too."""

    HELP: ClassVar[str] = (
        "Стрелки и Enter или цифра — выбрать. То, что сейчас нельзя, написано бледно; если его выбрать, будет сказано, "
        "почему нельзя. Esc — ничего не менять."
    )
    BINDINGS = both(
        [
            Binding("escape", "leave", "Ничего не менять"),
            *(Binding(str(digit), f"pick({digit})", f"Выбрать {digit}", show=False) for digit in range(1, 10)),
        ]
    )

    def __init__(self, title: str, choices: Sequence[Choice], current: str | None = None, hint: str = "") -> None:
        super().__init__()
        self._title = title
        self._hint = hint
        self._choices = choices
        self._current = current

    def compose(self) -> ComposeResult:
        """Title, options, the reason of the one under the cursor."""
        with Vertical(classes="box"):
            yield Words(Content.styled(visible(self._title), "bold"), classes="box-title")
            options = [Option(self._prompt(n, c), id=str(n)) for n, c in enumerate(self._choices)]
            yield Choices(*options, markup=False, id="choices")
            yield Words(id="why")
            if self._hint:
                yield Words(Content.styled(visible(self._hint), "dim"))
            yield KeyBar()

    def on_mount(self) -> None:
        """Begin at what is set now, or at the first that can be chosen."""
        choices = self.query_one(Choices)
        free = [n for n, c in enumerate(self._choices) if c.why_not is None]
        keys = [c.key for c in self._choices]
        choices.highlighted = keys.index(self._current) if self._current in keys else (free or [0])[0]
        choices.focus()

    def _prompt(self, number: int, choice: Choice) -> Content:
        digit = f"{number + 1} " if number < 9 else "  "
        mark = "• " if choice.key == self._current else "  "
        style = "dim" if choice.why_not is not None else ""
        note = f"  {visible(choice.note)}" if choice.note else ""
        return Content.assemble((digit, "dim"), mark, (visible(choice.title), style), (note, "dim"))

    @on(OptionList.OptionHighlighted)
    def _tell(self, event: OptionList.OptionHighlighted) -> None:
        reason = self._choices[event.option_index].why_not
        self.query_one("#why", Words).tell(Content(visible(f"Нельзя: {reason}" if reason else "")))

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        self.action_pick(event.option_index + 1)

    def action_pick(self, digit: int) -> None:
        """Take one by its digit."""
        if digit > len(self._choices):
            return
        choice = self._choices[digit - 1]
        if choice.why_not is not None:
            self.query_one(Choices).highlighted = digit - 1
            self.say(choice.why_not, "warning")
        else:
            self.dismiss(choice.key)

    def action_leave(self) -> None:
        """Change nothing."""
        self.dismiss(None)


def unless_none(chosen: Callable[[str], None]) -> Callable[[str | None], None]:
    """For a panel that closes with None when nothing is chosen."""

    def done(key: str | None) -> None:
        if key is not None:
            chosen(key)

    return done
