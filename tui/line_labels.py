"""What events of the second line say besides their kind: topics, departments, channels in Russian."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.visible import visible

if TYPE_CHECKING:
    from intake.model import Event
    from intake.regulation import Regulation

CHANNELS = {"slack": "Slack", "mail": "почта"}
NOTHING_MORE = frozenset({"dept_edited", "dept_deleted"})
"""Kinds whose second value is a message's number."""


def of_the_line(kind: str) -> bool:
    """Whether a kind of event belongs to the second line."""
    return kind.startswith("dept_") or kind in ("escalated", "channel_replaced")


def line_values(event: Event, regulation: Regulation) -> list[str]:
    """The values of an event of the second line in words: the topic, and the department, person or address."""
    if event.kind == "channel_replaced":
        department, _, channel = (event.after or "").partition(": ")
        return [
            f"{department_words(regulation, department)}: {_channel(channel)} вместо {_channel(event.before or '')}"
        ]
    found = [_topic(regulation, event.after if event.kind == "escalated" else event.before)]
    if event.kind not in NOTHING_MORE and event.kind != "escalated":
        found.append(department_words(regulation, event.after))
    return [words for words in found if words]


def department_words(regulation: Regulation, key: str | None) -> str:
    """A department's name; what is none as it is."""
    return visible(regulation.rules.second_line.departments.get(key or "", key or ""))


def _topic(regulation: Regulation, key: str | None) -> str:
    topic = regulation.rules.second_line.topics.get(key or "")
    return topic.name if topic is not None else visible(key or "")


def _channel(key: str) -> str:
    return CHANNELS.get(key, visible(key))
