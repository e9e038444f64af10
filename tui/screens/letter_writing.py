"""A letter that is written here and seen whole before it leaves."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.message import Message

from tui.acting import Changed
from tui.reading import TicketFile, ticket_file
from tui.screens.review import ReviewScreen
from tui.screens.writing import Writing

if TYPE_CHECKING:
    from collections.abc import Callable

    from intake.model import Ticket
    from tui.letters import ReadLetter


class Drafted(Message):
    """The letter is written, and read back; ``send`` queues it, given the version of the ticket that was seen."""

    def __init__(self, letter: ReadLetter, send: Callable[[int], Ticket]) -> None:
        super().__init__()
        self.letter, self.send = letter, send


class Accepted(Message):
    """The agent has been told of the change: from now on this state is the one that was seen."""

    def __init__(self, file: TicketFile) -> None:
        super().__init__()
        self.file = file


class LetterWriting(Writing):
    """Shows what was `Drafted` in a ``REVIEW``. Where the ticket has changed meanwhile, the agent is told and decides
    again; ``UNSENT`` heads the telling."""

    REVIEW: ClassVar[type[ReviewScreen]] = ReviewScreen
    UNSENT: ClassVar[str] = "Письмо не отправлено, текст на месте"

    @abstractmethod
    def sent(self, file: TicketFile) -> None:
        """It is queued: say so, and whether it can be taken back."""

    @on(Drafted)
    def _review(self, event: Drafted) -> None:
        assert self.file is not None
        self.app.push_screen(self.REVIEW(self.file, event.letter, event.send), self._reviewed)

    def _reviewed(self, result: bool | Changed | None) -> None:
        if self.file is None:
            return
        if isinstance(result, Changed):
            self.say(str(result), "warning", self.UNSENT)
            at, number = self.at, self.number
            self._refused = f"⚠ {result}. Отправить всё равно — ещё раз Ctrl+S"
            self.warn(self._refused)
            self.work_on("accept", lambda: Accepted(ticket_file(at, number)))
        elif result is True:
            self.sent(self.file)
            self.finished()

    @on(Accepted)
    def _accept(self, event: Accepted) -> None:
        self.file = event.file
        self._tell_answered()
