"""The queue's status line: how the desk stands at this moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from intake.live import live
from tui.times import compact
from tui.widgets.bars import number_words
from tui.widgets.words import Words

if TYPE_CHECKING:
    from intake.live import Cover, Live
    from tui.workplace import Workplace

ALARM = "bold $error"


class LiveLine(Words):
    """One line of `live_words`."""

    DEFAULT_CSS = """
    LiveLine { height: 1; padding: 0 1; background: $surface; text-wrap: nowrap; text-overflow: ellipsis; }
    """


def live_now(at: Workplace) -> Live:
    """The desk now; on a worker thread."""
    now = at.clock()
    with at.store.read() as tx:
        return live(tx, at.regulations.at(now), now)


def live_words(found: Live) -> Content:
    """ "Очередь 42, просрочено 3 · реакция p50 12 мин p95 48 мин · смена 3/3 тех. 1/1" (today's reactions, §5, and the
    shift now, §2); what is wrong is bold."""
    overdue = Content.styled(f"просрочено {number_words(found.overdue)}", ALARM if found.overdue else "")
    return Content(" · ").join(
        [
            Content.assemble(f"Очередь {number_words(found.queue)}, ", overdue),
            Content(_reactions(found)),
            Content.styled(_cover(found.cover), ALARM if found.cover.short else ""),
        ]
    )


def _reactions(found: Live) -> str:
    if found.p50 is None or found.p95 is None:
        return "реакций сегодня нет"
    return f"реакция p50 {compact(found.p50)} p95 {compact(found.p95)}"


def _cover(cover: Cover) -> str:
    """Present of needed; out of hours nobody is needed."""
    if not cover.people_needed:
        return f"смена {cover.people}" if cover.people else "смены сейчас нет"
    if not cover.planned:
        return "смена не расписана"
    return f"смена {cover.people}/{cover.people_needed} тех. {cover.technical}/{cover.technical_needed}"
