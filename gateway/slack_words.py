"""Slack's own markup as plain text (docs.slack.dev, "Formatting message text")."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

_REFERENCE = re.compile(r"<([^<>|]{1,2000})(?:\|([^<>]{0,2000}))?>")


def plain_text(text: str) -> str:
    """Text with links, people and channels written out."""
    return html.unescape(_REFERENCE.sub(_written_out, text))


def _written_out(found: re.Match[str]) -> str:
    target, label = found[1], found[2]
    if target[:1] in "@#!":
        return f"{target[0] if target[0] != '!' else '@'}{label or target[1:]}"
    return target if not label or label == target else f"{label} ({target})"


def said_text(message: Mapping[str, Any]) -> str:
    """A message's words, and its files by link."""
    lines = [plain_text(str(message.get("text") or ""))]
    for file in (message.get("files") or ())[:20]:
        name, link = file.get("name") or "файл", file.get("permalink") or ""
        lines.append(f"Файл: {name} {link}".rstrip())
    return "\n".join(filter(None, lines))
