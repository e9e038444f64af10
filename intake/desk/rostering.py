"""The roster at work: cover ahead (§2), who is on shift, what is handed over before closing time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from intake.desk.base import DeskBase
from intake.desk.roles import leads
from intake.handing_over import HandOver, hand_over
from intake.letters.addresses import valid_address
from intake.model import Agent, Ticket
from intake.ports import QueuePage
from intake.rosters import gap_words, on_shift, uncovered

if TYPE_CHECKING:
    from intake.ports import Transaction
    from intake.registries import Turn
    from intake.regulation import Regulation
    from intake.regulation.cover import Gap

DESK_LEVEL = 0
"""Stands for the desk itself where a warning is about no ticket."""
PAGE = 200
LAST_INSTANT = timedelta(microseconds=1)


class Rostering(DeskBase):
    """What the roster answers, and its warnings."""

    def cover(self, first: date | None = None, last: date | None = None) -> list[Gap]:
        """Where the working time of days, both included, is not covered as §2 asks; by default from today as far as
        the rules look ahead. Each day is judged by the rules in force on it. Raises OutsideCalendar."""
        begin = first or self._today()
        weeks = self._regulations.at(self._clock()).rules.shift.check_ahead_weeks
        end = last or begin + timedelta(weeks=weeks) - timedelta(days=1)
        with self._store.read() as tx:
            agents, turns = tx.people.agents(), tx.shifts.between(begin - timedelta(days=1), end)
        found: list[Gap] = []
        for regulation, days in groupby(_days(begin, end), self._in_force):
            run = list(days)
            found += uncovered(turns, agents, regulation, run[0], run[-1])
        return found

    def on_shift(self, at: datetime | None = None) -> list[Agent]:
        """Who is on shift at an instant, now by default; by login."""
        with self._store.read() as tx:
            return self._on_shift(tx, at or self._clock())

    def here_today(self) -> frozenset[str]:
        """Logins of those who are not absent: on the roster for today, or anybody where it has nobody for today."""
        with self._store.read() as tx:
            return self._here(tx)

    def _here(self, tx: Transaction) -> frozenset[str]:
        logins, turns = {one.login for one in tx.people.agents()}, self._turns(tx, self._today())
        return frozenset(logins & {turn.login for turn in turns} if turns else logins)

    def left_by_absent(self) -> dict[str, list[Ticket]]:
        """Tickets that wait for somebody who is not here today, by his login: to be taken by those on shift. Absent
        are those who left the desk and, where the roster has anybody for today, those it does not have."""
        with self._store.read() as tx:
            here = self._here(tx)
            waiting = list(_waiting_for_desk(tx))
        found: dict[str, list[Ticket]] = {}
        for ticket in waiting:
            if ticket.assignee is not None and ticket.assignee not in here:
                found.setdefault(ticket.assignee, []).append(ticket)
        return dict(sorted(found.items()))

    def watch_roster(self) -> int:
        """Mail the lead what the roster lacks, and the shift what it leaves behind: each once. How many letters."""
        return self._watch_gaps() + self._watch_hand_over()

    def _watch_gaps(self) -> int:
        """New gaps of the roster, up to the last day anybody is planned for; then, once, that it ends there."""
        now, today = self._clock(), self._today()
        shift = self._regulations.at(now).rules.shift
        with self._store.read() as tx:
            planned, told, people = tx.shifts.last_day(), tx.tickets.noticed(DESK_LEVEL), tx.people.agents()
        if planned is None or not any(valid_address(one.email) for one in leads(people)):
            return 0
        horizon = today + timedelta(weeks=shift.check_ahead_weeks) - timedelta(days=1)
        found = self.cover(today, min(horizon, planned)) if planned >= today else []
        marks: dict[tuple[str, str], Gap | None] = {("roster_gap", _mark(gap)): gap for gap in found if gap.end > now}
        if planned < horizon and self.cover(max(today, planned + timedelta(days=1)), horizon):
            marks["roster_ends", planned.isoformat()] = None
        fresh = {key: gap for key, gap in marks.items() if key not in told}
        return self._store.write(partial(self._tell_gaps, fresh, planned, now)) if fresh else 0

    def _tell_gaps(
        self, fresh: dict[tuple[str, str], Gap | None], planned: date, now: datetime, tx: Transaction
    ) -> int:
        new = [gap for (kind, mark), gap in fresh.items() if tx.tickets.notice(DESK_LEVEL, kind, mark, now)]
        if not new:
            return 0
        zone = self._regulations.at(now).zone
        lines = [gap_words(gap, zone) for gap in new if gap is not None]
        if None in new:
            lines.append(f"Смены расписаны только по {planned:%d.%m.%Y}.")
        letter = self._writer.staff(
            "roster_gaps", leads(tx.people.agents()), "График смен: не хватает людей", lines, None, now
        )
        if letter is not None:
            tx.outbox.add(letter, now)
        return 1

    def _watch_hand_over(self) -> int:
        now, today = self._clock(), self._today()
        working = self._regulations.at(now).working
        if not working.calendar.is_working_day(today):
            return 0
        closes = working.closing(today)
        if now < closes - self._settings.hand_over:
            return 0
        with self._store.read() as tx:
            if ("hand_over", today.isoformat()) in tx.tickets.noticed(DESK_LEVEL):
                return 0
            waiting = list(_waiting_for_desk(tx))
        found = hand_over(waiting, self.left_by_absent(), closes)
        return self._store.write(partial(self._hand_over, found, today, closes, now)) if found else 0

    def _hand_over(self, found: HandOver, today: date, closes: datetime, now: datetime, tx: Transaction) -> int:
        there = self._on_shift(tx, min(now, closes - LAST_INSTANT))
        to = list(dict.fromkeys([*there, *leads(tx.people.agents())]))
        zone = self._regulations.at(now).zone
        letter = self._writer.staff(
            "hand_over", to, f"Передача смены {today:%d.%m.%Y}", found.lines(zone, now), None, now
        )
        if letter is None or not tx.tickets.notice(DESK_LEVEL, "hand_over", today.isoformat(), now):
            return 0
        tx.outbox.add(letter, now)
        return 1

    def _on_shift(self, tx: Transaction, at: datetime) -> list[Agent]:
        regulation = self._regulations.at(at)
        day = regulation.working.local_day(at)
        return on_shift(self._turns(tx, day), tx.people.agents(), regulation.zone, at)

    def _turns(self, tx: Transaction, day: date) -> list[Turn]:
        return tx.shifts.between(day, day)

    def _today(self) -> date:
        now = self._clock()
        return self._regulations.at(now).working.local_day(now)

    def _in_force(self, day: date) -> Regulation:
        zone = self._regulations.at(self._clock()).zone
        return self._regulations.at(datetime.combine(day, time(12), tzinfo=zone))


def _mark(gap: Gap) -> str:
    """A gap that grows or lacks something else is another one."""
    return f"{gap.start.isoformat()}/{gap.end.isoformat()}/{gap.people}/{gap.technical}"


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=count) for count in range((last - first).days + 1))


def _waiting_for_desk(tx: Transaction) -> Iterator[Ticket]:
    """Open tickets that wait for the desk, by deadline."""
    page = QueuePage(category="desk", limit=PAGE)
    while True:
        found = tx.tickets.page(page)
        yield from found
        if len(found) < PAGE:
            return
        page = QueuePage(category="desk", limit=PAGE, after=(found[-1].next_due, found[-1].number))
