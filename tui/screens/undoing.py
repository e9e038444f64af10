"""Taking back a letter that has not left yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.message import Message

from intake.desk.recalling import Recalled, draft_kind
from tui.drafts import Draft, files_kind
from tui.screens.ticket_place import TicketPlace

if TYPE_CHECKING:
    from tui.workplace import Workplace


class TakenBack(Message):
    """A letter is a draft again."""

    def __init__(self, found: Recalled) -> None:
        super().__init__()
        self.found = found


class UndoVerbs(TicketPlace):
    """One key takes the letter back and opens it as a draft."""

    ANYWHERE: ClassVar[list[BindingType]] = [
        Binding("u", "undo", "Вернуть письмо", show=False, tooltip="Вернуть только что отправленное письмо и править"),
        Binding(
            "ctrl+n",
            "open_for",
            "Новое",
            show=False,
            tooltip="Завести обращение за лицензиата, с его слов (§3)",
        ),
    ]

    def why_not(self, action: str) -> str | None:
        """See `Place.why_not`."""
        if action == "undo" and self._number() is None:
            return "Возвращать нечего: письма отсюда не отправлялись"
        if action == "open_for" and self.at.open_for is None:
            return "С этого экрана обращение не завести: otklik open"
        return super().why_not(action)

    def action_open_for(self) -> None:
        """Open a ticket on a licensee's behalf."""
        if self.may("open_for"):
            self.desk_app.open_form()

    def _number(self) -> int | None:
        """The ticket of the letter: the one sent last as long as it waits, or else the one at hand."""
        sent = self.desk_app.sent
        if sent is not None and sent.waits(self.at.clock()):
            return sent.number
        ticket = self.subject()
        return sent.number if ticket is None and sent is not None else ticket.number if ticket is not None else None

    def action_undo(self) -> None:
        """Take it back."""
        number = self._number()
        if number is None:
            self.say(self.why_not("undo") or "", "warning")
            return
        at, sent = self.at, self.desk_app.sent
        files = sent.files if sent is not None and sent.number == number else ()
        self.carry_out("undo", lambda: TakenBack(_recall(at, number, files)))

    @on(TakenBack)
    def _reopen(self, event: TakenBack) -> None:
        found = event.found
        self.desk_app.sent = None
        self.say(f"{found.ticket.key}: письмо возвращено, правьте и отправляйте снова")
        self.changed(found.ticket)
        self.desk_app.compose_letter(found.ticket.number, "reply", found.status)


def _recall(at: Workplace, number: int, files: tuple[str, ...]) -> Recalled:
    """Take the last letter back; its files are chosen again. Runs on a worker thread."""
    found = at.desk.recall(number, at.agent.login)
    Draft(at, number, files_kind(draft_kind(found.status))).keep("\n".join(files), 0)
    return found
