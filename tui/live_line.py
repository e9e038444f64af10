"""The queue's status line: how the desk stands at this moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from intake.live import live
from tui.times import compact
from tui.widgets.bars import number_words

if TYPE_CHECKING:
    from textual.app import RenderResult

    from intake.live import Cover, Live
    from tui.workplace import Workplace

ALARM = "bold $error"


class LiveLine(Widget):
    """One line of `live_words`, as much of it as there is room for."""

    DEFAULT_CSS = """
    LiveLine { height: 1; padding: 0 1; background: $surface; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._live: Live | None = None

    def tell(self, live: Live) -> None:
        """Show how the desk stands now."""
        if live != self._live:
            self._live = live
            self.refresh()

    def render(self) -> RenderResult:
        """See Textual."""
        return Content("") if self._live is None else live_words(self._live, self.size.width)


def live_now(at: Workplace) -> Live:
    """The desk now; on a worker thread."""
    now = at.clock()
    with at.store.read() as tx:
        return live(tx, at.regulations.at(now), now)


def live_words(found: Live, width: int) -> Content:
    """ "Очередь 42, просрочено 3 · реакция p50 12 мин p95 48 мин · смена 3/3 тех. 1/1" (today's reactions, §5, and the
    shift now, §2); what is wrong is bold. Where that is too wide, words go first, then reactions, then a shift that is
    as it should be; a figure is shown whole or not at all."""
    forms = _forms(found)
    return next((form for form in forms if form.cell_length <= width), forms[-1])


def _forms(found: Live) -> list[Content]:
    """The line, from the longest to the shortest."""
    queue, overdue = _queue(found), _overdue(found, "просрочено")
    shift = Content.styled(_cover(found.cover), ALARM if found.cover.short else "")
    people = shift if found.cover.short else None
    return [
        _joined(queue, overdue, _reactions(found, "реакция "), shift),
        _joined(queue, overdue, _reactions(found, ""), shift),
        _joined(queue, overdue, _slowest(found), shift),
        _joined(queue, overdue, None, shift),
        _joined(queue, overdue, None, people),
        _joined(queue, _overdue(found, "проср."), None, people),
        _joined(queue, _overdue(found, "проср."), None, None),
        _joined(queue, None, None, None),
    ]


def _joined(queue: Content, overdue: Content | None, reactions: str | None, shift: Content | None) -> Content:
    first = queue if overdue is None else Content(", ").join([queue, overdue])
    rest = [piece for piece in (None if reactions is None else Content(reactions), shift) if piece is not None]
    return Content(" · ").join([first, *rest])


def _queue(found: Live) -> Content:
    return Content(f"Очередь {number_words(found.queue)}")


def _overdue(found: Live, word: str) -> Content:
    return Content.styled(f"{word} {number_words(found.overdue)}", ALARM if found.overdue else "")


def _reactions(found: Live, word: str) -> str:
    if found.p50 is None or found.p95 is None:
        return "реакций сегодня нет"
    return f"{word}p50 {compact(found.p50)} p95 {compact(found.p95)}"


def _slowest(found: Live) -> str | None:
    return None if found.p95 is None else f"p95 {compact(found.p95)}"


def _cover(cover: Cover) -> str:
    """Present of needed; out of hours nobody is needed."""
    if not cover.people_needed:
        return f"смена {cover.people}" if cover.people else "смены сейчас нет"
    if not cover.planned:
        return "смена не расписана"
    return f"смена {cover.people}/{cover.people_needed} тех. {cover.technical}/{cover.technical_needed}"
