from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.regulation import OutsideCalendar, Pause, Regulation, UnknownKey
from tests.intake.regulation.building import MOSCOW, instants, moscow, regulation_with

OPENED = "2026-05-08 18:30"
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("type_", "criticality", "hours", "own_rule"),
    [
        ("consultation", None, 24, False),
        ("consultation", "critical", 24, False),
        ("bug", None, 336, False),
        ("bug", "critical", 24, True),
        ("bug", "high", 72, True),
        ("bug", "medium", 168, True),
        ("bug", "low", 336, True),
    ],
)
def test_completion_is_elapsed_hours_by_type_and_criticality(
    regulation: Regulation, type_: str, criticality: str | None, hours: int, own_rule: bool
) -> None:
    due = regulation.completion_due(type_, moscow(OPENED), criticality)
    assert due is not None
    assert (due.at, due.clause, due.own_rule) == (moscow(OPENED) + hours * HOUR, "§5", own_rule)


@pytest.mark.parametrize(
    ("clock", "due"),
    [
        ("calendar", "2026-05-09 18:30"),
        ("working", "2026-05-14 15:30"),
        ("calendar_from_opening_hour", "2026-05-09 18:30"),
    ],
)
def test_the_clock_of_completion_can_be_set(clock: str, due: str) -> None:
    rules = regulation_with(('clock = "calendar" ', f'clock = "{clock}" '))
    found = rules.completion_due("consultation", moscow(OPENED))
    assert found is not None
    assert found.at == moscow(due)


def test_elapsed_hours_can_begin_with_the_opening_hour() -> None:
    rules = regulation_with(('clock = "calendar" ', 'clock = "calendar_from_opening_hour" '))
    found = rules.completion_due("consultation", moscow("2026-05-08 19:00"))
    assert found is not None
    assert found.at == moscow("2026-05-13 10:00")
    assert found.own_rule


def test_an_improvement_is_due_by_its_estimate_in_working_time(regulation: Regulation) -> None:
    assert regulation.completion_due("improvement", moscow(OPENED)) is None
    due = regulation.completion_due("improvement", moscow(OPENED), estimate_hours=2)
    assert due is not None
    assert (due.at, due.clause, due.own_rule) == (moscow("2026-05-12 11:30"), "§5", True)


def test_an_estimate_counts_from_when_it_is_made(regulation: Regulation) -> None:
    due = regulation.completion_due(
        "improvement", moscow(OPENED), estimate_hours="9", estimated_at=moscow("2026-05-13 12:00")
    )
    assert due is not None
    assert due.at == moscow("2026-05-14 12:00")


@pytest.mark.parametrize("estimate", [1.5, "1.5", Decimal("1.5")])
def test_an_estimate_is_any_number(regulation: Regulation, estimate: object) -> None:
    due = regulation.completion_due("improvement", moscow("2026-05-13 12:00"), estimate_hours=estimate)
    assert due is not None
    assert due.at == moscow("2026-05-13 13:30")


@pytest.mark.parametrize("estimate", [-1, -0.5, "x", "", float("nan"), float("inf"), True, [], 10**400, "1e999999999"])
@pytest.mark.parametrize("type_", ["improvement", "bug"])
def test_what_is_no_estimate_is_refused(regulation: Regulation, type_: str, estimate: object) -> None:
    with pytest.raises(UnknownKey, match="estimate"):
        regulation.completion_due(type_, moscow(OPENED), estimate_hours=estimate)


def test_an_estimate_longer_than_the_calendar_is_an_error(regulation: Regulation) -> None:
    with pytest.raises(OutsideCalendar):
        regulation.completion_due("improvement", moscow(OPENED), estimate_hours=99_999)


def test_unknown_keys_are_refused(regulation: Regulation) -> None:
    with pytest.raises(UnknownKey, match="type 'wish'"):
        regulation.completion_due("wish", moscow(OPENED))
    with pytest.raises(UnknownKey, match="criticality 'huge'"):
        regulation.completion_due("bug", moscow(OPENED), "huge")
    with pytest.raises(UnknownKey, match="topic 'weather'"):
        regulation.second_line_due("weather", moscow(OPENED))


