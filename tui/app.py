"""The application: opens places, learns of changes, keeps the look."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from textual.app import App
from textual.binding import Binding
from textual.message import Message

from intake.errors import StoreUnavailable
from tui.errands import Errands
from tui.keys import both, is_russian
from tui.palette import Command, commands
from tui.screens.place import Panel, Place, error_words
from tui.screens.queue import QueueScreen
from tui.themes import THEMES
from tui.watch import Watch
from tui.widgets.bars import KeyBar

if TYPE_CHECKING:
    from textual import events
    from textual.binding import ActiveBinding
    from textual.screen import Screen

    from intake.model import Status
    from tui.undo import Sent
    from tui.workplace import Workplace


SEEN_EVERY = 50


class DeskChanged(Message):
    """Somebody changed something."""


class StoreTrouble(Message):
    """The store cannot be asked, or can be again."""

    def __init__(self, broken: bool) -> None:
        super().__init__()
        self.broken = broken


class DeskApp(App[None]):
    """The agents' screen of one desk."""

    CSS_PATH = "desk.tcss"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 - Textual declares it so
    BINDINGS = both(
        [
            Binding("f1", "help", "Помощь", priority=True, tooltip="Что здесь за место и какие в нём клавиши"),
            Binding("question_mark", "help", "Помощь", show=False),
            Binding("ctrl+p", "palette", "Команды", tooltip="Сделать что угодно по названию, открыть по номеру"),
            Binding(
                "f6", "quality", "Качество", show=False, tooltip="Оценки и сроки за месяц: служба и каждый сотрудник"
            ),
            Binding("6", "second_line", "Вторая линия", show=False, tooltip="Вопросы подразделениям по сроку ответа"),
            Binding("7", "shifts", "Смены", show=False, tooltip="Кто в смене (§2), где не хватает людей"),
            Binding("ctrl+t", "theme", "Тема", show=False, priority=True, tooltip="Светлая или тёмная тема"),
            Binding("ctrl+q", "quit", "Выйти", show=False, priority=True, tooltip="Закрыть экран"),
            Binding("ctrl+c", "help_quit", show=False, system=True),
        ]
    )

    def __init__(self, workplace: Workplace, theme: str = "dark") -> None:
        # Without colour Textual would still send greys; in the terminal's own colours it sends none.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.workplace = workplace
        self.russian = False
        self.sent: Sent | None = None
        self.folder = "~/"
        self._warned = False
        for known in THEMES.values():
            self.register_theme(known)
        self.theme = THEMES[theme].name
        self.title = workplace.title
        self.errands = Errands()
        self._watch = Watch(
            workplace.store,
            lambda: self.post_message(DeskChanged()),
            lambda broken: self.post_message(StoreTrouble(broken)),
        )

    def get_default_screen(self) -> Screen[None]:
        """The queue is where everything begins."""
        return QueueScreen()

    def on_mount(self) -> None:
        """Begin to watch, and to count down."""
        self._watch.start()
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGHUP):
                asyncio.get_running_loop().add_signal_handler(number, self.simulate_key, "ctrl+q")
        self.set_interval(1, self._tick)
        self.set_interval(SEEN_EVERY, self._seen)
        self._seen()
        if self.workplace.greeting:
            self.place.say(self.workplace.greeting)

    async def on_unmount(self) -> None:
        """Stop watching; what was begun is done first."""
        self._watch.stop()
        await asyncio.to_thread(self.errands.finish)

    @property
    def place(self) -> Place[object]:
        """Where the agent is, panels left aside."""
        places = [screen for screen in self.screen_stack if isinstance(screen, Place) and not isinstance(screen, Panel)]
        return cast("Place[object]", places[-1])

    def _standing(self) -> list[Place[object]]:
        """The place that is seen, unless the screen is being closed."""
        return [self.place] if self.is_running and self._screen_stack and self.place.standing else []

    def _seen(self) -> None:
        """Tell the desk that a screen is open, off the event loop: what happens need not be mailed then."""
        desk, login = self.workplace.desk, self.workplace.agent.login

        def seen() -> None:
            with suppress(StoreUnavailable):
                desk.seen(login)

        self.run_worker(seen, group="seen", thread=True)

    def undo_words(self) -> str:
        """The letter that can still be taken back, and how; "" for none."""
        return self.sent.words(self.workplace.clock(), self.russian) if self.sent is not None else ""

    def _tick(self) -> None:
        for place in self._standing():
            place.tick()

    def on_desk_changed(self) -> None:
        """The place that is seen reads again; the others do when they are come back to."""
        for place in self._standing():
            place.desk_changed()

    def on_store_trouble(self, event: StoreTrouble) -> None:
        """Say it once, each way."""
        if event.broken:
            self.place.say("База данных недоступна; показано то, что было", "error")
        else:
            self.place.say("База данных снова доступна")
            self.place.desk_changed()

    async def on_event(self, event: events.Event) -> None:
        """Learn from every key which keyboard layout is on, so that the key bar names keys as they are."""
        key = getattr(event, "key", None)
        if isinstance(key, str):
            russian = is_russian(key)
            if russian is not None and russian != self.russian:
                self.russian = russian
                for bar in self.screen.query(KeyBar):
                    bar.refresh()
        await super().on_event(event)

    def open_ticket(self, number: int, instead: bool = False) -> None:
        """Go to a ticket; ``instead`` of the place that is open."""
        from tui.screens.ticket import TicketScreen

        if instead:
            self.switch_screen(TicketScreen(number))
        else:
            self.push_screen(TicketScreen(number))

    def action_shifts(self) -> None:
        """7."""
        from tui.screens.shifts import ShiftsScreen

        if not isinstance(self.screen, ShiftsScreen | Panel):
            self.push_screen(ShiftsScreen())

    def open_form(self) -> None:
        """Open a ticket on a licensee's behalf."""
        from tui.screens.opening import OpenScreen

        self.push_screen(OpenScreen())

    def open_search(self) -> None:
        """Go to the search."""
        from tui.screens.search import SearchScreen

        self.push_screen(SearchScreen())

    def open_mail(self) -> None:
        """Go to «Почта»."""
        from tui.screens.mail import MailScreen

        self.push_screen(MailScreen())

    def action_second_line(self) -> None:
        """6."""
        from tui.screens.second_line import SecondLineScreen

        if not isinstance(self.screen, SecondLineScreen | Panel):
            self.push_screen(SecondLineScreen())

    def action_quality(self) -> None:
        """F6."""
        from tui.screens.quality import QualityScreen

        if not isinstance(self.screen, QualityScreen | Panel):
            self.push_screen(QualityScreen())

    def compose_letter(self, number: int, kind: str, status: Status | None = None) -> None:
        """Write a reply, a note, or the letter that tells of a status."""
        from tui.screens.compose import ComposeScreen

        self.push_screen(ComposeScreen(number, kind, status))

    def read_whole(self, title: str, text: str) -> None:
        """Read a long text page by page."""
        from tui.screens.whole import WholeScreen

        self.push_screen(WholeScreen(title, text))

    def action_help(self) -> None:
        """F1."""
        from tui.screens.help import HelpPanel

        here = self.screen
        if isinstance(here, HelpPanel):
            here.dismiss()
        elif isinstance(here, Place):
            self.push_screen(HelpPanel(here.HEADING or "Выбор", here.HELP, here.active_bindings.values()))

    def action_palette(self) -> None:
        """Ctrl+P."""
        from tui.screens.palette import PalettePanel

        here = self.place
        active: list[ActiveBinding] = list(self.screen.active_bindings.values())
        self.push_screen(PalettePanel(commands(here, active, self.russian)), self._chosen)

    def _chosen(self, what: Command | int | None) -> None:
        if isinstance(what, int):
            self.open_ticket(what)
        elif what is not None:
            self.simulate_key(what.key)

    def action_theme(self) -> None:
        """The other look."""
        self.theme = THEMES["light" if self.theme == THEMES["dark"].name else "dark"].name

    async def action_quit(self) -> None:
        """Close, after what was typed is kept. Where it cannot be, a second time closes all the same."""
        for screen in self.screen_stack:
            keep = screen.unsaved() if isinstance(screen, Place) else None
            try:
                if keep is not None:
                    await asyncio.to_thread(keep)
            except Exception as error:
                if not self._warned:
                    self._warned = True
                    self.place.say(
                        f"{error_words(error)}. Черновик не сохранён; Ctrl+Q ещё раз — закрыть без него", "error"
                    )
                    return
        self.exit()

    def action_help_quit(self) -> None:
        """Ctrl+C copies where text is selected; elsewhere people mean to leave."""
        self.place.say("Выйти — Ctrl+Q. Ctrl+C копирует выделенное")
