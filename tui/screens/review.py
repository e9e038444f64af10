"""The letter as it would leave, seen whole before it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message

from intake.visible import visible
from tui.acting import Changed, act, news
from tui.conversation import pages
from tui.keys import both
from tui.letters import ReadLetter
from tui.reading import TicketFile, ticket_file
from tui.screens.place import Failed, Place
from tui.widgets.bars import KeyBar, TitleBar
from tui.widgets.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from intake.model import Ticket
    from tui.workplace import Workplace


class Sent(Message):
    """The letter is in the outbox."""


class Pages(VerticalScroll):
    """Scrolls in both layouts."""

    BINDINGS = both(VerticalScroll.BINDINGS)


class ReviewScreen(Place["bool | Changed | None"]):
    """Closes with True when the letter was queued, with `Changed` when the ticket is not what the agent saw. ``send``
    queues it, given the version of the ticket."""

    HEADING: ClassVar[str] = "Письмо перед отправкой"
    HELP: ClassVar[str] = "Так письмо увидит клиент. Ctrl+S или Enter — отправить, Esc — вернуться и править."
    BINDINGS = both(
        [
            Binding("ctrl+s,enter", "send", "Отправить", tooltip="Поставить письмо в очередь на отправку"),
            Binding("escape", "leave", "Править", tooltip="Вернуться к тексту"),
        ]
    )

    def __init__(self, seen: TicketFile, letter: ReadLetter, send: Callable[[int], Ticket]) -> None:
        super().__init__()
        self._seen, self._letter, self._send = seen, letter, send
        self._sending = False

    def compose(self) -> ComposeResult:
        """Headers, text, files, keys."""
        yield TitleBar(f"{self._seen.ticket.key} · письмо целиком", "ещё не отправлено")
        letter = self._letter
        head = [Content.assemble((f"{title}: ", "dim"), visible(value)) for title, value in letter.headers]
        head += [Content.assemble(("Файл: ", "dim"), visible(name)) for name in letter.files]
        yield Words(Content("\n").join(head), id="letter-head")
        with Pages(id="letter"):
            for piece in pages(letter.text.replace("\r\n", "\n")):
                yield Words(Content(visible(piece, keep_newlines=True)))
        yield KeyBar()

    def on_mount(self) -> None:
        """Keys scroll the text."""
        self.query_one(Pages).focus()

    def action_send(self) -> None:
        """Queue it."""
        if self._sending:
            self.say("Уже отправляется")
            return
        self._sending = True
        at, seen, send = self.at, self._seen, self._send
        self.carry_out("send", lambda: _send(at, seen, send))

    @on(Sent)
    def _sent(self) -> None:
        self.dismiss(True)

    def failed(self, event: Failed) -> None:
        """A change sends the agent back to his text; anything else leaves the letter here."""
        self._sending = False
        if isinstance(event.error, Changed):
            self.dismiss(event.error)
        else:
            super().failed(event)

    def action_leave(self) -> None:
        """Back to the text."""
        if self._sending:
            self.say("Письмо уже уходит")
        else:
            self.dismiss(None)


def _send(at: Workplace, seen: TicketFile, send: Callable[[int], Ticket]) -> Message:
    """Queue a letter unless something happened that its writer has not seen. Runs on a worker thread."""
    now = ticket_file(at, seen.ticket.number)
    if told := news(seen, now):
        raise Changed(now.ticket, told)
    act(at, now.ticket, send)
    return Sent()