def test_naive_times_are_refused_everywhere(regulation: Regulation) -> None:
    naive = moscow(OPENED).replace(tzinfo=None)
    with pytest.raises(ValueError, match="no offset"):
        regulation.reaction_due(naive)
    with pytest.raises(ValueError, match="no offset"):
        regulation.completion_due("bug", naive)
    with pytest.raises(ValueError, match="no offset"):
        regulation.second_line_due("legal", naive)
    with pytest.raises(ValueError, match="no offset"):
        regulation.completion_due("bug", moscow(OPENED), pauses=[Pause(naive, None)])


def test_reaction_rests_on_a_clause_and_the_next_answer_on_an_own_rule(regulation: Regulation) -> None:
    reaction, answer = regulation.reaction_due(moscow(OPENED)), regulation.next_answer_due(moscow(OPENED))
    assert (reaction.clause, reaction.own_rule, answer.clause, answer.own_rule) == ("§5", False, None, True)
    assert reaction.at == answer.at == moscow("2026-05-12 10:30")


@given(at=instants)
def test_reaction_is_due_in_working_time(regulation: Regulation, at: datetime) -> None:
    due = regulation.reaction_due(at).at
    assert regulation.working.is_working(due - timedelta.resolution)


@given(at=instants, topic=st.sampled_from(["legal", "settlements", "development", "data_edit"]))
def test_the_second_line_is_due_at_closing_time(regulation: Regulation, at: datetime, topic: str) -> None:
    due = regulation.second_line_due(topic, at)
    assert due.clause == "§7"
    assert regulation.working.is_working(due.at - timedelta.resolution)
    assert not regulation.working.is_working(due.at)
    assert due.at.astimezone(MOSCOW).hour == 19


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        ([], "2026-05-14 12:00"),
        ([("2026-05-13 14:00", "2026-05-13 16:00")], "2026-05-14 14:00"),
        ([("2026-05-13 10:00", "2026-05-13 13:00")], "2026-05-14 13:00"),
        ([("2026-05-01 10:00", "2026-05-02 13:00")], "2026-05-14 12:00"),
        ([("2026-05-13 14:00", "2026-05-13 16:00"), ("2026-05-13 15:00", "2026-05-13 17:00")], "2026-05-14 15:00"),
        ([("2026-05-13 14:00", "2026-05-13 20:00"), ("2026-05-13 15:00", "2026-05-13 17:00")], "2026-05-14 18:00"),
        ([("2026-05-13 18:00", "2026-05-13 20:00"), ("2026-05-13 14:00", "2026-05-13 15:00")], "2026-05-14 15:00"),
        ([("2026-05-13 14:00", "2026-05-13 14:00")], "2026-05-14 12:00"),
        ([("2026-05-14 12:00", None)], "2026-05-14 12:00"),
        ([("2026-05-13 14:00", "2026-05-13 16:00"), ("2026-05-14 13:00", None)], None),
        ([("2026-05-13 14:00", None)], None),
        ([("2026-05-13 14:00", None), ("2026-05-13 15:00", "2026-05-13 16:00")], None),
    ],
)
def test_pauses_put_completion_off(regulation: Regulation, pauses: list[tuple[str, str | None]], due: str) -> None:
    spans = [Pause(moscow(start), moscow(end) if end else None, "info_needed") for start, end in pauses]
    found = regulation.completion_due("consultation", moscow("2026-05-13 12:00"), pauses=spans)
    assert (found.at if found else None) == (moscow(due) if due else None)


spans = st.lists(
    st.tuples(st.integers(-5000, 30_000), st.integers(0, 5000)).map(
        lambda span: Pause(moscow(OPENED) + span[0] * MINUTE, moscow(OPENED) + sum(span) * MINUTE, "payment")
    ),
    max_size=5,
)


