"""A place that shows one month at a time."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from textual.binding import Binding, BindingType

from intake.quality import Month
from tui.screens.place import Place


class MonthPlace(Place[None]):
    """Goes from month to month, from the first to the present one. ``month`` is the one that is wanted."""

    MONTHS: ClassVar[list[BindingType]] = [
        Binding("left,b", "month(-1)", "Раньше", tooltip="Предыдущий месяц"),
        Binding("right,n", "month(1)", "Позже", tooltip="Следующий месяц"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.month: Month | None = None

    def on_mount(self) -> None:
        """The present month. Called besides the handler of the place itself."""
        self.month = self._present()
        self.count(self.month)

    @abstractmethod
    def count(self, month: Month) -> None:
        """Have a month counted on a worker thread, to be shown."""

    def desk_changed(self) -> None:
        """See `Place.desk_changed`."""
        if self.month is not None:
            self.count(self.month)

    def action_month(self, step: int) -> None:
        """Another month."""
        if self.month is None:
            return
        wanted = self.month.plus(step)
        if wanted > self._present():
            self.say("Следующий месяц ещё не наступил")
            return
        self.month = wanted
        self.count(wanted)

    def _present(self) -> Month:
        return Month.of(self.at.clock(), self.at.zone)

    def action_leave(self) -> None:
        """Back."""
        self.dismiss()
