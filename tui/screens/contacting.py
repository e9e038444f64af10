"""Who a ticket's client is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.message import Message

from intake.contacts import offered_contact
from intake.errors import Refused
from intake.letters.addresses import valid_address
from intake.visible import visible
from tui.screens.ask import AskPanel
from tui.screens.ticket_place import TicketPlace

if TYPE_CHECKING:
    from intake.model import Ticket


class OfferRead(Message):
    """What is offered for a ticket is known."""

    def __init__(self, ticket: Ticket, offered: str | None) -> None:
        super().__init__()
        self.ticket, self.offered = ticket, offered


class ContactVerbs(TicketPlace):
    """Sets the contact: the author of a forwarded mail, or anybody."""

    CONTACTS: ClassVar[list[BindingType]] = [
        Binding("d", "contact", "Контакт", show=False, tooltip="Принять предложенный контакт или указать другой"),
    ]

    def refusal(self, action: str, ticket: Ticket) -> str | None:
        """See `TicketPlace.refusal`."""
        if action == "contact" and ticket.merged_into is not None:
            return f"{ticket.key} стало частью другого обращения"
        return super().refusal(action, ticket)

    def action_contact(self) -> None:
        """Ask for the address, with what is offered filled in."""
        if ticket := self.ready("contact"):
            self.work_on("contact", partial(self._offer, ticket))

    def _offer(self, ticket: Ticket) -> OfferRead:
        with self.at.store.read() as tx:
            return OfferRead(ticket, offered_contact(tx.tickets.events(ticket.number)))

    @on(OfferRead)
    def _ask(self, event: OfferRead) -> None:
        event.stop()
        ticket, offered = event.ticket, event.offered
        hint = "Письма по обращению пойдут сюда. Письмо о приёме уйдёт, если его ещё никому не отправляли."
        if offered is not None:
            hint = f"Предложен автор пересланного письма. {hint}"
        panel = AskPanel(f"{ticket.key}: контакт", offered or ticket.contact_address or "", hint, _understood)
        self.app.push_screen(panel, partial(self._named, ticket))

    def _named(self, ticket: Ticket, address: str | None) -> None:
        if address is not None and address.strip():
            desk, me, wanted = self.at.desk, self.at.agent.login, address.strip()
            told = f"контакт теперь {visible(wanted)}"
            self.do(ticket, told, lambda seen: desk.set_contact(ticket.number, wanted, me, seen))


def _understood(text: str) -> str:
    if text.strip() and not valid_address(text.strip()):
        raise Refused("Это не адрес электронной почты")
    return f"Писать будем на {text.strip()}" if text.strip() else ""
