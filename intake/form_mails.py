"""Mails that a foreign form's robot sends: lines or table rows of «Поле: значение», read into who asks what.

The person is in the text; the robot is nobody's contact.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from intake.mail.message import Message

_SEPARATOR = re.compile(r"\s*(?:[:：=|\t]|\s[–—-]\s)\s*|\s{2,}")
_DECORATION = re.compile(r"^(?:[\s*_>•·\-–—#\[]|\d{1,2}[.)]\s)+|[\s*_\]]+$")
_REMARK = re.compile(r"\s*(?:\([^()]{1,60}\)|\*)+$")
_DASHES = str.maketrans("–—‑‐−", "-----")
LONGEST_LABEL = 120
_MOST_COLUMNS = 50
MULTI_LINE = "body"
REST = "rest"
"""What the mail holds beside the fields that were asked for: other fields of the form, a line each."""


@dataclass(frozen=True, slots=True)
class FormSpec:
    """One robot: its address (lower case) and the label that stands before each field's value."""

    sender: str
    fields: Mapping[str, str]


def filled_in(message: Message, specs: Mapping[str, FormSpec]) -> dict[str, str] | None:
    """The fields a robot's mail holds, by our names (name, email, organisation, product, type, subject, body), and what
    else it holds as `REST`.

    ``specs`` by the robot's address. None where no robot of ours sent it, or where the mail names no field at all.
    """
    sender = message.sender[0].address.lower() if message.sender else ""
    spec = specs.get(sender)
    if spec is None:
        return None
    found = read_fields(message.text, spec.fields)
    return found if set(found) - {REST} else None


def read_fields(text: str, labels: Mapping[str, str]) -> dict[str, str]:
    """Values by field. A label begins a line; its value stands behind it, or below where the line ends there. Only
    the body goes on over further lines, up to the next known label; the first value of a field counts. Nothing of what
    stands between the fields is lost: it is the `REST`."""
    by_label = {_folded(label): name for name, label in labels.items()}
    found: dict[str, list[str]] = {}
    rest: list[str] = []
    current: str | None = None
    for line in _turned(text.split("\n"), by_label):
        name, value = _labelled(line, by_label)
        if name is not None and name not in found:
            found[name] = [value]
            current = name
        elif current is not None and (current == MULTI_LINE or not "".join(found[current]).strip()):
            found[current].append(line.rstrip())
        elif line.strip() and (found or _SEPARATOR.search(line.strip()[:LONGEST_LABEL])):
            rest.append(line.strip())
    found[REST] = rest
    return {name: value for name, lines in found.items() if (value := "\n".join(lines).strip())}


def _turned(lines: Sequence[str], by_label: Mapping[str, str]) -> Iterator[str]:
    """The lines, a table whose first row holds the labels and whose second the values turned into a line a field."""
    below: list[str] = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if below:
            yield from below
            below = []
            continue
        heads, values = line.split("\t"), following.split("\t")
        known = sum(_folded(head) in by_label for head in heads[:_MOST_COLUMNS])
        if len(heads) == len(values) and known >= 2:
            below = [f"{head.strip()}: {value.strip()}" for head, value in zip(heads, values, strict=True)]
        else:
            yield line


def _labelled(line: str, by_label: Mapping[str, str]) -> tuple[str | None, str]:
    """The field a line begins, and what stands behind its label."""
    head = line[: LONGEST_LABEL * 2]
    bare = _DECORATION.sub("", head)
    whole = by_label.get(_folded(bare))
    if whole is not None:
        return whole, ""
    for separator in _SEPARATOR.finditer(head):
        name = by_label.get(_folded(_DECORATION.sub("", head[: separator.start()])))
        if name is not None:
            return name, line[separator.end() :].strip(" *_\t")
    return None, ""


def _folded(label: str) -> str:
    """A label as it is compared: case, «ё», dashes, blanks, a closing colon, star or bracketed remark don't matter."""
    text = unicodedata.normalize("NFKC", label).casefold().replace("ё", "е").translate(_DASHES)
    return _REMARK.sub("", " ".join(text.split()).rstrip(":")).strip(" *_[]:")
