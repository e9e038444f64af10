"""Texts made alike for comparing, and lists of words kept as text."""

from __future__ import annotations


def folded(text: str) -> str:
    """Lower case, «е» for «ё», straight apostrophes, any white space one blank, no soft hyphens."""
    return " ".join(text.lower().translate(_ALIKE).split())


def listed(text: str) -> tuple[str, ...]:
    """The entries of ``text``, each once: they are separated by ``;``, and ``_`` stands for a blank that counts."""
    entries = (" ".join(entry.split()).replace("_", " ") for entry in text.split(";"))
    return tuple(dict.fromkeys(entry for entry in entries if entry))


_ALIKE = str.maketrans({"ё": "е", "’": "'", "‘": "'", "`": "'", "\u00ad": None, "\u200b": None, "\ufeff": None})
