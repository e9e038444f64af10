"""A place that shows tickets: the one that verbs act on, why they cannot, and how they are carried out."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.message import Message

from intake.model import Ticket
from tui.acting import act
from tui.screens.choice import Choice, ChoicePanel, unless_none
from tui.screens.pick import Pick, PickPanel
from tui.screens.place import Place

if TYPE_CHECKING:
    from intake.regulation import Regulation


class Acted(Message):
    """A ticket was changed; ``told`` says what happened. ``go``: the ticket to go to."""

    def __init__(self, ticket: Ticket, told: str, go: int | None = None) -> None:
        super().__init__()
        self.ticket, self.told, self.go = ticket, told, go


class TicketPlace(Place[Any]):
    """What every verb stands on. ``VERBS`` are the actions that need a ticket."""

    VERBS: ClassVar[frozenset[str]] = frozenset()

    @abstractmethod
    def subject(self) -> Ticket | None:
        """The ticket that verbs act on."""

    def no_subject(self) -> str:
        """Why there is no ticket to act on."""
        return "Здесь нет обращения"

    @abstractmethod
    def rules_of(self, ticket: Ticket) -> Regulation:
        """The version it is bound to, without asking the database."""

    @abstractmethod
    def changed(self, ticket: Ticket) -> None:
        """A verb has changed it."""

    def why_not(self, action: str) -> str | None:
        """See `Place.why_not`."""
        if action not in self.VERBS:
            return None
        ticket = self.subject()
        return self.no_subject() if ticket is None else self.refusal(action, ticket)

    def refusal(self, action: str, ticket: Ticket) -> str | None:
        """Why a verb cannot act on a ticket, as far as the screen knows."""
        del action, ticket
        return None

    def ready(self, action: str) -> Ticket | None:
        """The ticket for a verb; None after saying why the verb cannot act now."""
        return self.subject() if self.may(action) else None

    def do(self, ticket: Ticket, told: str, verb: Callable[[int], Ticket], go: int | None = None) -> None:
        """Carry a verb out; ``verb`` takes the version that was seen. ``go``: the ticket to go to where one is open."""
        at = self.at
        self.carry_out("verb", lambda: Acted(act(at, ticket, verb), told, go))

    @on(Acted)
    def _acted(self, event: Acted) -> None:
        event.stop()
        self.say(f"{event.ticket.key}: {event.told}")
        if event.go is not None and self.open_number is not None:
            self.desk_app.open_ticket(event.go, instead=True)
        else:
            self.changed(event.ticket)

    @property
    def open_number(self) -> int | None:
        """The ticket this place is about; None where it lists many."""
        return None

    def choose(
        self, title: str, choices: Sequence[Choice], current: str | None, chosen: Callable[[str], None], hint: str = ""
    ) -> None:
        """Let the agent take one of a few."""
        self.app.push_screen(ChoicePanel(title, choices, current, hint), unless_none(chosen))

    def pick(
        self,
        title: str,
        find: Callable[[str], Sequence[Pick]],
        chosen: Callable[[str], None],
        placeholder: str = "",
    ) -> None:
        """Let the agent find one of many; ``find`` runs on a worker thread."""
        self.app.push_screen(PickPanel(title, find, placeholder), unless_none(chosen))
