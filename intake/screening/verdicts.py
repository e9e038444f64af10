"""What the rules answer: a verdict that names its rule and the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from intake.screening.facts import Facts

Kind = Literal[
    "bounce",
    "delivery_receipt",
    "receipt",
    "feedback_report",
    "own_letter",
    "auto_reply",
    "calendar_answer",
    "challenge",
    "list",
    "notification",
    "spam",
    "invitation",
    "ordinary",
]

#: ``ignored_unless_known``: ignored, but a ticket when it answers us or a known contact sent it.
#: ``automatic``: shown on the ticket it belongs to and changes no state; ignored without one.
Becomes = Literal["ticket", "ignored", "ignored_unless_known", "report", "automatic", "quarantined"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One question about a mail and what a yes means.

    ``question`` answers with the evidence in a few words, or None for no. Any yes forbids an automatic letter;
    ``no_auto_answer`` is off where the mail itself could be answered and only the desk had better not.
    """

    name: str
    question: Callable[[Facts], str | None]
    kind: Kind = "ordinary"
    becomes: Becomes = "ticket"
    automatic: bool = False
    no_auto_answer: bool = True
    bounce: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a mail is and what may come of it.

    ``rule`` is the first rule that decided, ``why`` its evidence in English, ``also`` the other rules that said
    yes. ``automatic``: made by a machine. ``letter_allowed``: the desk may answer it with an automatic letter.
    ``bounce``: a failure or delay report about a letter of ours.
    """

    kind: Kind
    rule: str
    automatic: bool
    letter_allowed: bool
    bounce: bool
    becomes: Becomes
    why: str
    no_auto_answer: bool
    also: tuple[str, ...] = ()

    @property
    def auto_submitted(self) -> bool:
        """Made by a machine: auto-reply, out-of-office, bounce, receipt, calendar answer, notification."""
        return self.automatic