@given(pauses=spans, clock=st.sampled_from(["calendar", "working", "calendar_from_opening_hour"]))
def test_nothing_is_left_at_the_deadline_and_something_before(pauses: list[Pause], clock: str) -> None:
    rules = CLOCKS[clock]
    countdown = rules.completion("consultation", moscow(OPENED), pauses=pauses)
    assert countdown is not None
    due = rules.deadline(countdown)
    assert due is not None
    assert rules.left(countdown, due.at) == timedelta(0)
    assert rules.left(countdown, due.at - timedelta.resolution) == timedelta.resolution
    counted = sum(
        (piece.end - piece.start for piece in rules.explain(countdown, due.at) if piece.counted), timedelta(0)
    )
    assert counted == timedelta(hours=24)


CLOCKS = {
    clock: regulation_with(('clock = "calendar" ', f'clock = "{clock}" '))
    for clock in ("calendar", "working", "calendar_from_opening_hour")
}


def test_what_is_left_stands_still_while_paused(regulation: Regulation) -> None:
    countdown = regulation.completion(
        "bug", moscow("2026-05-13 12:00"), pauses=[Pause(moscow("2026-05-13 13:00"), None)]
    )
    assert countdown is not None
    assert regulation.left(countdown, moscow("2026-05-13 12:30")) == 336 * HOUR - 30 * MINUTE
    assert regulation.left(countdown, moscow("2026-05-13 14:00")) == 335 * HOUR
    assert regulation.left(countdown, moscow("2026-06-13 14:00")) == 335 * HOUR


def test_what_is_left_goes_below_nothing(regulation: Regulation) -> None:
    countdown = regulation.reaction(moscow("2026-05-13 12:00"))
    assert regulation.left(countdown, moscow("2026-05-13 13:30")) == -30 * MINUTE
    assert regulation.left(countdown, moscow("2026-05-13 23:30")) == -6 * HOUR


def test_near_is_a_lead_before_on_the_same_clock(regulation: Regulation) -> None:
    countdown = regulation.reaction(moscow("2026-05-08 18:10"))
    assert regulation.near(countdown, 15 * MINUTE) == moscow("2026-05-08 18:55")
    assert regulation.near(countdown, 5 * MINUTE) == moscow("2026-05-12 10:05")
    assert regulation.near(countdown, 2 * HOUR) == moscow("2026-05-08 18:10")


def test_deadlines_on_undecreed_years_are_provisional(regulation: Regulation) -> None:
    assert not regulation.reaction_due(moscow("2027-12-30 18:30").astimezone(UTC) - 7 * DAY).provisional
    assert regulation.reaction_due(moscow("2028-02-01 12:00")).provisional
    assert regulation.second_line_due("settlements", moscow("2027-12-29 12:00")).provisional
    elapsed = regulation.completion_due("bug", moscow("2027-12-29 12:00"))
    assert elapsed is not None
    assert not elapsed.provisional


def test_elapsed_hours_do_not_follow_the_wall_clock() -> None:
    from zoneinfo import ZoneInfo

    london = ZoneInfo("Europe/London")
    rules = regulation_with(zone=london)
    due = rules.completion_due("consultation", datetime(2026, 3, 28, 12, tzinfo=london))
    assert due is not None
    assert due.at == datetime(2026, 3, 29, 12, tzinfo=UTC)


def test_departments_are_reminded_a_working_day_before_and_on_the_day(regulation: Regulation) -> None:
    sent = moscow("2026-05-08 18:30")
    assert regulation.second_line_reminders("legal", sent) == (moscow("2026-05-13 10:00"), moscow("2026-05-14 10:00"))
    assert regulation.second_line_reminders("data_edit", sent) == (moscow("2026-05-12 10:00"),)


def test_a_waiting_client_is_reminded_in_working_days_and_nothing_closes_by_default(regulation: Regulation) -> None:
    assert regulation.client_wait("info_needed", moscow(OPENED)) == (moscow("2026-05-14 19:00"), None)
    assert regulation.client_wait("in_progress", moscow(OPENED)) == (None, None)


def test_a_message_within_fourteen_days_reopens(regulation: Regulation) -> None:
    assert regulation.reopens(moscow(OPENED), moscow(OPENED) + 14 * DAY)
    assert not regulation.reopens(moscow(OPENED), moscow(OPENED) + 14 * DAY + timedelta.resolution)
