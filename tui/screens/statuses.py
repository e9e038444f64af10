"""A ticket's next status (§4). A letter that goes with one is written and seen whole before it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from intake.letters.addresses import valid_address
from intake.model import Status
from tui import labels
from tui.screens.choice import Choice
from tui.screens.ticket_place import TicketPlace

if TYPE_CHECKING:
    from intake.model import Ticket


class StatusVerbs(TicketPlace):
    """Change the status, close."""

    STATUSES: ClassVar[list[BindingType]] = [
        Binding("s", "status", "Статус", tooltip="Сменить статус (§4)"),
        Binding("c", "close", "Завершить", tooltip="Завершить обращение"),
    ]

    def refusal(self, action: str, ticket: Ticket) -> str | None:
        """See `TicketPlace.refusal`."""
        if action == "close":
            return self.rules_of(ticket).why_not(ticket.status, Status.CLOSED)
        return super().refusal(action, ticket)

    def action_status(self) -> None:
        """Choose another status."""
        if ticket := self.ready("status"):
            rules = self.rules_of(ticket)
            choices = [
                Choice(key, named.name, None if key == ticket.status else rules.why_not(ticket.status, key))
                for key, named in rules.rules.statuses.named.items()
            ]
            self.choose(f"{ticket.key}: статус", choices, ticket.status, lambda key: self._to_status(ticket, key))

    def action_close(self) -> None:
        """Close it, with or without a letter."""
        if ticket := self.ready("close"):
            self._to_status(ticket, Status.CLOSED)

    def _to_status(self, ticket: Ticket, key: str) -> None:
        if key == ticket.status:
            return
        name = labels.status_name(self.rules_of(ticket), key)
        if key not in self.rules_of(ticket).rules.statuses.tells_client or not valid_address(
            ticket.contact_address or ""
        ):
            self._quietly(ticket, key)
            return
        choices = [
            Choice("tell", f"«{name}» и письмо клиенту: посмотреть его и дописать"),
            Choice("quiet", f"«{name}» без письма"),
            Choice("", "Нет, оставить как есть"),
        ]
        self.choose(f"{ticket.key}: «{name}»", choices, None, lambda how: self._move(ticket, key, how))

    def _move(self, ticket: Ticket, key: str, how: str) -> None:
        if how == "tell":
            self.desk_app.compose_letter(ticket.number, "reply", Status(key))
        elif how:
            self._quietly(ticket, key, ", без письма")

    def _quietly(self, ticket: Ticket, key: str, without: str = "") -> None:
        desk, me, name = self.at.desk, self.at.agent.login, labels.status_name(self.rules_of(ticket), key)
        self.do(
            ticket,
            f"статус «{name}»{without}",
            lambda seen: desk.set_status(ticket.number, Status(key), me, seen, quiet=True),
        )
