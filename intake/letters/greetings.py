"""Whether a person's text greets by itself."""

from __future__ import annotations

import re

_GREETING = re.compile(
    r"[\W_]*(здравствуй|добр(ый|ого|ое|ой)\s+(день|дня|вечер|вечера|утро|утра|времени|ночи)|доброго\b|привет|уважаем|"
    r"приветствую|hello\b|hi\b|dear\b|good\s+(morning|afternoon|evening|day)\b)",
    re.IGNORECASE,
)


def greets(text: str) -> bool:
    """Whether a text begins with a greeting, so that a letter around it needs none."""
    return _GREETING.match(text) is not None
