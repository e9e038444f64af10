"""Reads the collections in ``cases/``: mails written for these tests, with what the sender newly wrote in each.

A case is ``@@ name``, then ``@text``, perhaps ``@html``, ``@reply`` and perhaps ``@signature``, each with its lines
below it. ``␣`` is a blank at the end of a line.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Case:
    """A mail and what should be read out of it."""

    name: str
    text: str
    html: str | None
    reply: str
    signature: str | None

    @property
    def held_back(self) -> bool:
        """A third, chosen by chance, that rules are not fitted to."""
        return zlib.crc32(self.name.encode()) % 3 == 0


def cases() -> list[Case]:
    """All cases of all collections."""
    return [case for path in sorted(FOLDER.glob("*.txt")) for case in _read(path)]


def _read(path: Path) -> list[Case]:
    found = []
    for chunk in re.split(r"^@@ (?!-)", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        name, _, rest = chunk.partition("\n")
        parts: dict[str, list[str]] = {}
        lines: list[str] = []
        for line in rest.split("\n"):
            if line in ("@text", "@html", "@reply", "@signature"):
                lines = parts.setdefault(line[1:], [])
            else:
                lines.append(line.replace("␣", " "))
        joined = {key: "\n".join(value).strip("\n") for key, value in parts.items()}
        found.append(
            Case(f"{path.stem}: {name}", joined["text"], joined.get("html"), joined["reply"], joined.get("signature"))
        )
    return found


def normal(text: str | None) -> str | None:
    """What two texts are compared by: NFC, no control and format characters, one space for any white space."""
    if text is None:
        return None
    drawn = (char for char in unicodedata.normalize("NFC", text) if char.isspace() or not _is_unseen(char))
    return " ".join("".join(drawn).split())


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf") or char == "\ufffc"
