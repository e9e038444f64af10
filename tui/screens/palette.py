"""Ctrl+P: do anything by its name, or go to a ticket by its number."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from intake.visible import visible
from tui import labels, reading
from tui.keys import both
from tui.palette import Command, matching
from tui.screens.choice import Choices
from tui.screens.place import Panel
from tui.widgets.fields import Field

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from intake.model import Ticket

TICKETS = 8
WAIT = 0.15


class TicketsFound(Message):
    """Tickets that a palette's words name."""

    def __init__(self, words: str, tickets: tuple[Ticket, ...]) -> None:
        super().__init__()
        self.words, self.tickets = words, tickets


class PalettePanel(Panel["Command | int | None"]):
    """Closes with a command, with the number of a ticket, or with None."""

    HELP: ClassVar[str] = "Начните писать, что сделать, или номер обращения. Стрелки и Enter — выбрать."
    BINDINGS = both(
        [
            Binding("escape", "leave", "Назад"),
            Binding("enter", "choose", "Выбрать", priority=True),
            Binding("up", "move('cursor_up')", show=False, priority=True),
            Binding("down", "move('cursor_down')", show=False, priority=True),
            Binding("pageup", "move('page_up')", show=False, priority=True),
            Binding("pagedown", "move('page_down')", show=False, priority=True),
        ]
    )

    def __init__(self, known: list[Command]) -> None:
        super().__init__()
        self._known = known
        self._listed: list[Command | int] = []
        self._found: TicketsFound | None = None
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """A field and what it means."""
        with Vertical(classes="box", id="palette"):
            yield Field(id="command", placeholder="Что сделать? Или номер обращения: 1042")
            yield Choices(markup=False, id="commands")

    def on_mount(self) -> None:
        """Everything that applies here."""
        self.query_one(Choices).can_focus = False
        self.query_one(Field).focus()
        self._tell()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._tell()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(WAIT, self._search)

    def _search(self) -> None:
        if not self.standing:
            return
        at, words = self.at, self.query_one(Field).value.strip()
        if words:
            self.work_on("search", lambda: TicketsFound(words, reading.search(at, words, TICKETS)[0]))

    @on(TicketsFound)
    def _found_tickets(self, event: TicketsFound) -> None:
        self._found = event
        self._tell()

    def _tell(self) -> None:
        words = self.query_one(Field).value.strip()
        commands = matching(self._known, words)
        tickets = self._found.tickets if self._found is not None and self._found.words == words and words else ()
        named = [ticket for ticket in tickets if words.isdecimal() or words.casefold() == ticket.key.casefold()]
        others = [ticket for ticket in tickets if ticket not in named]
        options = [*map(_ticket, named), *map(_command, commands), *map(_ticket, others)]
        self._listed = [*(t.number for t in named), *commands, *(t.number for t in others)]
        choices = self.query_one(Choices)
        choices.clear_options()
        choices.add_options([Option(prompt) for prompt in options])
        if not options:
            choices.add_option(Option(Content.styled("Ничего не нашлось", "dim"), disabled=True))
        choices.highlighted = 0 if options else None

    @on(OptionList.OptionSelected)
    def _select(self, event: OptionList.OptionSelected) -> None:
        if event.option_index < len(self._listed):
            self.dismiss(self._listed[event.option_index])

    def action_choose(self) -> None:
        """Take what is under the cursor."""
        place = self.query_one(Choices).highlighted
        if place is not None and place < len(self._listed):
            self.dismiss(self._listed[place])

    def action_move(self, how: str) -> None:
        """Move the cursor while the field keeps the letters."""
        getattr(self.query_one(Choices), f"action_{how}")()

    def action_leave(self) -> None:
        """Do nothing."""
        self.dismiss(None)


def _command(command: Command) -> Content:
    return Content.assemble(
        (f"{command.area}: ", "dim"), command.title.lower(), (f"  {command.shown}", "$footer-key-foreground"),
        (f"  {command.hint}", "dim"),
    )  # fmt: skip


def _ticket(ticket: Ticket) -> Content:
    who = labels.person(ticket.contact_name, ticket.contact_address)
    return Content.assemble(
        ("Открыть ", "dim"), (ticket.key, "bold"), f"  {visible(ticket.subject) or '(без темы)'}", (f"  {who}", "dim")
    )
