"""Почта: what came in and became no ticket, each with its rule; a key makes it one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from intake.errors import Refused
from intake.mailroom import SET_ASIDE
from intake.model import Disposition, JournalRow
from tui.keys import both
from tui.mail_lines import mail_line, mail_words, whole_words
from tui.screens.choice import Choices
from tui.screens.place import Failed, Place
from tui.widgets.bars import KeyBar, TitleBar
from tui.widgets.words import Words

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from intake.mailroom import Mailroom

PAGE = 100
SHOWN = {
    "all": ("Почта: всё, что не стало обращением", SET_ASIDE),
    "ignored": ("Почта: пропущено", (Disposition.IGNORED,)),
    "quarantined": ("Почта: карантин", (Disposition.QUARANTINED,)),
}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of the list. ``before`` is the row it begins below; ``more`` whether another one follows."""

    shown: str
    rows: tuple[JournalRow, ...]
    before: int | None
    more: bool


class LeafRead(Message):
    """A page has been read."""

    def __init__(self, leaf: Leaf) -> None:
        super().__init__()
        self.leaf = leaf


class MailRead(Message):
    """A mail has been read whole."""

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self.title, self.text = title, text


class Processed(Message):
    """A mail has been processed once more; ``key`` names its ticket, "" where it has none."""

    def __init__(self, row: JournalRow, key: str) -> None:
        super().__init__()
        self.row, self.key = row, key


