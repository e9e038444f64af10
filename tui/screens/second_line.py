"""Вторая линия: what departments owe the desk and what it has from them, by deadline."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.keys import both
from tui.screens.choice import Choices
from tui.screens.line_verbs import LineVerbs
from tui.screens.place import Failed, Place
from tui.second_line import PAGE, LinePage, line_page
from tui.second_line import Place as Key
from tui.second_line_lines import heading_row, part_lines, part_row, short_title
from tui.times import WEEKDAYS
from tui.widgets.bars import KeyBar, TitleBar, number_words
from tui.widgets.words import Words

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from intake.escalations import OpenPart

EMPTY = "Никого ни о чём не спрашиваем: ответов ждать не от кого"


class PageRead(Message):
    """A page of open parts has been read."""

    def __init__(self, page: LinePage) -> None:
        super().__init__()
        self.page = page


class SecondLineScreen(LineVerbs, Place[None]):
    """Open questions to departments, each department's part a row."""

    HEADING: ClassVar[str] = "Вторая линия"
    HELP: ClassVar[str] = (
        "Вопросы подразделениям по сроку ответа (§7). «!» — срок прошёл, «●» — есть ответ, вопрос или отказ, о котором "
        "клиенту ещё не написали, «?» — ответил кто-то неподтверждённый. «чт 14.05 19:00 · 26 ч» — срок и рабочее "
        "время до него. Цифры — отбор по подразделению, стрелки влево и вправо — страницы."
    )
    CSS = """
    #line-filter, #line-head { height: 1; padding: 0 1; }
    #line-filter { background: $surface; }
    #line-parts, #line-parts:focus { height: 1fr; border: none; padding: 0 1; background: $background; }
    #line-parts { text-wrap: nowrap; text-overflow: ellipsis; }
    #line-part { height: 6; padding: 0 1; border-top: solid $panel; text-wrap: nowrap; text-overflow: ellipsis; }
    """
    BINDINGS = both(
        [
            Binding("enter", "open", "Открыть", tooltip="Открыть обращение под курсором"),
            *(replace(binding, show=True) for binding in Binding.make_bindings(LineVerbs.LINE)),
            Binding("m", "month", "Месяц", tooltip="Месяц второй линии: спрошено, в срок, с опозданием, медиана"),
            *(
                Binding(str(digit), f"filter({digit})", f"Отбор {digit}", show=False, tooltip="Отбор по подразделению")
                for digit in range(1, 10)
            ),
            Binding("right", "leaf(1)", "Дальше", show=False, tooltip="Следующая страница"),
            Binding("left", "leaf(-1)", "Раньше", show=False, tooltip="Предыдущая страница"),
            Binding("f5", "reload", "Обновить", show=False, tooltip="Прочитать заново"),
            Binding("escape,q", "leave", "Назад", key_display="Esc", tooltip="К очереди"),
        ]
    )

    def __init__(self) -> None:
        super().__init__()
        self._page: LinePage | None = None
        self._department: str | None = None
        self._starts: list[Key | None] = [None]
        self._rows: list[Content] = []

    def compose(self) -> ComposeResult:
        """Title, filter, the list with its heading, what is under the cursor, keys."""
        yield TitleBar("Вторая линия")
        yield Words(Content("Читаю…"), id="line-filter")
        yield Words(id="line-head")
        yield Choices(markup=False, id="line-parts")
        yield Words(id="line-part")
        yield KeyBar()

    def on_mount(self) -> None:
        """Read the first page."""
        self.query_one(Choices).focus()
        self._read()

    def on_screen_resume(self) -> None:
        """Back from another place."""
        if self._page is not None:
            self._read()

    def desk_changed(self) -> None:
        """See `Place.desk_changed`."""
        self._read()

    def changed_line(self) -> None:
        """See `LineVerbs.changed_line`."""
        self._read()

    def line_part(self) -> OpenPart | None:
        """See `LineVerbs.line_part`."""
        place = self.query_one(Choices).highlighted
        parts = self._page.parts if self._page is not None else ()
        return parts[place] if place is not None and place < len(parts) else None

    def line_number(self) -> int | None:
        """See `LineVerbs.line_number`."""
        part = self.line_part()
        return None if part is None else part.number

    def _read(self) -> None:
        at, department, after = self.at, self._department, self._starts[-1]
        self.work_on("line", lambda: PageRead(line_page(at, department, after)))

    @on(PageRead)
    def _show(self, event: PageRead) -> None:
        page = event.page
        if page.department != self._department or page.after != self._starts[-1]:
            return
        if not page.parts and len(self._starts) > 1:
            self._starts.pop()
            self._read()
            return
        before = self.line_part()
        self._page = page
        self._fill(before.asked.id if before is not None else None)
        self._tell_filter()
        self.tick()

    def _fill(self, cursor: int | None) -> None:
        """Show the page; the cursor stays on its part, or where it was."""
        assert self._page is not None
        listed = self.query_one(Choices)
        ids = [part.asked.id for part in self._page.parts]
        place = ids.index(cursor) if cursor in ids else min(listed.highlighted or 0, len(ids) - 1)
        scroll = listed.scroll_offset.y
        self._rows = self._lines()
        listed.clear_options()
        listed.add_options([Option(row) for row in self._rows] or [Option(Content(EMPTY), disabled=True)])
        listed.highlighted = place if ids else None
        listed.scroll_to(y=scroll, animate=False)
        self._point()

    def _lines(self) -> list[Content]:
        page, now, width = self._page, self.at.clock(), self._width
        assert page is not None
        return [part_row(p, page.regulations[p.escalation.regulation], width, now) for p in page.parts]

    @property
    def _width(self) -> int:
        return max(60, self.size.width - 3)

    def _tell_filter(self) -> None:
        page = self._page
        assert page is not None
        pieces = [self._filter_piece(1, "Все", sum(page.counts.values()), page.department is None)]
        for digit, (key, title) in enumerate(self._departments().items(), 2):
            pieces.append(
                self._filter_piece(digit, short_title(title), page.counts.get(key, 0), page.department == key)
            )
        self.query_one("#line-filter", Words).tell(Content("").join(pieces))
        self.query_one("#line-head", Words).tell(heading_row(self._width))

    def _range(self) -> str:
        page = self._page
        if page is None or not (page.more or len(self._starts) > 1):
            return ""
        first = (len(self._starts) - 1) * PAGE + 1
        last = first + len(page.parts) - 1
        return f"строки {number_words(first)}–{number_words(last)}{' …' if page.more else ''} · "

    def _filter_piece(self, digit: int, title: str, count: int, on_: bool) -> Content:
        words = f"{digit} {title}" + (f" {number_words(count)}" if count else "")
        return Content.styled(f"[{words}]" if on_ else f" {words} ", "bold reverse" if on_ else "" if count else "dim")

    def _departments(self) -> dict[str, str]:
        """Those of the rules, in their order, and whoever else is waited for."""
        page = self._page
        assert page is not None
        known = dict(page.present.rules.second_line.departments)
        for part in page.parts:
            known.setdefault(part.asked.department, part.asked.title)
        return known

    def tick(self) -> None:
        """Countdowns go on."""
        now = self.at.clock()
        local = now.astimezone(self.at.zone)
        self.query_one(TitleBar).tell("Вторая линия", f"{self._range()}{WEEKDAYS[local.weekday()]} {local:%d.%m %H:%M}")
        if self._page is None:
            return
        rows, listed = self._lines(), self.query_one(Choices)
        for place, (old, new) in enumerate(zip(self._rows, rows, strict=True)):
            if old != new or old.spans != new.spans:
                listed.replace_option_prompt_at_index(place, new)
        self._rows = rows
        self._point()

    def on_resize(self, event: events.Resize) -> None:
        """Columns follow the window."""
        del event
        if self._page is not None:
            part = self.line_part()
            self._fill(part.asked.id if part is not None else None)
            self._tell_filter()

    @on(OptionList.OptionHighlighted)
    def _point(self) -> None:
        part, page, words = self.line_part(), self._page, self.query_one("#line-part", Words)
        if part is None or page is None:
            words.tell(Content(""))
        else:
            words.tell(part_lines(part, page.regulations[part.escalation.regulation], page.names, self.at.clock()))

    @on(OptionList.OptionSelected)
    def _selected(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        """Open the ticket under the cursor."""
        number = self.line_number()
        if number is None:
            self.say("Открывать нечего: никого ни о чём не спрашиваем")
        else:
            self.desk_app.open_ticket(number)

    def action_filter(self, digit: int) -> None:
        """Show one department's parts, or all."""
        if self._page is None:
            return
        keys = [None, *self._departments()]
        if digit > len(keys):
            self.say("Такого подразделения в отборе нет", "warning")
        elif keys[digit - 1] != self._department:
            self._department, self._starts = keys[digit - 1], [None]
            self._read()

    def action_leaf(self, step: int) -> None:
        """Turn a page."""
        page = self._page
        if page is None or page.after != self._starts[-1]:
            return
        if step > 0 and page.more:
            self._starts.append(page.end)
        elif step < 0 and len(self._starts) > 1:
            self._starts.pop()
        else:
            self.say("Это последняя страница" if step > 0 else "Это первая страница")
            return
        self.query_one(Choices).highlighted = None
        self._read()

    def action_month(self) -> None:
        """The month's table."""
        from tui.screens.line_month import LineMonthScreen

        self.app.push_screen(LineMonthScreen())

    def action_reload(self) -> None:
        """Read the page again."""
        self._read()

    def action_leave(self) -> None:
        """Back."""
        self.dismiss()

    def failed(self, event: Failed) -> None:
        """The old rows stay; the bar says that they are old."""
        if event.group == "line" and self._page is not None:
            self.query_one("#line-filter", Words).tell(Content("не обновилось, показано прежнее"))
        super().failed(event)
