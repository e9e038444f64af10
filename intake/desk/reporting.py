"""The month's quality, mailed to the leads once it is over."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from intake.desk.base import DeskBase
from intake.desk.roles import leads
from intake.letters.addresses import valid_address
from intake.quality import Month, QualityReports

if TYPE_CHECKING:
    from intake.letters.enclosures import Enclosure
    from intake.ports import Transaction

MAILED, DESK_LEVEL = "quality-mailed", 0
TREND_MONTHS = 12


class Reporting(DeskBase):
    """What the leads are told by themselves."""

    def mail_month(self) -> bool:
        """From the opening of a month's first working day on, mail the month before to the leads with its report,
        once; whether a letter was queued. Months missed while nothing ran follow one by one; a month without closings
        is passed over; without a lead to write to nothing is done."""
        now = self._clock()
        month = self._month_due(now)
        if month is None:
            return False
        reports = QualityReports(self._store, self._regulations, self._settings.timezone)
        trend = reports.trend(month, TREND_MONTHS)
        if not trend[-1].desk.closed:
            return self._store.write(partial(self._mail, month, None, now))
        from intake.quality.page import page_of
        from intake.quality.summary import month_lines

        page = page_of(trend[-1], trend, self._settings.name, reports.zone, now)
        letter = month_lines(trend), self._writer.quality_report(page, str(month))
        return self._store.write(partial(self._mail, month, letter, now))

    def _month_due(self, now: datetime) -> Month | None:
        """The oldest month the leads have not been told of; None before it is time, or where there is no lead."""
        regulation = self._regulations.at(now)
        last = Month.of(now, regulation.zone).plus(-1)
        with self._store.read() as tx:
            told = tx.notes.value(MAILED)
            anybody = any(valid_address(one.email) for one in leads(tx.people.agents()))
        month = last if told is None else min(last, max(Month.parse(told).plus(1), last.plus(1 - TREND_MONTHS)))
        if not anybody or str(month) <= (told or ""):
            return None
        began = month.plus(1).bounds(regulation.zone)[0]
        return month if now >= regulation.working.next_opening(began) else None

    def _mail(self, month: Month, letter: tuple[list[str], Enclosure] | None, now: datetime, tx: Transaction) -> bool:
        if not tx.tickets.notice(DESK_LEVEL, MAILED, str(month), now):
            return False
        tx.notes.set_value(MAILED, str(month))
        if letter is None:
            return False
        lines, report = letter
        to = leads(tx.people.agents())
        made = self._writer.staff("quality", to, f"Качество за {month.words}", lines, None, now, [report])
        if made is not None:
            tx.outbox.add(made, now)
        return made is not None
