"""The list of tickets: draws only the lines that are seen, and keeps its cursor on a ticket, not on a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from intake.visible import visible
from tui.keys import both
from tui.widgets.cells import Column, fitted, laid_out

if TYPE_CHECKING:
    from textual import events

    from intake.model import Ticket
    from tui.times import Level


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket as the list draws it. ``cells`` by column name are plain words still to be made visible."""

    ticket: Ticket
    cells: dict[str, str]
    level: Level
    unread: bool
    quiet: bool


class QueueList(ScrollView, can_focus=True):
    """Rows with a cursor. Says `Pointed` when the cursor comes to a ticket, `Opened`, and `Beyond` when it is moved
    past the last (+1) or the first (-1) row."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "queue--header",
        "queue--overdue",
        "queue--near",
        "queue--quiet",
        "queue--unread",
        "queue--cursor",
        "queue--cursor-away",
    }
    BINDINGS = both(
        [
            Binding("enter,right", "open", "Открыть", key_display="Enter", tooltip="Открыть обращение под курсором"),
            Binding("up", "move(-1)", "Вверх", show=False),
            Binding("down", "move(1)", "Вниз", show=False),
            Binding("pageup", "leaf(-1)", "На экран вверх", show=False),
            Binding("pagedown", "leaf(1)", "На экран вниз", show=False),
            Binding("home", "edge(-1)", "К первому", show=False),
            Binding("end", "edge(1)", "К последнему на странице", show=False),
        ]
    )

    class Pointed(Message):
        """The cursor has come to another ticket."""

        def __init__(self, ticket: Ticket | None) -> None:
            super().__init__()
            self.ticket = ticket

    class Opened(Message):
        """A ticket was chosen."""

        def __init__(self, ticket: Ticket) -> None:
            super().__init__()
            self.ticket = ticket

    class Beyond(Message):
        """The cursor was moved past an end of the page."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def __init__(self, columns: Callable[[int], Sequence[Column]], empty: str = "", id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._columns = columns
        self._rows: Sequence[Row] = ()
        self._cursor = 0
        self.empty = empty

    @property
    def rows(self) -> Sequence[Row]:
        """What is shown."""
        return self._rows

    @property
    def ticket(self) -> Ticket | None:
        """The ticket under the cursor."""
        return self._rows[self._cursor].ticket if self._rows else None

    def show(self, rows: Sequence[Row], at: int | None = None) -> None:
        """Show other rows. The cursor stays on its ticket, at the height it had; ``at`` puts it on a row instead."""
        before, number = self._cursor, self.ticket.number if self.ticket is not None else None
        places = [i for i, row in enumerate(rows) if row.ticket.number == number]
        wanted = at if at is not None else (places[0] if places else min(before, len(rows) - 1))
        self._rows, self._cursor = rows, max(0, min(wanted, len(rows) - 1))
        self.virtual_size = Size(self.size.width, len(rows) + 1)
        if places and at is None and places[0] != before:
            self.scroll_to(y=self.scroll_offset.y + places[0] - before, animate=False, force=True)
        self._keep_in_sight()
        self.refresh()
        self.post_message(self.Pointed(self.ticket))

    def retell(self, rows: Sequence[Row]) -> None:
        """The same tickets with other words: what a minute does."""
        if rows != self._rows:
            self._rows = rows
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """See Textual's line API. The first line names the columns and does not scroll away."""
        width = self.size.width
        columns = laid_out(self._columns(width), width)
        base = self.rich_style
        if y == 0:
            style = base + self.get_component_rich_style("queue--header", partial=True)
            return _strip([(fitted(c.title, c.width), style) for c in columns], width, style)
        place = self.scroll_offset.y + y - 1
        if place >= len(self._rows):
            words = fitted(f"  {self.empty}", width) if place == 1 and not self._rows else " " * width
            return Strip([Segment(words, base + self.get_component_rich_style("queue--quiet", partial=True))], width)
        return self._row(self._rows[place], columns, width, place == self._cursor)

    def _row(self, row: Row, columns: Sequence[Column], width: int, at_cursor: bool) -> Strip:
        style = self.rich_style
        if row.quiet:
            style += self.get_component_rich_style("queue--quiet", partial=True)
        if row.unread:
            style += self.get_component_rich_style("queue--unread", partial=True)
        due = style
        if row.level in ("overdue", "near"):
            due = style + self.get_component_rich_style(f"queue--{row.level}", partial=True)
        if at_cursor:
            name = "queue--cursor" if self.has_focus else "queue--cursor-away"
            cursor = self.get_component_rich_style(name, partial=True)
            style, due = style + cursor, due + Style(bgcolor=cursor.bgcolor, reverse=cursor.reverse)
        cells = [
            (fitted(visible(row.cells.get(c.name, "")), c.width), due if c.name in ("due", "mark") else style)
            for c in columns
        ]
        return _strip(cells, width, style)

    def on_focus(self) -> None:
        """The cursor looks otherwise where keys do not reach it."""
        self.refresh()

    def on_blur(self) -> None:
        """See `on_focus`."""
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Keep the cursor in sight."""
        self.virtual_size = Size(event.size.width, len(self._rows) + 1)
        self._keep_in_sight()

    def on_click(self, event: events.Click) -> None:
        """One click puts the cursor on a row, a second one opens it."""
        place = self.scroll_offset.y + event.y - 1
        if event.y == 0 or place >= len(self._rows):
            return
        if event.chain > 1:
            self.action_open()
        else:
            self._go(place)

    def action_open(self) -> None:
        """Open the ticket under the cursor."""
        if self.ticket is not None:
            self.post_message(self.Opened(self.ticket))

    def action_move(self, step: int) -> None:
        """One row."""
        if not 0 <= self._cursor + step < len(self._rows):
            self.post_message(self.Beyond(step))
        self._go(self._cursor + step)

    def action_leaf(self, step: int) -> None:
        """One screen of rows."""
        if self._cursor == (len(self._rows) - 1 if step > 0 else 0):
            self.post_message(self.Beyond(step))
        self._go(self._cursor + step * max(1, self.size.height - 2))

    def action_edge(self, step: int) -> None:
        """The first or the last row."""
        self._go(0 if step < 0 else len(self._rows) - 1)

    def _go(self, place: int) -> None:
        place = max(0, min(place, len(self._rows) - 1))
        if not self._rows or place == self._cursor:
            return
        old, self._cursor = self._cursor, place
        self.refresh_line(old + 1)
        self.refresh_line(place + 1)
        self._keep_in_sight()
        self.post_message(self.Pointed(self.ticket))

    def _keep_in_sight(self) -> None:
        seen = max(1, self.size.height - 1)
        top = self.scroll_offset.y
        if self._cursor < top:
            self.scroll_to(y=self._cursor, animate=False, force=True)
        elif self._cursor >= top + seen:
            self.scroll_to(y=self._cursor - seen + 1, animate=False, force=True)


def _strip(cells: Sequence[tuple[str, Style]], width: int, style: Style) -> Strip:
    segments = [Segment(text, look) for text, look in cells]
    return Strip(segments).adjust_cell_length(width, style)
