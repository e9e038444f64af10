"""One version of the regulation, ready to answer: rules, working calendar and zone in one object."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from intake.regulation import quality, statuses, terms
from intake.regulation.calendar import WorkingCalendar, library_calendar, shipped_calendar_text
from intake.regulation.countdown import Countdown, Deadline, deadline, explain, left
from intake.regulation.instants import utc
from intake.regulation.loader import SHIPPED, load_rules, shipped_text
from intake.regulation.rules import Level, Rules
from intake.regulation.segments import CLOSED_NAME, Pause, Segment
from intake.regulation.working_time import WorkingTime

DESK_ZONE = "Europe/Moscow"


class Regulation:
    """The rules in force, and every answer that follows from them.

    Times are aware, answers UTC; naive times raise ValueError, unknown keys `UnknownKey`, times the calendar doesn't
    reach `OutsideCalendar`. ``*_due`` gives a deadline; the methods without it give the countdown behind it, for
    `deadline`, `near`, `left` and `explain`.
    """

    def __init__(self, rules: Rules, calendar: WorkingCalendar, zone: ZoneInfo | None = None) -> None:
        self.rules = rules
        self.calendar = calendar
        self.zone = zone or ZoneInfo(DESK_ZONE)
        self.working = WorkingTime(calendar, rules.hours, self.zone)

    def reaction(self, opened_at: datetime) -> Countdown:
        """See `terms.reaction`."""
        return terms.reaction(self.rules, opened_at)

    def next_answer(self, at: datetime) -> Countdown:
        """See `terms.next_answer`."""
        return terms.next_answer(self.rules, at)

    def completion(
        self,
        type_: str,
        opened_at: datetime,
        criticality: str | None = None,
        estimate_hours: object = None,
        estimated_at: datetime | None = None,
        pauses: Iterable[Pause] = (),
    ) -> Countdown | None:
        """See `terms.completion`."""
        return terms.completion(
            self.rules,
            type_,
            opened_at,
            criticality=criticality,
            estimate_hours=estimate_hours,
            estimated_at=estimated_at,
            pauses=pauses,
        )

    def agreed(self, since: datetime, until: datetime, rule: str) -> Countdown:
        """A date agreed with the client, which no pause moves (own rule): ``rule`` says so in Russian."""
        start, end = utc(since), utc(until)
        return Countdown(start, max(timedelta(0), end - start), "calendar", rule, None, own_rule=True)

    def second_line(self, topic: str, escalated_at: datetime) -> Countdown:
        """See `terms.second_line`."""
        return terms.second_line(self.rules, topic, escalated_at)

    def reaction_due(self, opened_at: datetime) -> Deadline:
        """Until when somebody reacts (§5)."""
        return self._unpaused(self.reaction(opened_at))

    def next_answer_due(self, at: datetime) -> Deadline:
        """Until when a later message of the client is answered (own rule)."""
        return self._unpaused(self.next_answer(at))

    def completion_due(
        self,
        type_: str,
        opened_at: datetime,
        criticality: str | None = None,
        estimate_hours: object = None,
        estimated_at: datetime | None = None,
        pauses: Iterable[Pause] = (),
    ) -> Deadline | None:
        """Until when a ticket is completed (§5); None without an estimate, or while a pause without an end lasts.

        Time closed, of a ticket reopened, is a pause too.
        """
        countdown = self.completion(type_, opened_at, criticality, estimate_hours, estimated_at, pauses)
        return None if countdown is None else self.deadline(countdown)

    def second_line_due(self, topic: str, escalated_at: datetime) -> Deadline:
        """Until when a department answers (§7): closing time of the N-th working day after the day of sending."""
        return self._unpaused(self.second_line(topic, escalated_at))

    def second_line_reminders(self, topic: str, escalated_at: datetime) -> tuple[datetime, ...]:
        """When a department is reminded: opening times ahead of the deadline (own rule), after the day of sending."""
        due, sent = self.second_line_due(topic, escalated_at).at, self.working.local_day(escalated_at)
        last = self.working.local_day(due)
        before = self.rules.second_line.remind_days_before
        days = {self.working.working_day_after(last, -count) if count else last for count in before}
        return tuple(self.working.opening(day) for day in sorted(days) if day > sent)

    def client_wait(self, status: str, since: datetime) -> tuple[datetime | None, datetime | None]:
        """When a client who is waited for is reminded, and when the ticket closes (own rules); None: never."""
        wait = self.rules.statuses.reminders.get(status)
        if wait is None:
            return None, None
        return self._closing(since, wait.remind_after_days), self._closing(since, wait.close_after_days)

    def reopens(self, closed_at: datetime, at: datetime) -> bool:
        """Whether a message that comes at ``at`` still reopens a ticket (own rule)."""
        return utc(at) - utc(closed_at) <= timedelta(days=self.rules.statuses.reopen_days)

    def deadline(self, countdown: Countdown) -> Deadline | None:
        """See `countdown.deadline`."""
        return deadline(self.working, countdown)

    def near(self, countdown: Countdown, lead: timedelta) -> datetime | None:
        """When only ``lead`` of a term is left, on its own clock; None while it is paused.

        Not for terms in working days: those have `second_line_reminders`.
        """
        shorter = replace(countdown, amount=max(timedelta(0), countdown.amount - lead))
        found = deadline(self.working, shorter)
        return None if found is None else found.at

    def left(self, countdown: Countdown, at: datetime) -> timedelta:
        """See `countdown.left`."""
        return left(self.working, countdown, at)

    def explain(self, countdown: Countdown, until: datetime) -> tuple[Segment, ...]:
        """The time from the beginning of a term to ``until`` (its end, mostly): what each piece is, what counts."""
        names = {key: named.name for key, named in self.rules.statuses.named.items()} | {"closed": CLOSED_NAME}
        return explain(self.working, countdown, until, names)

    def why_not(self, from_status: str, to_status: str) -> str | None:
        """See `statuses.why_not`."""
        return statuses.why_not(self.rules.statuses, from_status, to_status)

    def category(self, status: str) -> statuses.Category:
        """See `statuses.category`."""
        return statuses.category(self.rules.statuses, status)

    def quality_level(self, figure: Decimal) -> Level:
        """See `quality.level_of`."""
        return quality.level_of(self.rules.quality, figure)

    def round_half_up(self, figure: Decimal) -> Decimal:
        """A monthly figure as it is shown and judged (§6)."""
        return quality.round_half_up(figure, self.rules.quality.round_to)

    def _closing(self, since: datetime, days: int) -> datetime | None:
        return self.working.closing_of_nth_working_day_after(since, days) if days else None

    def _unpaused(self, countdown: Countdown) -> Deadline:
        found = self.deadline(countdown)
        assert found is not None, "only a pause leaves a term without an end"
        return found


def load_regulation(text: str, calendar: str, zone: ZoneInfo | None = None, *, source: str = SHIPPED) -> Regulation:
    """A stored version: the TOML text of its rules and the JSON text of its calendar. Raises `RegulationError`."""
    return Regulation(load_rules(text, source), WorkingCalendar.from_json(calendar, f"{source}: calendar"), zone)


def shipped_regulation(zone: ZoneInfo | None = None) -> Regulation:
    """The regulation that comes with the package, on the calendar that comes with it."""
    return load_regulation(shipped_text(), shipped_calendar_text(), zone)


def calendar_for(rules: Rules) -> WorkingCalendar:
    """The calendar a new version of the rules is computed with: the library's, with the desk's own days."""
    known = library_calendar(rules.hours.country, confirmed_through=rules.hours.confirmed_through)
    return known.with_own_days(rules.hours)
