"""A ticket: its conversation, its deadlines, what is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message

from intake.errors import NotFound
from intake.model import Direction
from intake.visible import visible
from tui.conversation import has_more
from tui.facts import facts, headline, history
from tui.keys import both
from tui.reading import TicketFile, most_urgent_free, ticket_file
from tui.screens.line_verbs import LineVerbs
from tui.screens.place import Failed, Place
from tui.screens.queue import UrgentFound
from tui.screens.verbs import TicketVerbs
from tui.widgets.bars import KeyBar, TitleBar
from tui.widgets.message_card import MessageCard
from tui.widgets.words import Words

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from intake.model import Ticket
    from intake.regulation import Regulation

SHOWN_MESSAGES = 30


class FileRead(Message):
    """The ticket has been read."""

    def __init__(self, file: TicketFile) -> None:
        super().__init__()
        self.file = file


class Scroll(VerticalScroll):
    """Scrolls by keys in both layouts."""

    BINDINGS = both(VerticalScroll.BINDINGS)


class TicketScreen(LineVerbs, TicketVerbs, Place[None]):
    """One ticket, kept fresh while it is open."""

    HEADING: ClassVar[str] = "Обращение"
    HELP: ClassVar[str] = (
        "Переписка: «←» пишет клиент, «→» пишем мы, заметки видят только сотрудники. Цитаты и подписи свёрнуты. "
        "У писем стоит, что с ними: в очереди, отправлено, не доставлено, неизвестно. Tab — к следующему сообщению, "
        "Enter — развернуть его цитаты."
    )
    BINDINGS = both(
        [
            *TicketVerbs.FIRST,
            *TicketVerbs.REST,
            Binding("v", "quotes", "Цитаты", tooltip="Развернуть и свернуть цитаты всех сообщений"),
            Binding("g", "whole", "Целиком", show=False, tooltip="Читать сообщение целиком, по страницам"),
            Binding("f", "facts", "Сведения", tooltip="Показать и скрыть сведения об обращении"),
            Binding("h", "history", "События", show=False, tooltip="Показать и скрыть события"),
            Binding("equals_sign", "why", "Почему", show=False, tooltip="Почему сроки такие: по времени и пунктам (§)"),
            Binding("b", "earlier", "Раньше", show=False, tooltip="Показать более ранние сообщения"),
            Binding("n", "next_free", "Срочное", show=False, tooltip="Открыть самое срочное свободное обращение"),
            *LineVerbs.LINE,
            *TicketVerbs.ALWAYS,
            Binding("slash", "search", "Поиск", show=False, tooltip="Найти обращение"),
            Binding("f5", "reload", "Обновить", show=False, tooltip="Прочитать обращение заново"),
            Binding("escape,q", "back", "Назад", key_display="Esc", tooltip="К очереди"),
        ]
    )

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self.file: TicketFile | None = None
        self._limit = SHOWN_MESSAGES
        self._unfolded = False
        self._history = False

    def compose(self) -> ComposeResult:
        """Title, state, the conversation with facts beside it, keys."""
        yield TitleBar("Читаю…")
        yield Words(id="headline")
        with Horizontal(id="ticket-body"):
            yield Scroll(id="conversation")
            with Scroll(id="facts"):
                yield Words(id="known")
                yield Words(id="history")
        yield KeyBar()

    def on_mount(self) -> None:
        """Read the ticket."""
        self._read()
        self.query_one("#conversation").focus()

    def on_screen_resume(self) -> None:
        """Back from another place."""
        if self.file is not None:
            self._read()

    def desk_changed(self) -> None:
        """See `Place.desk_changed`."""
        self._read()

    @property
    def open_number(self) -> int | None:
        """See `TicketPlace.open_number`."""
        return self.number

    def subject(self) -> Ticket | None:
        """See `TicketPlace.subject`."""
        return self.file.ticket if self.file is not None else None

    def no_subject(self) -> str:
        """See `TicketVerbs.no_subject`."""
        return "Обращение ещё читается"

    def rules_of(self, ticket: Ticket) -> Regulation:
        """See `TicketVerbs.rules_of`."""
        del ticket
        assert self.file is not None
        return self.file.regulation

    def changed(self, ticket: Ticket) -> None:
        """See `TicketVerbs.changed`."""
        del ticket
        self._read()

    def line_number(self) -> int | None:
        """See `LineVerbs.line_number`."""
        return self.number

    def line_message(self) -> int | None:
        """See `LineVerbs.line_message`."""
        return self.focused.message.id if isinstance(self.focused, MessageCard) else None

    def changed_line(self) -> None:
        """See `LineVerbs.changed_line`."""
        self._read()

    def _read(self) -> None:
        at, number, seen = self.at, self.number, self.is_current
        self.work_on("file", lambda: FileRead(ticket_file(at, number, seen)))

    @on(FileRead)
    async def _show(self, event: FileRead) -> None:
        before, self.file = self.file, event.file
        if before == event.file:
            return
        self._tell()
        await self._converse(first=before is None)
        self.refresh_bindings()

    def _tell(self) -> None:
        file, now = self.file, self.at.clock()
        if file is None:
            return
        ticket = file.ticket
        hidden = len(file.messages) - self._limit
        earlier = f"b — ещё раньше: {hidden}" if hidden > 0 else ""
        right = self.desk_app.undo_words() or earlier
        self.query_one(TitleBar).tell(f"{ticket.key}  {ticket.subject or '(без темы)'}", right)
        self.query_one("#headline", Words).tell(headline(file, now))
        self.query_one("#known", Words).tell(facts(file, now, self.at.zone))
        if self._history:
            self.query_one("#history", Words).tell(history(file, now, self.at.zone))

    async def _converse(self, first: bool = False) -> None:
        """Bring the cards up to date: those that stand stay as they are unfolded, new ones come below."""
        file = self.file
        assert file is not None
        scroll = self.query_one("#conversation", Scroll)
        cards = {card.message.id: card for card in scroll.query(MessageCard)}
        wanted = file.messages[-self._limit :]
        at_end = scroll.max_scroll_y - scroll.scroll_y < 2
        new: list[MessageCard] = []
        for message in wanted:
            card = cards.pop(message.id, None)
            if card is None:
                card = MessageCard(message)
                card.unfolded = self._unfolded
                new.append(card)
            card.tell(message, file.names, self.at.clock(), self.at.zone, file.parts.get(message.id))
        for gone in cards.values():
            await gone.remove()
        await self._mount(scroll, new)
        if not self.standing:
            return
        if first:
            self.call_after_refresh(self._to_latest)
        elif new and at_end:
            scroll.scroll_end(animate=False)

    async def _mount(self, scroll: Scroll, new: list[MessageCard]) -> None:
        """Earlier messages go above those that stand, later ones below."""
        standing = list(scroll.query(MessageCard))
        above = [card for card in new if standing and card.message.id < standing[0].message.id]
        if above:
            await scroll.mount_all(above, before=standing[0])
        await scroll.mount_all([card for card in new if card not in above])

    def _to_latest(self) -> None:
        """The latest word of the client at the top of the window, or the end of the conversation."""
        if not self.standing:
            return
        scroll = self.query_one("#conversation", Scroll)
        cards = list(scroll.query(MessageCard))
        heard = [card for card in cards if card.message.direction is Direction.IN]
        last = heard[-1] if heard else None
        if last is not None and last is cards[0]:
            scroll.scroll_home(animate=False)
        elif last is not None and cards[-1].virtual_region.bottom - last.virtual_region.y > scroll.size.height:
            scroll.scroll_to_widget(last, animate=False, top=True)
        else:
            scroll.scroll_end(animate=False)

    def tick(self) -> None:
        """Countdowns go on."""
        self._tell()

    def failed(self, event: Failed) -> None:
        """A ticket that is not there is left again."""
        super().failed(event)
        if isinstance(event.error, NotFound) and self.file is None:
            self.dismiss()

    def action_quotes(self) -> None:
        """Unfold all quotes, or fold them."""
        cards = [card for card in self.query(MessageCard) if has_more(card.message)]
        if not cards:
            self.say("Цитат и подписей здесь нет: показано всё")
            return
        self._unfolded = not self._unfolded
        for card in cards:
            card.unfold(self._unfolded)

    def action_whole(self) -> None:
        """Read the focused message, or else the latest of the client, page by page."""
        focused = self.focused
        message = self.file.last_heard() if self.file is not None else None
        if isinstance(focused, MessageCard):
            message = focused.message
        if message is None:
            self.say("Здесь нет сообщений клиента; выберите сообщение клавишей Tab", "warning")
        else:
            self.desk_app.read_whole(visible(message.subject or ""), message.full_text)

    def action_facts(self) -> None:
        """Show the facts, or hide them, where the window is too narrow for both."""
        self.toggle_class("-facts")
        place = "#facts" if self.query_one("#facts").display else "#conversation"
        self.query_one(place).focus()

    def action_history(self) -> None:
        """Show what happened, or hide it."""
        self._history = not self._history
        self.set_class(self._history, "-history")
        if self._history:
            self.add_class("-facts")
        self._tell()

    def action_why(self) -> None:
        """Explain the deadlines."""
        from tui.screens.why import WhyScreen

        if self.file is not None:
            self.app.push_screen(WhyScreen(self.file, self.at.clock()))

    async def action_earlier(self) -> None:
        """Show earlier messages."""
        if self.file is None or len(self.file.messages) <= self._limit:
            self.say("Более ранних сообщений нет")
            return
        self._limit += SHOWN_MESSAGES
        self._tell()
        await self._converse()

    def action_reload(self) -> None:
        """Read it again."""
        self._read()

    def action_next_free(self) -> None:
        """Open the free ticket with the nearest deadline."""
        at, but = self.at, self.number
        self.work_on("urgent", lambda: UrgentFound(most_urgent_free(at, but)))

    @on(UrgentFound)
    def _urgent(self, event: UrgentFound) -> None:
        if event.number is None:
            self.say("Других свободных обращений нет: всё разобрано")
        else:
            self.desk_app.open_ticket(event.number, instead=True)

    def action_search(self) -> None:
        """Go to the search."""
        self.desk_app.open_search()

    def action_back(self) -> None:
        """Back to where it was opened from; facts that hide the conversation go first."""
        if self.has_class("-facts") and not self.query_one("#conversation").display:
            self.action_facts()
        else:
            self.dismiss()
