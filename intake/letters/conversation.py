"""Letters as messages of the conversation they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.model import Direction
from intake.ports import NewMessage

if TYPE_CHECKING:
    from datetime import datetime

    from intake.letters.contexts import Rendered
    from intake.model import Letter, Ticket
    from intake.settings import DeskSettings


def letter_message(
    ticket: Ticket,
    letter: Letter,
    rendered: Rendered,
    outbox: int,
    settings: DeskSettings,
    author: str | None,
    now: datetime,
) -> NewMessage:
    """A letter as a message of its ticket."""
    return NewMessage(
        ticket=ticket.number,
        direction=Direction.OUT,
        at=now,
        text=rendered.text,
        full_text=rendered.text,
        subject=rendered.subject,
        sender_name=settings.name,
        sender_address=settings.address,
        author=author,
        automatic=letter.automatic,
        outbox=outbox,
        ids=(letter.message_id,),
    )
