"""Word lists are written as rows of words; this makes sets of them."""

from __future__ import annotations


def words(*rows: str, separator: str | None = None) -> frozenset[str]:
    """All words of ``rows``, which are parted by white space or by ``separator``."""
    return frozenset(word for row in rows for word in row.split(separator))
