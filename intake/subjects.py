"""Subjects and the shortest of answers: ticket tags, what is left without prefixes, a bare «спасибо»."""

from __future__ import annotations

import re

_MAX_SUBJECT = 2_000
_MAX_KEYS = 20
_MAX_ROUNDS = 50
_PREFIX = re.compile(
    r"\s*(?:re|fwd?|fw|на|ha|ответ|отв|пересл|переслано|пер|aw|antw(?:ort)?|sv|vs|wg|tr|rv|rif|r|i|odp|pd|vb|vl|відп|res|enc)"
    r"\s?(?:[\[(^]\d{1,4}[\])]?)?\s?[:：]\s*",
    re.IGNORECASE,
)


def ticket_keys_in(subject: str, prefix: str) -> tuple[str, ...]:
    """The ticket keys that ``subject`` names in brackets (``[VD-1042]`` with prefix "VD"), each once, in order."""
    if not prefix:
        return ()
    tag = re.compile(rf"\[\s{{0,3}}{re.escape(prefix)}\s?[-‐‑–]\s?(\d{{1,12}})\s{{0,3}}\]", re.IGNORECASE)
    keys = (f"{prefix}-{found.group(1)}" for found in tag.finditer(subject[:_MAX_SUBJECT]))
    return tuple(dict.fromkeys(keys))[:_MAX_KEYS]


def bare_subject(subject: str, prefix: str = "") -> str:
    """``subject`` without the prefixes of answers and forwards and without the tags of our tickets."""
    rest = " ".join(subject[:_MAX_SUBJECT].split())
    tag = re.compile(rf"\s*\[\s?{re.escape(prefix)}\s?[-‐‑–]\s?\d{{1,12}}\s?\]\s*", re.IGNORECASE) if prefix else None
    for _ in range(_MAX_ROUNDS):
        found = _PREFIX.match(rest) or (tag.match(rest) if tag else None)
        if found is None:
            break
        rest = rest[found.end() :]
    return (tag.sub(" ", rest) if tag else rest).strip()
