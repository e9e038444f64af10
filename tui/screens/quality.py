"""Качество: the months' figures, who needs help, and the tickets behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from intake.quality import Month, QualityReports
from intake.visible import visible
from tui.keys import both
from tui.quality_lines import agent_line, agent_words, desk_lines, ordered, ticket_line
from tui.screens.choice import Choices
from tui.screens.place import Place
from tui.widgets.bars import KeyBar, TitleBar
from tui.widgets.words import Words

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from intake.quality import Closing, Standing

MONTHS = 12


class MonthRead(Message):
    """A month has been counted, with those before it; the last is the one that is shown."""

    def __init__(self, trend: Sequence[Standing]) -> None:
        super().__init__()
        self.trend = trend


class QualityScreen(Place[None]):
    """One month of the desk and of each agent."""

    HEADING: ClassVar[str] = "Качество"
    HELP: ClassVar[str] = (
        "Средняя оценка за месяц последнего завершения (§6): служба и каждый сотрудник, хуже всех — сверху. «●» "
        "хороший уровень, «◆» нормальный, «▲» недопустимый. «16 из 23» — оценено из завершённых; «0·1·4·7·4» — сколько "
        "оценок 1, 2, 3, 4 и 5. Стрелки вверх и вниз выбирают сотрудника, Enter показывает его обращения."
    )
    CSS = """
    #quality-desk, #quality-why { height: auto; padding: 0 1; }
    #quality-desk { background: $surface; }
    #quality-agents, #quality-agents:focus { height: 1fr; border: none; padding: 0 1; background: $background; }
    #quality-agents { text-wrap: nowrap; text-overflow: ellipsis; }
    #quality-why { border-top: solid $panel; min-height: 4; }
    """
    BINDINGS = both(
        [
            Binding("left,b", "month(-1)", "Раньше", tooltip="Предыдущий месяц"),
            Binding("right,n", "month(1)", "Позже", tooltip="Следующий месяц"),
            Binding("enter", "tickets", "Обращения", show=False, tooltip="Обращения, из которых сложилась оценка"),
            Binding("a", "everything", "Все обращения", tooltip="Все завершённые обращения месяца"),
            Binding("escape,q", "leave", "Назад", key_display="Esc", tooltip="К очереди"),
        ]
    )

    def __init__(self) -> None:
        super().__init__()
        self._month: Month | None = None
        self._trend: Sequence[Standing] = ()
        self._shown: Month | None = None

    def compose(self) -> ComposeResult:
        """Title, desk, agents, the one under the cursor, keys."""
        yield TitleBar("Качество")
        yield Words(Content("Считаю…"), id="quality-desk")
        yield Choices(markup=False, id="quality-agents")
        yield Words(id="quality-why")
        yield KeyBar()

    def on_mount(self) -> None:
        """The present month."""
        self.query_one(Choices).focus()
        self._read()

    def desk_changed(self) -> None:
        """See `Place.desk_changed`."""
        self._read()

    def _read(self) -> None:
        at, month = self.at, self._month

        def work() -> MonthRead:
            reports = QualityReports(at.store, at.regulations, at.settings.timezone)
            return MonthRead(reports.trend(month or Month.of(at.clock(), reports.zone), MONTHS))

        self.work_on("quality", work)

    @on(MonthRead)
    def _show(self, event: MonthRead) -> None:
        self._trend = event.trend
        standing = event.trend[-1]
        self._month = standing.report.month
        frozen = f"регламент {standing.report.regulation.rules.version}"
        if standing.frozen is not None:
            frozen = f"зафиксировано, поправок: {len(standing.amendments)}"
        self.query_one(TitleBar).tell(f"Качество: {self._month.words}", frozen)
        self.query_one("#quality-desk", Words).tell(desk_lines(event.trend))
        listed = self.query_one(Choices)
        cursor = (listed.highlighted or 0) if self._shown == self._month else 0
        self._shown = self._month
        agents = ordered(standing)
        listed.clear_options()
        listed.add_options([Option(agent_line(standing, part), id=str(n)) for n, part in enumerate(agents)])
        listed.highlighted = min(cursor, len(agents) - 1) if agents else None
        if not agents:
            self.query_one("#quality-why", Words).tell(Content("В этом месяце никто не завершил ни одного обращения"))

    @on(OptionList.OptionHighlighted)
    def _explain(self, event: OptionList.OptionHighlighted) -> None:
        agents = ordered(self._trend[-1])
        if event.option_index < len(agents):
            self.query_one("#quality-why", Words).tell(agent_words(self._trend, agents[event.option_index]))

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        part = ordered(self._trend[-1])[event.option_index]
        found = [c for c in self._trend[-1].report.closings if c.agent == part.key]
        self.app.push_screen(QualityTickets(f"{visible(part.name)}, {self._trend[-1].report.month.words}", found))

    def action_tickets(self) -> None:
        """Enter is the list's own; here there is nobody to choose."""
        self.say("В этом месяце выбирать некого")

    def action_everything(self) -> None:
        """Every ticket of the month."""
        if self._trend:
            report = self._trend[-1].report
            self.app.push_screen(QualityTickets(f"Все обращения, {report.month.words}", report.closings))

    def action_month(self, step: int) -> None:
        """Another month."""
        if self._month is None:
            return
        present = Month.of(self.at.clock(), self.at.zone)
        if self._month.plus(step) > present:
            self.say("Следующий месяц ещё не наступил")
            return
        self._month = self._month.plus(step)
        self._read()

    def action_leave(self) -> None:
        """Back."""
        self.dismiss()


class QualityTickets(Place[None]):
    """The tickets behind a number, the lowest marks first."""

    HEADING: ClassVar[str] = "Обращения за месяц"
    HELP: ClassVar[str] = (
        "Завершённые обращения: сначала с низкими оценками, потом без оценки. Enter открывает обращение."
    )
    CSS = """
    #quality-tickets, #quality-tickets:focus { height: 1fr; border: none; padding: 0 1; background: $background; }
    #quality-tickets { text-wrap: nowrap; text-overflow: ellipsis; }
    """
    BINDINGS = both([Binding("escape,q", "leave", "Назад", key_display="Esc", tooltip="К оценкам")])

    def __init__(self, title: str, closings: Sequence[Closing]) -> None:
        super().__init__()
        self._title = title
        self._closings = sorted(closings, key=lambda c: (c.rating is None, c.rating or 0, c.number))

    def compose(self) -> ComposeResult:
        """Title, tickets, keys."""
        yield TitleBar(self._title, f"обращений: {len(self._closings)}")
        options = [Option(ticket_line(one), id=str(one.number)) for one in self._closings]
        yield Choices(*options, markup=False, id="quality-tickets")
        yield KeyBar()

    def on_mount(self) -> None:
        """Keys move in the list."""
        self.query_one(Choices).focus()

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        self.desk_app.open_ticket(int(event.option_id or 0))

    def action_leave(self) -> None:
        """Back."""
        self.dismiss()
