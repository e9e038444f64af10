"""One of many, found by typing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from intake.visible import visible
from tui.keys import both
from tui.screens.choice import Choices
from tui.screens.place import Panel
from tui.screens.review import Pages
from tui.widgets.bars import KeyBar
from tui.widgets.fields import Field
from tui.widgets.words import Words

if TYPE_CHECKING:
    from textual.app import ComposeResult

WAIT = 0.15


@dataclass(frozen=True, slots=True)
class Pick:
    """``preview`` is shown below the list while the cursor is there."""

    key: str
    title: str
    note: str = ""
    preview: str = ""


class Found(Message):
    """What the words find."""

    def __init__(self, words: str, picks: Sequence[Pick]) -> None:
        super().__init__()
        self.words, self.picks = words, picks


class PickPanel(Panel[str | None]):
    """Closes with the key of what was picked, None for nothing. ``find`` runs on a worker thread; an empty text asks it
    for what is offered first."""

    HELP: ClassVar[str] = "Начните писать, чтобы найти. Стрелки и Enter — выбрать, Esc — ничего не менять."
    BINDINGS = both(
        [
            Binding("enter", "take", "Выбрать", priority=True),
            Binding("escape", "leave", "Ничего не менять"),
            Binding("up", "move('cursor_up')", show=False, priority=True),
            Binding("down", "move('cursor_down')", show=False, priority=True),
            Binding("pageup", "move('page_up')", show=False, priority=True),
            Binding("pagedown", "move('page_down')", show=False, priority=True),
        ]
    )

    def __init__(
        self, title: str, find: Callable[[str], Sequence[Pick]], placeholder: str = "", previews: bool = False
    ) -> None:
        super().__init__()
        self._title, self._find, self._placeholder, self._previews = title, find, placeholder, previews
        self._picks: Sequence[Pick] = ()
        self._words: str | None = None
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Title, field, list, what stands behind the one under the cursor."""
        with Vertical(classes="box", id="pick"):
            yield Words(Content.styled(visible(self._title), "bold"), classes="box-title")
            yield Field(id="command", placeholder=self._placeholder)
            yield Choices(markup=False, id="commands")
            with Pages(id="pick-preview"):
                yield Words(id="pick-words")
            yield KeyBar()

    def on_mount(self) -> None:
        """What is offered first; the field has the keys."""
        self.query_one(Choices).can_focus = False
        self.query_one(Pages).display = self._previews
        self.query_one(Field).focus()
        self._search()

    @on(Input.Changed)
    def _typed(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(WAIT, self._search)

    def _search(self) -> None:
        if self.standing:
            words, find = self.query_one(Field).value.strip(), self._find
            self.work_on("find", lambda: Found(words, find(words)))

    @on(Found)
    def _tell(self, event: Found) -> None:
        self._picks, self._words = event.picks, event.words
        choices = self.query_one(Choices)
        choices.clear_options()
        choices.add_options([Option(_prompt(pick)) for pick in event.picks])
        if not event.picks:
            choices.add_option(Option(Content.styled("Ничего не нашлось", "dim"), disabled=True))
        choices.highlighted = 0 if event.picks else None
        self._preview(0)

    @on(OptionList.OptionHighlighted)
    def _point(self, event: OptionList.OptionHighlighted) -> None:
        self._preview(event.option_index)

    def _preview(self, place: int) -> None:
        words = self._picks[place].preview if place < len(self._picks) else ""
        self.query_one("#pick-words", Words).tell(Content(visible(words, keep_newlines=True)))

    @on(OptionList.OptionSelected)
    def _select(self, event: OptionList.OptionSelected) -> None:
        if event.option_index < len(self._picks):
            self.dismiss(self._picks[event.option_index].key)

    def action_take(self) -> None:
        """Take what is under the cursor, once the list is that of the words."""
        place = self.query_one(Choices).highlighted
        if self._words != self.query_one(Field).value.strip():
            self._search()
        elif place is not None and place < len(self._picks):
            self.dismiss(self._picks[place].key)

    def action_move(self, how: str) -> None:
        """Move the cursor while the field keeps the letters."""
        getattr(self.query_one(Choices), f"action_{how}")()

    def action_leave(self) -> None:
        """Pick nothing."""
        self.dismiss(None)


def _prompt(pick: Pick) -> Content:
    note = f"  {visible(pick.note)}" if pick.note else ""
    return Content.assemble(visible(pick.title), (note, "dim"))
