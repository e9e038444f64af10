"""The terms of the regulation as countdowns: reaction and completion (§5), second line (§7), and the desk's own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from intake.regulation.countdown import Countdown, CountdownClock, in_order
from intake.regulation.errors import UnknownKey, shown
from intake.regulation.instants import utc
from intake.regulation.rules import TYPES, Rules
from intake.regulation.segments import Pause

MOST_ESTIMATE_HOURS = 100_000
MICROSECONDS_AN_HOUR = 3_600_000_000


def reaction(rules: Rules, opened_at: datetime) -> Countdown:
    """Minutes of working time to the first reaction (§5); it never pauses."""
    minutes = rules.reaction.minutes
    rule = f"реакция на обращение: {minutes} мин в часы работы СП"
    return _countdown(opened_at, timedelta(minutes=minutes), "working", rule, rules.reaction.clause)


def next_answer(rules: Rules, at: datetime) -> Countdown:
    """Minutes of working time to the answer to a later message of the client: a rule of the desk's own."""
    minutes = rules.reaction.next_answer_minutes
    rule = f"ответ на новое сообщение клиента: {minutes} мин в часы работы СП"
    return _countdown(at, timedelta(minutes=minutes), "working", rule, None)


def completion(
    rules: Rules,
    type_: str,
    opened_at: datetime,
    *,
    criticality: str | None = None,
    estimate_hours: object = None,
    estimated_at: datetime | None = None,
    pauses: Iterable[Pause] = (),
) -> Countdown | None:
    """The term to completion (§5); None for an improvement nobody has estimated. Raises `UnknownKey`."""
    if type_ not in TYPES:
        raise UnknownKey(f"unknown type {shown(type_)}: one of {', '.join(TYPES)}")
    if criticality is not None and criticality not in rules.completion.criticality:
        raise UnknownKey(f"unknown criticality {shown(criticality)}: one of {', '.join(rules.completion.criticality)}")
    estimate = None if estimate_hours is None else estimate_of(estimate_hours)
    kept = in_order(pauses)
    if type_ == "improvement":
        return None if estimate is None else _estimated(rules, estimate, estimated_at or opened_at, kept)
    return _within_hours(rules, type_, opened_at, criticality if type_ == "bug" else None, kept)


def second_line(rules: Rules, topic: str, escalated_at: datetime) -> Countdown:
    """Working days to a department's answer (§7). Raises `UnknownKey`."""
    found = rules.second_line.topics.get(topic)
    if found is None:
        raise UnknownKey(f"unknown topic {shown(topic)}: one of {', '.join(rules.second_line.topics)}")
    rule = f"ответ смежного подразделения, «{found.name}»: рабочих дней {found.working_days}"
    return Countdown(
        since=utc(escalated_at),
        amount=timedelta(0),
        clock="working_days",
        rule=rule,
        clause=rules.second_line.clause,
        own_rule=False,
        days=found.working_days,
    )


def estimate_of(hours: object) -> timedelta:
    """Hours of an estimate, exact to the microsecond: a number or its text. Raises `UnknownKey` for anything else."""
    if isinstance(hours, bool) or not isinstance(hours, (int, float, Decimal, str)):
        raise UnknownKey(f"estimate {shown(hours)} is not a number of hours")
    try:
        number = Decimal(str(hours) if isinstance(hours, float) else hours)
    except (InvalidOperation, ValueError) as error:
        raise UnknownKey(f"estimate {shown(hours)} is not a number of hours") from error
    if not number.is_finite() or not 0 <= number <= MOST_ESTIMATE_HOURS:
        raise UnknownKey(f"estimate {shown(hours)} is not between 0 and {MOST_ESTIMATE_HOURS} hours")
    exact = (number * MICROSECONDS_AN_HOUR).to_integral_value(rounding=ROUND_HALF_UP)
    return timedelta(microseconds=int(exact))


def _countdown(since: datetime, amount: timedelta, clock: CountdownClock, rule: str, clause: str | None) -> Countdown:
    return Countdown(utc(since), amount, clock, rule, clause, own_rule=clause is None)


def _estimated(rules: Rules, estimate: timedelta, since: datetime, pauses: tuple[Pause, ...]) -> Countdown:
    hours = f"{Decimal(estimate // timedelta(microseconds=1)) / MICROSECONDS_AN_HOUR:.2f}".rstrip("0").rstrip(".")
    rule = f"завершение доработки: оценка трудоёмкости {hours.replace('.', ',')} ч рабочего времени"
    return Countdown(utc(since), estimate, "working", rule, rules.completion.clause, own_rule=True, pauses=pauses)


def _within_hours(
    rules: Rules, type_: str, opened_at: datetime, criticality: str | None, pauses: tuple[Pause, ...]
) -> Countdown:
    known = rules.completion
    name = rules.types.named[type_].name
    hours = known.consultation_hours if type_ == "consultation" else known.bug_hours
    rule = f"завершение, «{name}»: {hours} ч"
    if criticality is not None:
        entry = known.criticality[criticality]
        hours = entry.hours
        rule = f"завершение, «{name}», критичность «{entry.name}»: {hours} ч"
    own = criticality is not None or known.clock != "calendar"
    return Countdown(
        utc(opened_at), timedelta(hours=hours), known.clock, rule, known.clause, own_rule=own, pauses=pauses
    )
