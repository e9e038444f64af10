"""An explanation adds up to its deadline and says on what it rests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.clocks import derived
from intake.explaining import explain, words
from intake.model import Criticality, Event, Source, Status, Ticket, Type
from intake.regulation import shipped_regulation

REGULATION = shipped_regulation()
FRIDAY = datetime(2026, 5, 8, 15, 30, tzinfo=UTC)


def ticket(type_: Type = Type.BUG, opened_at: datetime = FRIDAY, criticality: Criticality | None = None) -> Ticket:
    return Ticket(1, "VD-1", type_, Status.REQUEST, "", Source.EMAIL, opened_at, "2.0", criticality=criticality)


def test_the_may_holidays_are_named_and_not_counted() -> None:
    reaction = explain(ticket(), [], REGULATION, FRIDAY)[0]
    said = "\n".join(words(reaction, REGULATION, FRIDAY))
    assert "до 12 мая, 10:30 МСК" in said
    assert "День Победы" in said
    assert "(§5)" in said
    assert sum((s.end - s.start for s in reaction.segments if s.counted), timedelta()) == timedelta(hours=1)


@given(st.integers(0, 500), st.lists(st.integers(1, 100), max_size=4), st.sampled_from([*Criticality, None]))
def test_counted_time_adds_up_to_the_term(start: int, gaps: list[int], criticality: Criticality | None) -> None:
    opened = FRIDAY + timedelta(hours=start)
    at, events = opened, []
    for gap in gaps:
        at += timedelta(hours=gap)
        events.append(Event(at, "anna", "status", None, Status.PAYMENT.value))
        at += timedelta(hours=gap * 2)
        events.append(Event(at, "client", "client_wrote"))
    one = ticket(opened_at=opened, criticality=criticality)
    completion = next(e for e in explain(one, events, REGULATION, at) if e.kind == "completion")
    hours = REGULATION.rules.completion.criticality[criticality or "low"].hours
    assert sum((s.end - s.start for s in completion.segments if s.counted), timedelta()) == timedelta(hours=hours)
    assert completion.due == derived(one, events, REGULATION)["completion_due"]
    for before, after in zip(completion.segments, completion.segments[1:], strict=False):
        assert before.end == after.start


@pytest.mark.parametrize(
    ("events", "now", "state"),
    [
        ([], FRIDAY, "running"),
        ([], FRIDAY + timedelta(days=5), "overdue"),
        ([Event(FRIDAY + timedelta(minutes=9), "anna", "assigned", None, "anna")], FRIDAY, "met"),
        ([Event(FRIDAY + timedelta(days=5), "anna", "assigned", None, "anna")], FRIDAY + timedelta(days=6), "late"),
    ],
)
def test_how_a_deadline_stands(events: list[Event], now: datetime, state: str) -> None:
    assert explain(ticket(), events, REGULATION, now)[0].state == state


def test_while_the_client_is_waited_for_there_is_no_date() -> None:
    events = [Event(FRIDAY + timedelta(hours=1), "anna", "status", None, Status.PAYMENT.value)]
    completion = explain(ticket(), events, REGULATION, FRIDAY + timedelta(hours=30))[1]
    assert (completion.state, completion.due) == ("paused", None)
    said = "\n".join(words(completion, REGULATION, FRIDAY + timedelta(hours=30)))
    assert "ждём клиента: Оплата" in said


def test_a_clause_is_cited_only_for_what_it_says() -> None:
    bug = explain(ticket(criticality=Criticality.HIGH), [], REGULATION, FRIDAY)[1]
    assert (bug.clause, bug.own_rule) == ("§5", True)
    wrote = [
        Event(FRIDAY, "anna", "assigned", None, "anna"),
        Event(FRIDAY + timedelta(hours=1), "client", "client_wrote"),
    ]
    answer = explain(ticket(), wrote, REGULATION, FRIDAY)[-1]
    assert (answer.kind, answer.clause) == ("answer", None)


def test_the_events_that_turned_a_clock_are_told() -> None:
    hour = timedelta(hours=1)
    events = [
        Event(FRIDAY, "client", "opened", None, "email"),
        Event(FRIDAY + hour, "anna", "status", "in_progress", "payment"),
        Event(FRIDAY + 2 * hour, "anna", "noted"),
        Event(FRIDAY + 3 * hour, "client", "client_wrote"),
        Event(FRIDAY + 4 * hour, "anna", "status", "payment", "closed"),
    ]
    reaction, completion = explain(ticket(), events, REGULATION, FRIDAY + 5 * hour)
    assert reaction.marks == (events[0], events[1])
    assert completion.marks == (events[0], events[1], events[3], events[4])
    said = "\n".join(words(completion, REGULATION, FRIDAY + 5 * hour))
    assert "08.05 19:30  статус «Процесс» → «Оплата» (anna)" in said
    assert "клиент написал (клиент)" in said


def test_what_only_the_desk_decided_is_called_its_own_rule() -> None:
    events = [
        Event(FRIDAY + timedelta(hours=1), "anna", "status", "request", "closed"),
        Event(FRIDAY + timedelta(hours=2), "client", "status", "closed", "in_progress"),
    ]
    completion = explain(ticket(), events, REGULATION, FRIDAY + timedelta(hours=3))[1]
    said = "\n".join(words(completion, REGULATION, FRIDAY))
    assert "идёт подряд, днём и ночью, правило службы: + " in said
    assert "обращение было завершено, правило службы: не считается" in said
    assert "ждём клиента" not in said


def test_an_improvement_without_an_estimate_says_why_it_has_no_date() -> None:
    completion = explain(ticket(Type.IMPROVEMENT), [], REGULATION, FRIDAY)[1]
    assert (completion.kind, completion.state, completion.due, completion.clause) == ("completion", "unset", None, "§5")
    assert words(completion, REGULATION, FRIDAY) == [
        "Завершение: без срока (ещё не отсчитывается)",
        "  срок доработки определяется по оценке трудоёмкости, её ещё нет (§5)",
    ]
