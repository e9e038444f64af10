"""A text that was put together elsewhere; never markup."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class Words(Static):
    """Shows `Content` as it is."""

    def __init__(self, content: Content | None = None, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(content if content is not None else Content(""), markup=False, id=id, classes=classes)
        self._told = content

    def tell(self, content: Content) -> None:
        """Show something else; nothing is drawn again where it is the same."""
        if self._told is None or content != self._told or content.spans != self._told.spans:
            self._told = content
            self.update(content)
