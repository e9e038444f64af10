"""One version of the regulation, ready to answer: rules, working calendar and zone in one object."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from intake.regulation import quality, statuses, terms
from intake.regulation.calendar import WorkingCalendar, library_calendar, shipped_calendar
from intake.regulation.countdown import Countdown, Deadline, deadline, explain, left
from intake.regulation.loader import load_rules, shipped_text
from intake.regulation.rules import Level, Rules
from intake.regulation.segments import Pause, Segment
from intake.regulation.working_time import WorkingTime

DESK_ZONE = "Europe/Moscow"
CLOSED_NAME = "обращение было завершено"


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

    def deadline(self, countdown: Countdown) -> Deadline | None:
        """See `countdown.deadline`."""
        return deadline(self.working, countdown)

    def near(self, countdown: Countdown, lead: timedelta) -> datetime | None:
        """When only ``lead`` of a term is left, on its own clock; None while it is paused."""
        from dataclasses import replace

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

    def _unpaused(self, countdown: Countdown) -> Deadline:
        found = self.deadline(countdown)
        assert found is not None, "only a pause leaves a term without an end"
        return found


def shipped_regulation(zone: ZoneInfo | None = None) -> Regulation:
    """The regulation that comes with the package, on the calendar that comes with it."""
    rules = load_rules(shipped_text())
    return Regulation(rules, shipped_calendar().with_own_days(rules.hours), zone)


def calendar_for(rules: Rules) -> WorkingCalendar:
    """The calendar a new version of the rules is computed with: the library's, with the desk's own days."""
    known = library_calendar(rules.hours.country, confirmed_through=rules.hours.confirmed_through)
    return known.with_own_days(rules.hours)
