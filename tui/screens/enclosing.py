"""The files that go with a letter: chosen by their paths, listed with their sizes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from intake.visible import visible
from tui.keys import both
from tui.labels import attachment_words, size_words
from tui.saving import MOST_BYTES, enclosure_kind, measured
from tui.screens.choice import Choices
from tui.screens.place import Failed, Panel
from tui.widgets.bars import KeyBar
from tui.widgets.path_field import PathField
from tui.widgets.words import Words

if TYPE_CHECKING:
    from textual.app import ComposeResult


class Checked(Message):
    """All of these can be sent."""

    def __init__(self, files: Sequence[tuple[str, int]]) -> None:
        super().__init__()
        self.files = files


class FilesPanel(Panel["tuple[str, ...] | None"]):
    """Closes with the paths, however it is left: nothing that was chosen is lost."""

    HELP: ClassVar[str] = (
        "Путь к файлу, Enter — приложить; Tab дописывает путь. Стрелки — к приложенному, Ctrl+D — убрать его. "
        "Esc — готово."
    )
    BINDINGS = both(
        [
            Binding("enter", "add", "Приложить", priority=True, tooltip="Приложить файл"),
            Binding("ctrl+d", "remove", "Убрать", priority=True, tooltip="Убрать файл под курсором"),
            Binding("escape,ctrl+s", "leave", "Готово", key_display="Esc"),
            Binding("up", "move('cursor_up')", show=False, priority=True),
            Binding("down", "move('cursor_down')", show=False, priority=True),
        ]
    )

    def __init__(self, key: str, paths: Sequence[str]) -> None:
        super().__init__()
        self._key = key
        self._paths = list(paths)
        self._wanted = ""

    def compose(self) -> ComposeResult:
        """Title, field, files, their sum."""
        with Vertical(classes="box", id="files"):
            yield Words(Content.styled(f"{self._key}: файлы к письму", "bold"), classes="box-title")
            yield PathField(id="answer", placeholder="Путь к файлу")
            yield Choices(markup=False, id="choices")
            yield Words(id="why")
            yield KeyBar()

    def on_mount(self) -> None:
        """The field has the keys."""
        self.query_one(Choices).can_focus = False
        self.query_one(PathField).focus()
        self._check(self._paths)

    def _check(self, paths: Sequence[str]) -> None:
        self.work_on("check", lambda: Checked(measured(paths)))

    @on(Checked)
    def _tell(self, event: Checked) -> None:
        if self._wanted:
            self._wanted = ""
            self.query_one(PathField).value = ""
        self._paths = list(dict.fromkeys(path for path, _ in event.files))
        sizes = dict(event.files)
        choices = self.query_one(Choices)
        choices.clear_options()
        words = [attachment_words(path.rpartition("/")[2], enclosure_kind(path), sizes[path]) for path in self._paths]
        choices.add_options([Option(Content(line)) for line in words])
        choices.highlighted = len(self._paths) - 1 if self._paths else None
        total = f"Всего {size_words(sum(sizes.values()))} из {size_words(MOST_BYTES)}"
        self.query_one("#why", Words).tell(Content(total if self._paths else "Пока ни одного файла"))

    def failed(self, event: Failed) -> None:
        """What cannot be sent is not taken; the reason stands below the list. What was chosen earlier and is gone
        stays, to be removed."""
        self.query_one("#why", Words).tell(Content(visible(f"⚠ {event.error}")))
        choices = self.query_one(Choices)
        if not self._wanted and choices.option_count != len(self._paths):
            choices.clear_options()
            choices.add_options([Option(Content(visible(path))) for path in self._paths])
            choices.highlighted = 0
        self._wanted = ""

    @on(Input.Submitted)
    def action_add(self) -> None:
        """Take the file that is typed; with nothing typed, done."""
        typed = self.query_one(PathField).value.strip()
        if not typed:
            self.action_leave()
            return
        self._wanted = typed
        self._check([*self._paths, typed])

    def action_remove(self) -> None:
        """Take the file under the cursor away."""
        place = self.query_one(Choices).highlighted
        if place is None or place >= len(self._paths):
            self.say("Убирать нечего", "warning")
            return
        del self._paths[place]
        choices = self.query_one(Choices)
        choices.remove_option_at_index(place)
        self._check(self._paths)

    @on(OptionList.OptionSelected)
    def _point(self) -> None:
        self.query_one(PathField).focus()

    def action_move(self, how: str) -> None:
        """Move the cursor while the field keeps the letters."""
        getattr(self.query_one(Choices), f"action_{how}")()

    def action_leave(self) -> None:
        """Done."""
        self.dismiss(tuple(self._paths))
