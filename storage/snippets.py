"""The desk's own snippets on a database. See `intake.snippets.Snippets`."""

from __future__ import annotations

from intake.snippets import Snippet
from storage.rows import Rows


class StoredSnippets:
    """See `intake.snippets.Snippets`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def all(self) -> list[Snippet]:
        """See `Snippets.all`."""
        return sorted(
            (Snippet(*row) for row in self._rows.all("SELECT topic, name, text FROM snippets")),
            key=lambda snippet: (snippet.topic, snippet.name),
        )

    def put(self, snippet: Snippet) -> None:
        """See `Snippets.put`."""
        self._rows.put("snippets", {"name": snippet.name}, {"topic": snippet.topic, "text": snippet.text})
