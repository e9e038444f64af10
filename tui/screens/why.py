"""Why each deadline of a ticket is what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from intake.explaining import explain, words
from tui.screens.whole import WholeScreen

if TYPE_CHECKING:
    from datetime import datetime

    from tui.reading import TicketFile


class WhyScreen(WholeScreen):
    """The deadlines, piece by piece, with the clauses they rest on."""

    HEADING: ClassVar[str] = "Почему такие сроки"
    HELP: ClassVar[str] = (
        "Откуда идёт каждый срок, какое время считается, какое нет и почему, какие события его начали и остановили, "
        "на каком пункте регламента или правиле службы он стоит."
    )

    def __init__(self, file: TicketFile, now: datetime) -> None:
        super().__init__(f"{file.ticket.key}  Почему такие сроки", explanation(file, now))


def explanation(file: TicketFile, now: datetime) -> str:
    """What ``otklik explain`` says of a ticket."""
    told = explain(file.ticket, file.events, file.regulation, now, file.escalations)
    return "\n\n".join("\n".join(words(one, file.regulation, now)) for one in told)
