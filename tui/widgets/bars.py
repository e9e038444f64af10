"""One-line bars: what the desk is and who sits there, the filters, the keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widget import Widget

from intake.visible import visible
from tui.keys import shown_key
from tui.reading import FILTERS, Filter

if TYPE_CHECKING:
    from textual import events
    from textual.app import RenderResult
    from textual.binding import Binding
    from textual.screen import Screen


ALWAYS = frozenset({"help", "leave", "back"})


class TitleBar(Widget):
    """Two texts, one at each end; the left one gives way."""

    def __init__(self, left: str = "", right: str = "") -> None:
        super().__init__()
        self._left, self._right = left, right

    def tell(self, left: str, right: str) -> None:
        """Say something else."""
        if (left, right) != (self._left, self._right):
            self._left, self._right = left, right
            self.refresh()

    def render(self) -> RenderResult:
        """See Textual."""
        left, right, width = visible(self._left), visible(self._right), self.size.width
        room = width - cell_len(right) - 3
        start = Content.styled(f" {left}", "bold").truncate(max(0, room), ellipsis=True)
        gap = " " * max(1, width - start.cell_length - cell_len(right) - 1)
        return Content.assemble(start, gap, (right, "dim"), " ")


class FilterBar(Widget):
    """The queue's filters with their counts; says `Chosen` when one is clicked."""

    class Chosen(Message):
        """A filter was clicked."""

        def __init__(self, filter_id: str) -> None:
            super().__init__()
            self.filter_id = filter_id

    def __init__(self) -> None:
        super().__init__()
        self._filter: Filter = FILTERS[0]
        self._counts: Mapping[str, int] = {}
        self._note = ""
        self._spans: list[tuple[int, int, str]] = []

    def tell(self, chosen: Filter, counts: Mapping[str, int], note: str) -> None:
        """Mark a filter, show counts, and a note at the right."""
        self._filter, self._counts, self._note = chosen, counts, note
        self.refresh()

    def render(self) -> RenderResult:
        """See Textual."""
        parts: list[Content] = [Content(" ")]
        self._spans, place = [], 1
        for digit, item in enumerate(FILTERS, 1):
            count = self._counts.get(item.id)
            words = f" {digit} {item.title}" + ("" if count is None else f" {number_words(count)}") + " "
            on = item.id == self._filter.id
            parts.append(Content.styled(f"[{words[1:-1]}]" if on else words, "bold reverse" if on else ""))
            self._spans.append((place, place + cell_len(words), item.id))
            place += cell_len(words)
        parts.append(self._overdue(self.size.width - place))
        line = Content("").join(parts)
        gap = self.size.width - line.cell_length - cell_len(self._note) - 1
        return line.append(Content.styled(" " * gap + self._note, "dim")) if gap > 1 else line

    def _overdue(self, room: int) -> Content:
        """Whole, shorter or, as the line below the list has it too, not at all."""
        overdue = self._counts.get("overdue", 0)
        forms = [f"  {word} {number_words(overdue)}" for word in ("просрочено", "проср.")] if overdue else []
        return Content.styled(next((form for form in forms if cell_len(form) <= room), ""), "bold $error")

    def on_click(self, event: events.Click) -> None:
        """Choose the filter under the pointer."""
        for start, end, filter_id in self._spans:
            if start <= event.x < end:
                self.post_message(self.Chosen(filter_id))


class KeyBar(Widget):
    """The main keys of a place, in the keyboard layout that is on; a click presses one.

    The way back and the help are always there; of the others as many as there is room for."""

    def on_mount(self) -> None:
        """Follow the place's bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, screen: Screen[object]) -> None:
        if screen is self.screen:
            self.refresh()

    def render(self) -> RenderResult:
        """See Textual."""
        pieces = [(_key_piece(key, binding), binding.action) for key, binding in self._shown()]
        width = self.size.width
        gap = " " if sum(piece.cell_length + 1 for piece, _ in pieces) < width else ""
        room = width - sum(piece.cell_length for piece, action in pieces if action in ALWAYS)
        parts: list[Content] = []
        for piece, action in pieces:
            if action not in ALWAYS:
                room -= piece.cell_length + len(gap)
                if room < 0:
                    continue
            parts += [piece, Content(gap)]
        return Content("").join(parts)

    def _shown(self) -> Sequence[tuple[str, Binding]]:
        russian = getattr(self.app, "russian", False)
        seen: dict[str, tuple[str, Binding]] = {}
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if binding.show and binding.action not in seen:
                seen[binding.action] = (binding.key_display or shown_key(binding.key, russian), binding)
        return list(seen.values())


def _key_piece(key: str, binding: Binding) -> Content:
    click = Style.from_meta({"@click": ("screen.press_key", (binding.key,))})
    return Content.assemble((f" {key}", "bold $footer-key-foreground"), f" {binding.description}").stylize(click)


def number_words(number: int) -> str:
    """ "1 240"."""
    return f"{number:,}".replace(",", "\u00a0")
