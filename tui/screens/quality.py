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

from intake.quality import QualityReports
from intake.visible import visible
from tui.keys import both
from tui.quality_lines import (
    GROUPS,
    agent_words,
    desk_lines,
    group_parts,
    group_tickets,
    part_line,
    part_words,
)
from tui.screens.choice import Choices
from tui.screens.months import MonthPlace
from tui.screens.quality_tickets import QualityLeftOut, QualityTickets
from tui.widgets.bars import KeyBar, TitleBar
from tui.widgets.words import Words

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from intake.quality import Month, Standing
    from intake.quality.report import Part

MONTHS, WIDE = 12, 120


class MonthRead(Message):
    """A month has been counted, with those before it; the last is the one that is shown."""

    def __init__(self, trend: Sequence[Standing]) -> None:
        super().__init__()
        self.trend = trend


class QualityScreen(MonthPlace):
    """One month of the desk and of each agent."""

    HEADING: ClassVar[str] = "Качество"
    HELP: ClassVar[str] = (
        "Средняя оценка за месяц последнего завершения (§6): служба и каждый сотрудник, хуже всех — сверху. «●» "
        "хороший уровень, «◆» нормальный, «▲» недопустимый. «16 из 23» — оценено из завершённых; «0·1·4·7·4» — сколько "
        "оценок 1, 2, 3, 4 и 5. Стрелки вверх и вниз выбирают строку, Enter показывает её обращения, g — то же по "
        "типам, продуктам и лицензиатам, x — что не учтено и почему."
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
            *MonthPlace.MONTHS,
            Binding("enter", "tickets", "Обращения", show=False, tooltip="Обращения, из которых сложилась оценка"),
            Binding("g", "group", "Разрез", tooltip="По сотрудникам, типам, продуктам, лицензиатам"),
            Binding("a", "everything", "Все обращения", tooltip="Все завершённые обращения месяца"),
            Binding("x", "left_out", "Не учтено", tooltip="Обращения и оценки, которые не учтены, и почему"),
            Binding("escape,q", "leave", "Назад", key_display="Esc", tooltip="К очереди"),
        ]
    )

    def __init__(self) -> None:
        super().__init__()
        self._trend: Sequence[Standing] = ()
        self._shown: Month | None = None
        self._group = "agents"

    def compose(self) -> ComposeResult:
        """Title, desk, agents, the one under the cursor, keys."""
        yield TitleBar("Качество")
        yield Words(Content("Считаю…"), id="quality-desk")
        yield Choices(markup=False, id="quality-agents")
        yield Words(id="quality-why")
        yield KeyBar()

    def on_mount(self) -> None:
        """Keys move in the list."""
        self.query_one(Choices).focus()

    def count(self, month: Month) -> None:
        """See `MonthPlace.count`."""
        at = self.at

        def work() -> MonthRead:
            return MonthRead(QualityReports(at.store, at.regulations, at.settings.timezone).trend(month, MONTHS))

        self.work_on("quality", work)

    @on(MonthRead)
    def _show(self, event: MonthRead) -> None:
        self._trend = event.trend
        standing = event.trend[-1]
        shown = standing.report.month
        frozen = f"регламент {standing.report.regulation.rules.version}"
        if standing.frozen is not None:
            frozen = f"зафиксировано, поправок: {len(standing.amendments)}"
        by = "" if self._group == "agents" else f", {GROUPS[self._group]}"
        self.query_one(TitleBar).tell(f"Качество: {shown.words}{by}", frozen)
        self.query_one("#quality-desk", Words).tell(desk_lines(event.trend))
        cursor = (self.query_one(Choices).highlighted or 0) if self._shown == shown else 0
        self._shown = shown
        self._list(cursor)

    def _list(self, cursor: int) -> None:
        listed, parts, wide = self.query_one(Choices), self._parts(), self.size.width >= WIDE
        listed.clear_options()
        listed.add_options(
            [Option(part_line(self._trend, self._group, part, wide), id=str(n)) for n, part in enumerate(parts)]
        )
        listed.highlighted = min(cursor, len(parts) - 1) if parts else None
        if not parts:
            self.query_one("#quality-why", Words).tell(Content("В этом месяце никто не завершил ни одного обращения"))

    def _parts(self) -> list[Part]:
        return group_parts(self._trend[-1], self._group) if self._trend else []

    def on_resize(self) -> None:
        """What there is room for changes with the window."""
        if self._trend:
            self._list(self.query_one(Choices).highlighted or 0)

    @on(OptionList.OptionHighlighted)
    def _explain(self, event: OptionList.OptionHighlighted) -> None:
        parts = self._parts()
        if event.option_index < len(parts):
            part = parts[event.option_index]
            words = agent_words(self._trend, part) if self._group == "agents" else part_words(part)
            self.query_one("#quality-why", Words).tell(words)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        part, standing = self._parts()[event.option_index], self._trend[-1]
        title = f"{visible(part.name) or 'не указано'}, {standing.report.month.words}"
        self.app.push_screen(QualityTickets(title, group_tickets(standing, self._group, part)))

    def action_group(self) -> None:
        """The same by something else."""
        if self._trend:
            keys = list(GROUPS)
            self._group = keys[(keys.index(self._group) + 1) % len(keys)]
            self._show(MonthRead(self._trend))
            self._list(0)

    def action_left_out(self) -> None:
        """What is not counted."""
        report = self._trend[-1].report if self._trend else None
        if report is None or not report.left_out:
            self.say("В этом месяце учтено всё")
        else:
            self.app.push_screen(QualityLeftOut(f"Не учтено, {report.month.words}", report.left_out))

    def action_tickets(self) -> None:
        """Enter is the list's own; here there is nobody to choose."""
        self.say("В этом месяце выбирать некого")

    def action_everything(self) -> None:
        """Every ticket of the month."""
        if self._trend:
            report = self._trend[-1].report
            self.app.push_screen(QualityTickets(f"Все обращения, {report.month.words}", report.closings))
