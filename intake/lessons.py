"""What agents said of tickets, kept beside the first message: what the desk's own typing model learns from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

MOST_CORRECTED: Final = 3000
MOST_CONFIRMED: Final = 500


@dataclass(frozen=True, slots=True)
class Lesson:
    """A ticket's first message and what a person said of it: ``said[question]``, only the questions that were
    answered, a topic of None meaning that the first line answers. ``by`` answered last, at ``at``; ``writer`` is the
    sender's address in lower case, or a name of the ticket where it is not known."""

    ticket: int
    subject: str
    text: str
    writer: str
    said: Mapping[str, str | None]
    by: str
    at: datetime


class Lessons(Protocol):
    """What people said of tickets, and the models learnt from it. Spam and erased texts teach nothing."""

    def corrected(self, limit: int = MOST_CORRECTED) -> list[Lesson]:
        """Tickets whose type, topic or criticality an agent set, the latest ``limit`` of them, oldest first. The
        last word on each question counts; the topic a department was asked about counts where none was set."""

    def confirmed(self, limit: int = MOST_CONFIRMED) -> list[Lesson]:
        """Tickets that came by mail and that an agent closed without a word on how they were typed, as `corrected`."""

    def put_model(self, text: str, figures: str, now: datetime) -> int:
        """Put a model in use; its version. An empty ``text`` stands for the package's own model, ``figures`` is JSON
        telling how it was judged. Older ones than the last few are dropped."""

    def model_version(self) -> int:
        """The version in use; 0 where none was ever put."""

    def model(self) -> tuple[int, str]:
        """Version and text of the model in use; (0, "") where none was ever put."""
