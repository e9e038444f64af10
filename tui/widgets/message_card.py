"""One message of a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.conversation import body, has_more, heading, kind
from tui.keys import both

if TYPE_CHECKING:
    from textual import events

    from intake.escalations import Asked
    from intake.model import TicketMessage


class MessageCard(Static, can_focus=True):
    """Tab goes from one to the next; Enter or a click folds and unfolds its quotes."""

    BINDINGS = both([Binding("enter,space", "fold", "Цитаты", show=False, tooltip="Развернуть и свернуть цитаты")])

    class Folded(Message):
        """Its quotes were shown or hidden."""

    def __init__(self, message: TicketMessage) -> None:
        super().__init__(markup=False, classes=f"-{kind(message)}")
        self.message = message
        self.unfolded = False

    def tell(
        self, message: TicketMessage, names: Mapping[str, str], now: datetime, zone: ZoneInfo, part: Asked | None = None
    ) -> None:
        """Show the message as it stands now; ``part``: the department's that it belongs to."""
        self.message = message
        self.names, self.now, self.zone, self.part = names, now, zone, part
        self.update(Content("\n").join([heading(message, names, now, zone, part), body(message, self.unfolded)]))

    def action_fold(self) -> None:
        """Show or hide the quotes."""
        if has_more(self.message):
            self.unfold(not self.unfolded)

    def unfold(self, wanted: bool) -> None:
        """Show the quotes, or hide them."""
        self.unfolded = wanted
        self.tell(self.message, self.names, self.now, self.zone, self.part)

    def on_click(self, event: events.Click) -> None:
        """A double click: a single one begins to select text."""
        if event.chain > 1:
            self.action_fold()
