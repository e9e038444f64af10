"""The search: every ticket that was ever opened, as one types."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input

from tui import reading
from tui.keys import both
from tui.rows import columns, rows
from tui.screens.place import Place
from tui.widgets.bars import KeyBar, TitleBar
from tui.widgets.fields import Field
from tui.widgets.queue_list import QueueList

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

    from intake.model import Ticket
    from intake.regulation import Regulation

WAIT = 0.15


class Found(Message):
    """What a search has found."""

    def __init__(self, words: str, tickets: tuple[Ticket, ...], regulations: Mapping[str, Regulation]) -> None:
        super().__init__()
        self.words, self.tickets, self.regulations = words, tickets, regulations


class SearchScreen(Place[None]):
    """A field and what it finds; the list is reached by the arrow keys while the field keeps the letters."""

    HEADING: ClassVar[str] = "Поиск"
    HELP: ClassVar[str] = (
        "Номер (1042 или VD-1042) или слова из темы, имени, адреса, организации: все слова должны встретиться. "
        "Новые — сверху, не больше пятидесяти. Стрелки выбирают, Enter открывает, Esc — назад."
    )
    BINDINGS = both(
        [
            Binding("enter", "open", "Открыть", priority=True, tooltip="Открыть обращение под курсором"),
            Binding("up", "move('move', -1)", "Вверх", show=False, priority=True),
            Binding("down", "move('move', 1)", "Вниз", show=False, priority=True),
            Binding("pageup", "move('leaf', -1)", "На экран вверх", show=False, priority=True),
            Binding("pagedown", "move('leaf', 1)", "На экран вниз", show=False, priority=True),
            Binding("escape", "leave", "Назад", tooltip="К очереди"),
        ]
    )

    def __init__(self) -> None:
        super().__init__()
        self._timer: Timer | None = None
        self._found: Found | None = None

    def compose(self) -> ComposeResult:
        """Title, field, list, keys."""
        yield TitleBar("Поиск", "номер, тема, имя, адрес, организация")
        yield Field(id="words", placeholder="Что ищем?")
        yield QueueList(columns, "", id="found")
        yield KeyBar()

    def on_mount(self) -> None:
        """The field has the keys, the list shows its cursor."""
        self.query_one(QueueList).can_focus = False
        self.query_one(Field).focus()
        self._search()

    def desk_changed(self) -> None:
        """See `Place.desk_changed`."""
        self._search()

    @on(Input.Changed)
    def _typed(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(WAIT, self._search)

    def _search(self) -> None:
        if not self.standing:
            return
        at, words = self.at, self.query_one(Field).value
        self.work_on("search", lambda: Found(words, *reading.search(at, words)))

    @on(Found)
    def _show(self, event: Found) -> None:
        fresh = self._found is None or self._found.words != event.words
        self._found = event
        listed = self.query_one(QueueList)
        listed.empty = "Ничего не нашлось"
        listed.show(rows(event.tickets, event.regulations, self.at.clock()), 0 if fresh else None)

    @on(QueueList.Opened)
    def _open(self, event: QueueList.Opened) -> None:
        self.desk_app.open_ticket(event.ticket.number)

    def action_open(self) -> None:
        """Open what is under the cursor."""
        listed = self.query_one(QueueList)
        if listed.ticket is None:
            self.say("Ничего не нашлось: открывать нечего")
        listed.action_open()

    def action_move(self, how: str, step: int) -> None:
        """Move the list's cursor."""
        listed = self.query_one(QueueList)
        (listed.action_leaf if how == "leaf" else listed.action_move)(step)

    def action_leave(self) -> None:
        """Back."""
        self.dismiss()
