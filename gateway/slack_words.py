"""Slack's own markup as plain text (docs.slack.dev, "Formatting message text")."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from intake.letters.posting import escaped

_REFERENCE = re.compile(r"<([^<>|]{1,2000})(?:\|([^<>]{0,2000}))?>")


def plain_text(text: str, named: Callable[[str], str] = str) -> str:
    """Text with links, people and channels written out; ``named``: the name of a person by his id."""
    return html.unescape(_REFERENCE.sub(partial(_written_out, named), text))


def _written_out(named: Callable[[str], str], found: re.Match[str]) -> str:
    target, label = found[1], found[2]
    if target[0] == "@":
        return f"@{label or escaped(named(target[1:]))}"
    if target[0] in "#!":
        return f"{target[0] if target[0] != '!' else '@'}{label or target[1:]}"
    return target if not label or label == target else f"{label} ({target})"


def said_text(message: Mapping[str, Any], named: Callable[[str], str] = str) -> str:
    """A message's words, and its files by link. ``named``: see `plain_text`."""
    lines = [plain_text(str(message.get("text") or ""), named)]
    for file in (message.get("files") or ())[:20]:
        name, link = file.get("name") or "файл", file.get("permalink") or ""
        lines.append(f"Файл: {name} {link}".rstrip())
    return "\n".join(filter(None, lines))