class MailScreen(Place[None]):
    """The list of what was set aside."""

    HEADING: ClassVar[str] = "Почта"
    HELP: ClassVar[str] = (
        "Письма, которые не стали обращениями: рассылки, автоответы, отчёты («·») и задержанные: спам или то, что не "
        "удалось обработать («▲»). Новые — сверху, у каждого названо правило. Enter показывает письмо, t делает его "
        "обращением, r обрабатывает заново. Автоматического ответа на такое письмо не будет, если правило его "
        "запрещает."
    )
    CSS = """
    #mail, #mail:focus { height: 1fr; border: none; padding: 0 1; background: $background; }
    #mail { text-wrap: nowrap; text-overflow: ellipsis; }
    #mail-why { height: 5; padding: 0 1; background: $surface; border-top: solid $panel; }
    #mail-why { text-wrap: nowrap; text-overflow: ellipsis; }
    """
    BINDINGS = both(
        [
            Binding("enter", "look", "Открыть", key_display="Enter", tooltip="Прочитать письмо"),
            Binding("t", "accept", "В обращения", tooltip="Сделать письмо обращением или сообщением его обращения"),
            Binding("r", "replay", "Заново", tooltip="Обработать письмо заново"),
            Binding("1", "show('all')", "Всё", tooltip="Пропущенное и задержанное"),
            Binding("2", "show('ignored')", "Пропущено", tooltip="Рассылки, автоответы, отчёты"),
            Binding("3", "show('quarantined')", "Карантин", tooltip="Спам и то, что не удалось обработать"),
            Binding("n,right", "leaf(1)", "Раньше", show=False, tooltip="Более старые письма"),
            Binding("b,left", "leaf(-1)", "Позже", show=False, tooltip="Более новые письма"),
            Binding("escape,q", "leave", "Назад", key_display="Esc", tooltip="К очереди"),
        ]
    )

    def __init__(self) -> None:
        super().__init__()
        self._leaf: Leaf | None = None
        self._shown = "all"
        self._starts: list[int | None] = [None]

    def compose(self) -> ComposeResult:
        """Title, list, the mail under the cursor, keys."""
        yield TitleBar("Почта", "читаю…")
        yield Choices(markup=False, id="mail")
        yield Words(id="mail-why")
        yield KeyBar()

    def on_mount(self) -> None:
        """The newest mails."""
        self.query_one(Choices).focus()
        self._read()

    def on_screen_resume(self) -> None:
        """Back from a mail."""
        if self._leaf is not None:
            self._read()

    def desk_changed(self) -> None:
        """See `Place.desk_changed`."""
        self._read()

    def why_not(self, action: str) -> str | None:
        """See `Place.why_not`."""
        acts = action in ("look", "accept", "replay")
        return "В этом списке нет писем" if acts and self._row() is None else None

    def _room(self) -> Mailroom:
        room = self.at.mailroom
        if room is None:
            raise Refused("Почта отсюда не видна")
        return room

    def _read(self) -> None:
        shown, before = self._shown, self._starts[-1]

        def work() -> LeafRead:
            found = self._room().page(SHOWN[shown][1], PAGE + 1, before)
            return LeafRead(Leaf(shown, tuple(found[:PAGE]), before, len(found) > PAGE))

        self.work_on("mail", work)

    @on(LeafRead)
    def _show(self, event: LeafRead) -> None:
        leaf = event.leaf
        if (leaf.shown, leaf.before) != (self._shown, self._starts[-1]):
            return
        listed, under = self.query_one(Choices), self._row()
        old, self._leaf = listed.highlighted or 0, leaf
        at, now = self.at, self.at.clock()
        listed.clear_options()
        listed.add_options([Option(mail_line(row, now, at.zone), id=str(row.id)) for row in leaf.rows])
        ids = [row.id for row in leaf.rows]
        place = ids.index(under.id) if under is not None and under.id in ids else min(old, len(ids) - 1)
        listed.highlighted = place if ids else None
        page = f"страница {len(self._starts)}" if leaf.more or len(self._starts) > 1 else ""
        self.query_one(TitleBar).tell(SHOWN[leaf.shown][0], page + (" …" if leaf.more else ""))
        if not ids:
            self.query_one("#mail-why", Words).tell(Content("Здесь пусто"))
        self.refresh_bindings()

    @on(OptionList.OptionHighlighted)
    def _explain(self) -> None:
        row = self._row()
        if row is not None:
            self.query_one("#mail-why", Words).tell(mail_words(row, self.at.clock(), self.at.zone))

    def _row(self) -> JournalRow | None:
        """The mail under the cursor."""
        place = self.query_one(Choices).highlighted
        rows = self._leaf.rows if self._leaf is not None else ()
        return rows[place] if place is not None and place < len(rows) else None

    @on(OptionList.OptionSelected)
    def _selected(self) -> None:
        self.action_look()

    def action_look(self) -> None:
        """Read the mail, without anything happening to it."""
        row = self._ready("look")
        if row is not None:
            self.work_on("look", lambda: MailRead(f"Письмо № {row.id}", whole_words(*self._room().look(row.id))))

    @on(MailRead)
    def _open(self, event: MailRead) -> None:
        self.desk_app.read_whole(event.title, event.text)

    def action_accept(self) -> None:
        """Make it a ticket."""
        me = self.at.agent.login
        self._process("accept", lambda row: self._room().accept(row.id, me))

    def action_replay(self) -> None:
        """Process it with today's code."""
        self._process("replay", lambda row: self._room().replay(row.id))

    def _process(self, action: str, verb: Callable[[JournalRow], JournalRow]) -> None:
        row, store = self._ready(action), self.at.store
        if row is None:
            return

        def work() -> Processed:
            after = verb(row)
            with store.read() as tx:
                return Processed(after, tx.tickets.get(after.ticket).key if after.ticket is not None else "")

        self.carry_out(action, work)

    @on(Processed)
    def _processed(self, event: Processed) -> None:
        told = {
            Disposition.TICKET: f"Письмо № {event.row.id}: новое обращение {event.key}",
            Disposition.MESSAGE: f"Письмо № {event.row.id}: добавлено к обращению {event.key}",
            Disposition.DUPLICATE: f"Письмо № {event.row.id}: такое уже есть, {event.key}",
        }
        still = f"Письмо № {event.row.id}: обращением не стало ({event.row.cause or 'без причины'})"
        self.say(told.get(event.row.disposition, still))
        self._read()

    def _ready(self, action: str) -> JournalRow | None:
        return self._row() if self.may(action) else None

    def failed(self, event: Failed) -> None:
        """A colleague was faster, or the mail was erased meanwhile."""
        if isinstance(event.error, Refused) and event.group != "mail":
            self.say("Письмо уже разобрано или стёрто: сделать с ним ничего нельзя", "warning")
            self._read()
            return
        super().failed(event)

    def action_show(self, shown: str) -> None:
        """Another part of the mail."""
        if shown != self._shown:
            self._shown, self._starts = shown, [None]
            self._read()

    def action_leaf(self, step: int) -> None:
        """An older or a newer page."""
        leaf = self._leaf
        if step > 0 and leaf is not None and leaf.more and leaf.before == self._starts[-1]:
            self._starts.append(leaf.rows[-1].id)
        elif step < 0 and len(self._starts) > 1:
            self._starts.pop()
        else:
            self.say("Это последняя страница" if step > 0 else "Это первая страница")
            return
        self._read()

    def action_leave(self) -> None:
        """Back."""
        self.dismiss()
