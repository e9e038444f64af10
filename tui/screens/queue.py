"""The queue: every open ticket by its nearest deadline."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal
from textual.message import Message

from tui.facts import preview
from tui.keys import both
from tui.live_line import LiveLine, live_now
from tui.reading import FILTERS, PAGE, Filter, Page, most_urgent_free, queue_page
from tui.reading import Place as Key
from tui.rows import columns, rows
from tui.screens.line_verbs import LineVerbs
from tui.screens.place import Failed, Place
from tui.screens.verbs import TicketVerbs
from tui.times import WEEKDAYS, desk_hours
from tui.widgets.bars import FilterBar, KeyBar, TitleBar, number_words
from tui.widgets.queue_list import QueueList
from tui.widgets.words import Words

if TYPE_CHECKING:
    from datetime import datetime

    from textual.app import ComposeResult

    from intake.live import Live
    from intake.model import Ticket
    from intake.regulation import Regulation


LOOK_EVERY = timedelta(minutes=1)


class PageRead(Message):
    """A page of the queue has been read."""

    def __init__(self, page: Page, cursor: int | None) -> None:
        super().__init__()
        self.page = page
        self.cursor = cursor


class LiveRead(Message):
    """The desk as a whole was looked at."""

    def __init__(self, live: Live) -> None:
        super().__init__()
        self.live = live


class UrgentFound(Message):
    """The most urgent free ticket is known."""

    def __init__(self, number: int | None) -> None:
        super().__init__()
        self.number = number


class QueueScreen(TicketVerbs, LineVerbs, Place[None]):
    """The first place of the screen."""

    HEADING: ClassVar[str] = "Очередь обращений"
    HELP: ClassVar[str] = (
        "Обращения стоят по ближайшему сроку: реакции, ответа или завершения (§5). «!» — срок прошёл, «●» — есть "
        "непрочитанное, «◇» — того, кто ведёт, сегодня нет (7 — смены), «?» у типа — тип определён неуверенно, "
        "проверьте его. «вт 10:30 (30 мин)» — срок наступит во "
        "вторник в 10:30, рабочего времени до него 30 минут."
    )
    BINDINGS = both(
        [
            *TicketVerbs.FIRST,
            Binding("n", "next_free", "Срочное", tooltip="Открыть самое срочное свободное обращение"),
            Binding("slash", "search", "Поиск", tooltip="Найти обращение по номеру, теме, имени, адресу"),
            *(
                Binding(str(digit), f"filter('{item.id}')", item.title, show=False, tooltip=f"Показать: {item.title}")
                for digit, item in enumerate(FILTERS, 1)
            ),
            Binding("5", "mail", "Почта", show=False, tooltip="Письма, которые не стали обращениями"),
            *TicketVerbs.REST,
            LineVerbs.ASK,
            *TicketVerbs.ALWAYS,
            Binding("f5", "reload", "Обновить", show=False, tooltip="Прочитать очередь заново"),
        ]
    )

    def __init__(self) -> None:
        super().__init__()
        self._page: Page | None = None
        self._filter: Filter = FILTERS[0]
        self._starts: list[Key | None] = [None]
        self._looked: datetime | None = None

    def compose(self) -> ComposeResult:
        """Title, filters, the list with what is under its cursor, keys."""
        yield TitleBar(self.at.title)
        yield FilterBar()
        with Horizontal(id="queue-body"):
            yield QueueList(columns, "Читаю очередь…", id="queue")
            yield Words(id="preview")
        yield LiveLine()
        yield KeyBar()

    def on_mount(self) -> None:
        """Read the first page."""
        self.tick()
        self._read()

    def on_screen_resume(self) -> None:
        """Back from another place: it may have changed anything."""
        if self._page is not None:
            self._read()

    def desk_changed(self) -> None:
        """See `Place.desk_changed`."""
        self._read()

    def subject(self) -> Ticket | None:
        """See `TicketVerbs.subject`."""
        return self.query_one(QueueList).ticket

    def no_subject(self) -> str:
        """See `TicketVerbs.no_subject`."""
        return "Очередь ещё читается" if self._page is None else "В этом списке нет обращений"

    def rules_of(self, ticket: Ticket) -> Regulation:
        """See `TicketVerbs.rules_of`."""
        assert self._page is not None
        return self._page.regulations[ticket.regulation]

    def changed(self, ticket: Ticket) -> None:
        """See `TicketVerbs.changed`."""
        del ticket
        self._read()

    def line_number(self) -> int | None:
        """See `LineVerbs.line_number`."""
        ticket = self.subject()
        return None if ticket is None else ticket.number

    def why_not(self, action: str) -> str | None:
        """See `Place.why_not`."""
        if action == "escalate" and self.subject() is None:
            return self.no_subject()
        return super().why_not(action)

    def changed_line(self) -> None:
        """See `LineVerbs.changed_line`."""
        self._read()

    def _read(self, cursor: int | None = None) -> None:
        at, chosen, after = self.at, self._filter, self._starts[-1]
        self.work_on("page", lambda: PageRead(queue_page(at, chosen, after), cursor))

    @on(PageRead)
    def _show(self, event: PageRead) -> None:
        page = event.page
        if page.filter is not self._filter or page.after != self._starts[-1]:
            return
        if not page.tickets and len(self._starts) > 1:
            self._starts = [None]
            self._read()
            return
        self._page = page
        queue = self.query_one(QueueList)
        queue.empty = EMPTY[page.filter.id]
        queue.show(rows(page.tickets, page.regulations, self.at.clock(), page.here), event.cursor)
        self.query_one(FilterBar).tell(page.filter, page.counts, self._range())
        self._tell_live(LiveRead(page.live))
        self.tick()

    def _range(self) -> str:
        page = self._page
        if page is None or (not page.more and len(self._starts) == 1):
            return ""
        first = (len(self._starts) - 1) * PAGE + 1
        last = first + len(page.tickets) - 1
        return f"строки {number_words(first)}–{number_words(last)}" + (" …" if page.more else "")

    def tick(self) -> None:
        """Time goes on: countdowns and the clock."""
        at, page = self.at, self._page
        now = at.clock()
        local = now.astimezone(at.zone)
        hours = f" · {desk_hours(page.present, now)}" if page is not None else ""
        left = f"{at.title} · {at.agent.name} ({at.agent.login})"
        undo = self.desk_app.undo_words()
        self.query_one(TitleBar).tell(left, undo or f"{WEEKDAYS[local.weekday()]} {local:%d.%m %H:%M}{hours}")
        if page is not None:
            self.query_one(QueueList).retell(rows(page.tickets, page.regulations, now, page.here))
        if self._looked is not None and now - self._looked >= LOOK_EVERY:
            self._looked = now
            self.work_on("live", lambda: LiveRead(live_now(at)))

    @on(LiveRead)
    def _tell_live(self, event: LiveRead) -> None:
        self._looked = self.at.clock()
        self.query_one(LiveLine).tell(event.live)

    @on(QueueList.Pointed)
    def _point(self, event: QueueList.Pointed) -> None:
        words, page = self.query_one("#preview", Words), self._page
        if event.ticket is None or page is None:
            words.tell(preview(None, None, self.at.clock(), self.at.zone))
        else:
            regulation = page.regulations[event.ticket.regulation]
            words.tell(preview(event.ticket, regulation, self.at.clock(), self.at.zone))
        self.refresh_bindings()

    @on(QueueList.Opened)
    def _open(self, event: QueueList.Opened) -> None:
        self.desk_app.open_ticket(event.ticket.number)

    @on(QueueList.Beyond)
    def _leaf(self, event: QueueList.Beyond) -> None:
        page = self._page
        if event.step > 0 and page is not None and page.more and page.after == self._starts[-1]:
            self._starts.append(page.end)
            self._read(cursor=0)
        elif event.step < 0 and len(self._starts) > 1:
            self._starts.pop()
            self._read(cursor=1 << 30)

    @on(FilterBar.Chosen)
    def _filter_clicked(self, event: FilterBar.Chosen) -> None:
        self.action_filter(event.filter_id)

    def action_filter(self, filter_id: str) -> None:
        """Show another part of the queue."""
        chosen = next(item for item in FILTERS if item.id == filter_id)
        if chosen is self._filter:
            return
        self._filter, self._starts = chosen, [None]
        counts = self._page.counts if self._page is not None else {}
        self.query_one(FilterBar).tell(chosen, counts, "читаю…")
        self._read(cursor=0)

    def action_reload(self) -> None:
        """Read the page again."""
        self._read()

    def action_next_free(self) -> None:
        """Open the free ticket with the nearest deadline."""
        at = self.at
        self.work_on("urgent", lambda: UrgentFound(most_urgent_free(at)))

    @on(UrgentFound)
    def _urgent(self, event: UrgentFound) -> None:
        if event.number is None:
            self.say("Свободных обращений нет: всё разобрано")
        else:
            self.desk_app.open_ticket(event.number)

    def action_search(self) -> None:
        """Go to the search."""
        self.desk_app.open_search()

    def action_mail(self) -> None:
        """Go to what became no ticket."""
        self.desk_app.open_mail()

    def failed(self, event: Failed) -> None:
        """The old rows stay; the bar says that they are old."""
        if event.group == "page" and self._page is not None:
            self.query_one(FilterBar).tell(self._filter, self._page.counts, "не обновилось, показано прежнее")
        super().failed(event)


EMPTY = {
    "all": "Открытых обращений нет",
    "mine": "У вас нет открытых обращений. n — взять самое срочное свободное",
    "free": "Свободных обращений нет: всё разобрано",
    "client": "Никто не ждёт клиента",
}
