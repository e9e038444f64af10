"""The tickets behind a month's figures, and those that are not counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.keys import both
from tui.quality_lines import FILTERS, left_out_line, ticket_line
from tui.screens.choice import Choices
from tui.screens.place import Place
from tui.widgets.bars import KeyBar, TitleBar

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from intake.quality import Closing
    from intake.quality.report import LeftOut

NARROWED = {
    "unrated": "без оценки",
    "reaction": "реакция позже срока",
    "completion": "завершено позже срока",
    "reopened": "открыты снова",
}


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
