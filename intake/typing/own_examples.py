"""What agents said of tickets as examples, each text once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from intake.lessons import Lesson
from intake.typing.examples import Example
from intake.typing.verdict import LABELS, NONE

WEIGHT: Final = 2
"""How many shipped examples a mail that an agent judged counts for: it is of this desk, and somebody looked at it."""


def examples_of(lessons: Iterable[Lesson]) -> list[Example]:
    """Examples, each text once: of several tickets with the same words the last word on each question counts."""
    found: dict[tuple[str, str], Example] = {}
    for lesson in lessons:
        key = (_folded(lesson.subject), _folded(lesson.text))
        if any(key):
            fresh = example_of(lesson)
            found[key] = fresh if key not in found else _later(found[key], fresh)
    return [example for example in found.values() if example.said]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _later(before: Example, after: Example) -> Example:
    """Both, ``after`` having the last word."""
    type_ = after.type if "type" in after.said else before.type
    topic = after.topic if "topic" in after.said else before.topic
    criticality = after.criticality if "criticality" in after.said else before.criticality
    said = before.said | after.said
    return Example(after.subject, after.text, type_, topic, criticality, said, after.writer, after.weight)


def example_of(lesson: Lesson) -> Example:
    """An example that answers no more than was said."""
    known = {q: label for q, label in lesson.said.items() if q in LABELS and (label or NONE) in LABELS[q]}
    return Example(
        lesson.subject,
        lesson.text,
        known.get("type") or "",
        known.get("topic"),
        known.get("criticality"),
        said=frozenset(known),
        writer=lesson.writer,
        weight=WEIGHT,
    )
