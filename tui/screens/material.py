"""What of a conversation goes along with a question: messages and files, each switched on or off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from intake.model import Direction, StoredAttachment, TicketMessage
from intake.visible import visible
from tui import labels
from tui.keys import both
from tui.screens.choice import Choices
from tui.screens.place import Panel
from tui.second_line import shown_by_default
from tui.second_line_lines import date_hour
from tui.widgets.bars import KeyBar
from tui.widgets.words import Words

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from textual.app import ComposeResult


@dataclass(frozen=True, slots=True)
class Shown:
    """The messages and files that go along, by their ids."""

    messages: frozenset[int]
    files: frozenset[str]

    @classmethod
    def usual(cls, messages: Sequence[TicketMessage], by_mail: bool) -> Shown:
        """What goes along unless the agent chooses otherwise: into Slack alone nothing."""
        told = shown_by_default(messages) if by_mail else []
        return cls(frozenset(m.id for m in told), frozenset(a.id for m in told for a in m.attachments))

    def with_message(self, message: TicketMessage) -> Shown:
        """The message on or off; its files go with it."""
        own = {attached.id for attached in message.attachments}
        if message.id in self.messages:
            return Shown(self.messages - {message.id}, self.files - own)
        return Shown(self.messages | {message.id}, self.files | own)

    def with_file(self, message: TicketMessage, file: str) -> Shown:
        """A file on or off; one that goes along brings its message."""
        if file in self.files:
            return Shown(self.messages, self.files - {file})
        return Shown(self.messages | {message.id}, self.files | {file})


def shown_words(told: Sequence[TicketMessage], chosen: Shown | None, channels: Sequence[str]) -> str:
    """What of a conversation goes along, by which channel; ``chosen`` None: what usually does."""
    shown = chosen or Shown.usual(told, "mail" in channels)
    files = sum(len(m.attachments) for m in told)
    counts = f"сообщений {len(shown.messages)} из {len(told)}, файлов {len(shown.files)} из {files}"
    if "slack" not in channels:
        return f"Увидят: {counts} (F2)"
    if chosen is None:
        return f"Увидят: в Slack только вопрос{f', в письме {counts}' if 'mail' in channels else ''} (F2)"
    return f"Увидят: {counts}; файлы в Slack только по именам (F2)"


class MaterialPanel(Panel[Shown | None]):
    """Closes with what was chosen."""

    HEADING: ClassVar[str] = "Что увидит подразделение"
    HELP: ClassVar[str] = (
        "Пробел или Enter — показать или не показывать сообщение, приложить файл или нет. Заметки и переписка с "
        "подразделениями не показываются никогда. В Slack уходит только то, что выбрано здесь: слова сообщений и "
        "имена файлов; сами файлы туда не уходят. Ctrl+S или Esc — готово."
    )
    BINDINGS = both(
        [
            Binding("space", "switch", "Да или нет", tooltip="Показать или не показывать"),
            Binding("ctrl+s,escape", "leave", "Готово", key_display="Esc", tooltip="Вернуться к вопросу"),
        ]
    )

    def __init__(self, messages: Sequence[TicketMessage], shown: Shown, zone: ZoneInfo) -> None:
        super().__init__()
        self._shown, self._zone = shown, zone
        self._entries: list[tuple[TicketMessage, StoredAttachment | None]] = []
        for message in messages:
            self._entries += [(message, None), *((message, attached) for attached in message.attachments)]

    def compose(self) -> ComposeResult:
        """Title, messages with their files below, keys."""
        with Vertical(classes="box"):
            yield Words(Content.styled(self.HEADING, "bold"), classes="box-title")
            yield Choices(*(Option(self._prompt(n)) for n in range(len(self._entries))), markup=False, id="choices")
            yield KeyBar()

    def on_mount(self) -> None:
        """The list has the keys."""
        self.query_one(Choices).focus()
        if self._entries:
            self.query_one(Choices).highlighted = 0

    def _prompt(self, place: int) -> Content:
        message, attached = self._entries[place]
        if attached is not None:
            on_ = attached.id in self._shown.files
            words = labels.attachment_words(attached.filename, attached.content_type, attached.size)
            return Content.assemble("    ", _mark(on_), ("Файл ", "bold $accent"), (words, "" if on_ else "dim"))
        on_ = message.id in self._shown.messages
        arrow = "←" if message.direction is Direction.IN else "→"
        start = " ".join(visible(message.text).split())[:200]
        head = f"{arrow} {date_hour(self._zone, message.at)} "
        return Content.assemble(_mark(on_), (head, "bold" if on_ else "dim"), (start, "" if on_ else "dim"))

    @on(OptionList.OptionSelected)
    def _selected(self) -> None:
        self.action_switch()

    def action_switch(self) -> None:
        """On or off."""
        listed = self.query_one(Choices)
        if listed.highlighted is None or not self._entries:
            return
        message, attached = self._entries[listed.highlighted]
        shown = self._shown
        self._shown = shown.with_message(message) if attached is None else shown.with_file(message, attached.id)
        for place in range(len(self._entries)):
            listed.replace_option_prompt_at_index(place, self._prompt(place))

    def action_leave(self) -> None:
        """Back to the question."""
        self.dismiss(self._shown)


def _mark(on_: bool) -> tuple[str, str]:
    return ("[x] ", "bold $success") if on_ else ("[ ] ", "dim")
