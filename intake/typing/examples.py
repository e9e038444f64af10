"""Labelled mails to learn from: those of the package and what agents correct, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from intake.typing.verdict import LABELS, NONE


@dataclass(frozen=True, slots=True)
class Example:
    """A mail and what it is; ``topic`` None is "the first line answers", ``criticality`` is for bugs only.

    ``said`` are the questions it answers. ``writer`` is whose words they are, None for examples written to be learnt
    from; ``weight`` is how many of those it counts for.
    """

    subject: str
    text: str
    type: str
    topic: str | None
    criticality: str | None = None
    said: frozenset[str] = frozenset(LABELS)
    writer: str | None = None
    weight: int = 1

    def answer(self, question: str) -> str | None:
        """The label of a question as the judges name it; None where the question does not arise or is not answered."""
        if question not in self.said:
            return None
        if question == "topic":
            return self.topic or NONE
        return self.type if question == "type" else self.criticality


def parse(lines: Iterable[str], origin: str) -> Iterator[Example]:
    """Examples of JSON Lines with ``subject``, ``body`` (or ``text``), ``type``, ``topic``, ``criticality``.

    Raises ValueError naming `origin` and the line when a line is no object or a label is unknown.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _example(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{origin}, line {number}: {error}") from error


def _example(row: dict[str, str | None]) -> Example:
    text = row["text"] if "text" in row else row["body"]
    type_ = _label("type", row["type"])
    if type_ is None:
        raise ValueError("type is missing")
    criticality = _label("criticality", row.get("criticality")) if type_ == "bug" else None
    return Example(
        str(row.get("subject") or ""), str(text or ""), type_, _label("topic", row.get("topic")), criticality
    )


def _label(question: str, label: str | None) -> str | None:
    if label is not None and (label not in LABELS[question] or label == NONE):
        raise ValueError(f"unknown {question} {label!r}")
    return label


@lru_cache(maxsize=1)
def shipped_examples() -> tuple[Example, ...]:
    """The examples of the package, in the order of their files."""
    folder = files(__package__).joinpath("examples")
    found = sorted((file for file in folder.iterdir() if file.name.endswith(".jsonl")), key=lambda file: file.name)
    return tuple(example for file in found for example in parse(file.read_text("utf-8").splitlines(), file.name))


def read_examples(path: Path) -> tuple[Example, ...]:
    """The examples of a file; OSError when it can't be read, ValueError when it can't be understood."""
    return tuple(parse(path.read_text("utf-8").splitlines(), str(path)))
