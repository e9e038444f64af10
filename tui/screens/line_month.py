"""A month of the second line: what departments were asked, and how they answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.content import Content
from textual.message import Message

from tui.keys import both
from tui.screens.months import MonthPlace
from tui.screens.review import Pages
from tui.second_line import MonthOfLine, month_of_line
from tui.second_line_lines import month_lines
from tui.widgets.bars import KeyBar, TitleBar
from tui.widgets.words import Words

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from intake.quality import Month


class MonthRead(Message):
    """A month has been counted."""

    def __init__(self, month: MonthOfLine) -> None:
        super().__init__()
        self.month = month


class LineMonthScreen(MonthPlace):
    """The table of `otklik departments`, month by month."""

    HEADING: ClassVar[str] = "Месяц второй линии"
    HELP: ClassVar[str] = (
        "Вопросы, заданные в этом месяце (§7): сколько спрошено, отвечено в срок и позже, ещё ждём, просрочено; "
        "медиана и сумма рабочих часов ожидания. Время, пока вопрос подразделения лежал у нас, в ожидание не входит."
    )
    CSS = """
    #line-month { height: 1fr; padding: 1 1; text-wrap: nowrap; }
    """
    BINDINGS = both(
        [
            *MonthPlace.MONTHS,
            Binding("escape,q,m", "leave", "Назад", key_display="Esc", tooltip="К вопросам"),
        ]
    )

    def __init__(self) -> None:
        super().__init__()
        self._shown: MonthOfLine | None = None

    def compose(self) -> ComposeResult:
        """Title, table, keys."""
        yield TitleBar("Вторая линия за месяц")
        with Pages(id="line-month"):
            yield Words(Content("Считаю…"), id="line-table")
        yield KeyBar()

    def on_mount(self) -> None:
        """Keys scroll the table."""
        self.query_one(Pages).focus()

    def count(self, month: Month) -> None:
        """See `MonthPlace.count`."""
        at = self.at
        self.work_on("month", lambda: MonthRead(month_of_line(at, month)))

    @on(MonthRead)
    def _show(self, event: MonthRead) -> None:
        if event.month.month == self.month:
            self._shown = event.month
            self._tell()

    def on_resize(self) -> None:
        """Columns follow the window."""
        self._tell()

    def _tell(self) -> None:
        if self._shown is None:
            return
        rules = self._shown.regulation.rules
        right = f"{rules.second_line.clause} регламента {rules.version}"
        self.query_one(TitleBar).tell(f"Вторая линия: {self._shown.month.words}", right)
        self.query_one("#line-table", Words).tell(month_lines(self._shown, self.size.width - 2))
