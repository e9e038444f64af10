"""A field for a path on this machine."""

from __future__ import annotations

import asyncio

from textual.binding import Binding
from textual.suggester import Suggester

from tui.keys import both
from tui.saving import completed
from tui.widgets.fields import Field


class PathSuggester(Suggester):
    """Offers what the names in the folder leave no choice about; looked up off the event loop."""

    def __init__(self, folders_only: bool) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._folders_only = folders_only

    async def get_suggestion(self, value: str) -> str | None:
        """See `completed`."""
        return await asyncio.to_thread(completed, value, self._folders_only) if value.strip() else None


class PathField(Field):
    """Tab and → take what is offered in pale letters."""

    BINDINGS = both([Binding("tab", "complete", "Дополнить", key_display="Tab", tooltip="Дописать путь")])

    def __init__(
        self,
        value: str = "",
        id: str | None = None,  # noqa: A002 - Textual's name
        folders_only: bool = False,
        placeholder: str = "",
    ) -> None:
        super().__init__(value, placeholder, id=id, suggester=PathSuggester(folders_only), select_on_focus=False)
        self._folders_only = folders_only

    async def action_complete(self) -> None:
        """Take what is offered."""
        value = self.value
        found = await asyncio.to_thread(completed, value, self._folders_only)
        if found is not None and self.value == value:
            self.value = found
            self.cursor_position = len(found)
