"""What a judge says of a mail: a best guess for type, topic and criticality, each with the words it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NONE: Final = "none"
"""The label that stands for "no topic" inside the judges; outside it is ``None``."""

LABELS: Final[dict[str, tuple[str, ...]]] = {
    "type": ("consultation", "bug", "improvement"),
    "topic": (
        NONE,
        "legal",
        "settlements",
        "promotion",
        "development",
        "system_errors",
        "data_edit",
        "joint_events",
        "joint_pr",
    ),
    "criticality": ("critical", "high", "medium", "low"),
}
"""The labels of each question, in the order of the regulation (§3, §7)."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words as they stand in the mail, the rule or feature that saw them, and its weight for the guess."""

    words: str
    rule: str
    weight: float


@dataclass(frozen=True, slots=True)
class Guess:
    """A best guess. ``confidence`` is 0…1; not ``sure`` means that a person should be asked."""

    value: str | None
    confidence: float
    evidence: tuple[Evidence, ...] = ()
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Typing:
    """Type (§3), second-line topic (§7; None: the first line answers itself), criticality (bugs only)."""

    type: Guess
    topic: Guess
    criticality: Guess


NOTHING: Final = Guess(None, 0.0)
