"""A long text, page by page: each page is quick however long the whole is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.content import Content

from intake.visible import visible
from tui.conversation import pages, wrappable
from tui.keys import both
from tui.screens.place import Place
from tui.screens.review import Pages
from tui.widgets.bars import KeyBar, TitleBar
from tui.widgets.words import Words

if TYPE_CHECKING:
    from textual.app import ComposeResult


class WholeScreen(Place[None]):
    """Shows a text whole."""

    HEADING: ClassVar[str] = "Сообщение целиком"
    HELP: ClassVar[str] = "Всё, что прислал клиент, с цитатами и подписью, по страницам."
    BINDINGS = both(
        [
            Binding("n,right", "leaf(1)", "Дальше", tooltip="Следующая страница"),
            Binding("b,left", "leaf(-1)", "Раньше", tooltip="Предыдущая страница"),
            Binding("escape,q", "leave", "Назад", key_display="Esc", tooltip="К обращению"),
        ]
    )

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = title
        self._pages = pages(text)
        self._place = 0

    def compose(self) -> ComposeResult:
        """Title, a page, keys."""
        yield TitleBar(self._title)
        with Pages(id="page"):
            yield Words(id="page-text")
        yield KeyBar()

    def on_mount(self) -> None:
        """The first page."""
        self._tell()

    def _tell(self) -> None:
        self.query_one("#page-text", Words).tell(
            Content(visible(wrappable(self._pages[self._place]), keep_newlines=True))
        )
        self.query_one(TitleBar).tell(self._title, f"страница {self._place + 1} из {len(self._pages)}")
        scroll = self.query_one(Pages)
        scroll.scroll_home(animate=False)
        scroll.focus()

    def action_leaf(self, step: int) -> None:
        """Turn a page."""
        if 0 <= self._place + step < len(self._pages):
            self._place += step
            self._tell()
        else:
            self.say("Это последняя страница" if step > 0 else "Это первая страница")

    def action_leave(self) -> None:
        """Back."""
        self.dismiss()
