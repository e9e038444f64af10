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
from tui.quality_lines import (
    FILTERS,
    GROUPS,
    agent_words,
    desk_lines,
    group_parts,
    group_tickets,
    left_out_line,
    part_line,
    part_words,
    ticket_line,
)
from tui.screens.choice import Choices
from tui.screens.place import Place
from tui.widgets.bars import KeyBar, TitleBar
from tui.widgets.words import Words

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from intake.quality import Closing, Standing
    from intake.quality.report import LeftOut, Part

MONTHS, WIDE = 12, 120
NARROWED = {
    "unrated": "без оценки",
    "reaction": "реакция позже срока",
    "completion": "завершено позже срока",
    "reopened": "открыты снова",
}


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
            Binding("left,b", "month(-1)", "Раньше", tooltip="Предыдущий месяц"),
            Binding("right,n", "month(1)", "Позже", tooltip="Следующий месяц"),
            Binding("enter", "tickets", "Обращения", show=False, tooltip="Обращения, из которых сложилась оценка"),
            Binding("g", "group", "Разрез", tooltip="По сотрудникам, типам, продуктам, лицензиатам"),
            Binding("a", "everything", "Все обращения", tooltip="Все завершённые обращения месяца"),
            Binding("x", "left_out", "Не учтено", tooltip="Обращения и оценки, которые не учтены, и почему"),
            Binding("escape,q", "leave", "Назад", key_display="Esc", tooltip="К очереди"),
        ]
    )

    def __init__(self) -> None:
        super().__init__()
        self._month: Month | None = None
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
        by = "" if self._group == "agents" else f", {GROUPS[self._group]}"
        self.query_one(TitleBar).tell(f"Качество: {self._month.words}{by}", frozen)
        self.query_one("#quality-desk", Words).tell(desk_lines(event.trend))
        cursor = (self.query_one(Choices).highlighted or 0) if self._shown == self._month else 0
        self._shown = self._month
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


class TicketList(Place[None]):
    """Tickets to be opened."""

    CSS = """
    #quality-tickets, #quality-tickets:focus { height: 1fr; border: none; padding: 0 1; background: $background; }
    #quality-tickets { text-wrap: nowrap; text-overflow: ellipsis; }
    """
    BINDINGS = both([Binding("escape,q", "leave", "Назад", key_display="Esc", tooltip="К оценкам")])

    def __init__(self, title: str, options: Sequence[Option]) -> None:
        super().__init__()
        self._title = title
        self._options = options

    def compose(self) -> ComposeResult:
        """Title, tickets, keys."""
        yield TitleBar(self._title, f"обращений: {len(self._options)}")
        yield Choices(*self._options, markup=False, id="quality-tickets")
        yield KeyBar()

    def on_mount(self) -> None:
        """Keys move in the list."""
        self.query_one(Choices).focus()

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        self.desk_app.open_ticket(int((event.option_id or "0").partition("/")[0]))

    def action_leave(self) -> None:
        """Back."""
        self.dismiss()


class QualityTickets(TicketList):
    """The tickets behind a number, the lowest marks first; a key narrows them to those behind another one."""

    HEADING: ClassVar[str] = "Обращения за месяц"
    HELP: ClassVar[str] = (
        "Завершённые обращения: сначала с низкими оценками, потом без оценки. Цифра оставляет обращения с такой "
        "оценкой, остальные клавиши — без оценки, опоздавшие и открытые снова; a — все. Enter открывает обращение."
    )
    BINDINGS = both(
        [
            *(Binding(str(n), f"marked({n})", f"Оценка {n}", show=False) for n in range(1, 10)),
            Binding("0", "narrow('unrated')", "Без оценки", tooltip="Только без оценки"),
            Binding("r", "narrow('reaction')", "Реакция поздно", tooltip="Только с реакцией позже срока"),
            Binding("c", "narrow('completion')", "Завершено поздно", tooltip="Только завершённые позже срока"),
            Binding("o", "narrow('reopened')", "Открыты снова", show=False, tooltip="Только открытые снова"),
            Binding("a", "everything", "Все", tooltip="Снова все"),
        ]
    )

    def __init__(self, title: str, closings: Sequence[Closing]) -> None:
        self._closings = sorted(closings, key=lambda c: (c.rating is None, c.rating or 0, c.number))
        super().__init__(title, _options(self._closings))

    def action_marked(self, mark: int) -> None:
        """Those with one mark."""
        self._only([c for c in self._closings if c.rating == mark], f"оценка {mark}")

    def action_narrow(self, key: str) -> None:
        """Those behind another number."""
        self._only([c for c in self._closings if FILTERS[key](c)], NARROWED[key])

    def action_everything(self) -> None:
        """All again."""
        self._only(self._closings, "")

    def _only(self, found: Sequence[Closing], by: str) -> None:
        listed = self.query_one(Choices)
        listed.clear_options()
        listed.add_options(_options(found))
        listed.highlighted = 0 if found else None
        self.query_one(TitleBar).tell(f"{self._title}{', ' if by else ''}{by}", f"обращений: {len(found)}")


class QualityLeftOut(TicketList):
    """What is not counted, and why."""

    HEADING: ClassVar[str] = "Не учтено"
    HELP: ClassVar[str] = "Обращения и оценки месяца, которые не учтены, с причиной. Enter открывает обращение."

    def __init__(self, title: str, left_out: Sequence[LeftOut]) -> None:
        super().__init__(title, [Option(left_out_line(x), id=f"{x.number}/{n}") for n, x in enumerate(left_out)])


def _options(closings: Sequence[Closing]) -> list[Option]:
    return [Option(ticket_line(one), id=str(one.number)) for one in closings]
