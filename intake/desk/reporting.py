"""The month's quality, mailed to the leads once it is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.desk.base import DeskBase
from intake.desk.roles import leads
from intake.quality import Month, QualityReports, labels
from intake.quality.advice import needs_help
from intake.wording import plural

if TYPE_CHECKING:
    from intake.ports import Transaction
    from intake.quality import Standing

MAILED = "quality-mailed"


class Reporting(DeskBase):
    """What the leads are told by themselves."""

    def mail_month(self) -> bool:
        """From the opening of a month's first working day on, mail the month before to the leads, once; whether a
        letter was queued. A month without closings is passed over."""
        now = self._clock()
        regulation = self._regulations.at(now)
        present = Month.of(now, regulation.zone)
        if now < regulation.working.next_opening(present.bounds(regulation.zone)[0]):
            return False
        month = present.plus(-1)
        with self._store.read() as tx:
            if (tx.notes.value(MAILED) or "") >= str(month):
                return False
        trend = QualityReports(self._store, self._regulations, self._settings.timezone).trend(month, 2)

        def work(tx: Transaction) -> bool:
            if (tx.notes.value(MAILED) or "") >= str(month):
                return False
            tx.notes.set_value(MAILED, str(month))
            if not trend[-1].desk.closed:
                return False
            subject = f"Качество за {month.words}"
            to = leads(tx.people.agents())
            letter = self._writer.staff("quality", to, subject, month_lines(trend), None, now)
            if letter is not None:
                tx.outbox.add(letter, now)
            return letter is not None

        return self._store.write(work)


def month_lines(trend: list[Standing]) -> list[str]:
    """A month in a few sentences: the desk, who needs help and why, where the rest is. ``trend`` ends with it."""
    standing = trend[-1]
    report = standing.report
    earlier = [one for one in trend[:-1] if one.report.month == report.month.plus(-1)]
    before = earlier[-1] if earlier else None
    average, level = standing.desk.official(report.official)
    quality = report.regulation.rules.quality
    names = {one.key: one.name.lower() for one in (quality.good, quality.normal, quality.unacceptable)}
    was = None if before is None else before.desk.official(before.report.official)[0]
    closed = plural(standing.desk.closed, "обращение", "обращения", "обращений")
    lines = [
        f"Служба поддержки: {labels.figure(average)}"
        + (f", {names[level]} уровень ({quality.clause})" if level is not None else ", оценок нет")
        + (f"; месяцем раньше {labels.figure(was)}" if was is not None else "")
        + ".",
        f"Завершено {closed}, оценено {standing.desk.rated}.",
    ]
    lines += [
        f"{one.name}: {labels.figure(one.average)}. Нужна помощь: {'; '.join(one.reasons)}."
        for one in needs_help(standing, before)
    ]
    lines.append(f"Отчёт для печати: otklik quality --month {report.month} --html ФАЙЛ; на экране — F6.")
    return lines
