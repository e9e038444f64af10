"""The fields of a message/delivery-status body, RFC 3464 section 2, read tolerantly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MAX_CHARS = 262_144
_MAX_GROUPS = 500
_MAX_VALUE = 1_000
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,60})[ \t]{0,8}:")
_ADDRESS = re.compile(
    r"(?<![\w.!#$%&'*+/=?^`{|}~-])"
    r"[\w!#$%&'*+/=?^`{|}~-][\w.!#$%&'*+/=?^`{|}~-]{0,127}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}"
)
_STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)")

#: Worst first: a report about several recipients is judged by its worst news.
ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")
_CLASSES = {"5": "failed", "4": "delayed", "2": "delivered"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the letter for one recipient; every member may be missing."""

    action: str | None
    recipient: str | None
    status: str | None
    diagnostic: str | None


def addresses_in(text: str) -> tuple[str, ...]:
    """Every address in ``text`` in order, each once."""
    return tuple(dict.fromkeys(_ADDRESS.findall(text)))


def status_in(text: str) -> str | None:
    """The first enhanced status code (RFC 3463) in ``text``."""
    found = _STATUS.search(text)
    return found.group() if found else None


def outcomes(text: str) -> tuple[Outcome, ...]:
    """One outcome for each group of fields that tells of a recipient."""
    groups = (_outcome(group) for _, group in zip(range(_MAX_GROUPS), _groups(text), strict=False))
    return tuple(outcome for outcome in groups if outcome is not None)


def field_values(text: str, name: str) -> tuple[str, ...]:
    """Every value of field ``name`` (lower case) anywhere in ``text``."""
    return tuple(group[name] for group in _groups(text) if name in group)


def _groups(text: str) -> Iterator[dict[str, str]]:
    group: dict[str, str] = {}
    last = None
    for line in text[:_MAX_CHARS].splitlines():
        field = _FIELD.match(line)
        if not line.strip():
            if group:
                yield group
            group, last = {}, None
        elif line[0] in " \t" and last is not None:
            group[last] = f"{group[last]} {line.strip()}"[:_MAX_VALUE]
        elif field is not None:
            last = field.group(1).lower()
            if last == "final-recipient" and last in group:
                yield group
                group = {}
            group.setdefault(last, line[field.end() :].strip()[:_MAX_VALUE])
    if group:
        yield group


def _outcome(group: dict[str, str]) -> Outcome | None:
    recipient = _recipient(group)
    status = status_in(group.get("status", "")) or status_in(group.get("diagnostic-code", ""))
    action = _action(group.get("action", ""), status)
    if recipient is None and action is None:
        return None
    diagnostic = group.get("diagnostic-code", "").partition(";")[2].strip() or group.get("diagnostic-code")
    return Outcome(action, recipient, status, diagnostic or None)


def _recipient(group: dict[str, str]) -> str | None:
    names = ("original-recipient", "final-recipient", "x-actual-recipient", "x-supplementary-info")
    for name in names:
        found = addresses_in(group.get(name, ""))
        if found:
            return found[0]
    return None


def _action(value: str, status: str | None) -> str | None:
    word = value.split("(")[0].strip().lower()
    exact = next((action for action in ACTIONS if word.startswith(action)), None)
    if exact is not None:
        return exact
    if word in {"failure", "fail", "error", "bounced"}:
        return "failed"
    return _CLASSES.get(status[0]) if status else None
