"""Deadlines follow from events alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from intake.clocks import course, derived
from intake.model import Criticality, Event, Source, Status, Ticket, Type
from intake.regulation import shipped_regulation

OPENED = datetime(2026, 5, 12, 8, 0, tzinfo=UTC)
REGULATION = shipped_regulation()
PAUSING = REGULATION.rules.statuses.pauses_completion


def ticket(type_: Type = Type.BUG, **changes: object) -> Ticket:
    values = {
        "number": 1,
        "key": "VD-1",
        "type": type_,
        "status": Status.REQUEST,
        "subject": "",
        "source": Source.EMAIL,
        "opened_at": OPENED,
        "regulation": "2.0",
        **changes,
    }
    return Ticket(**values)  # type: ignore[arg-type]


def at(hours: float, kind: str, actor: str = "anna", before: str | None = None, after: str | None = None) -> Event:
    return Event(OPENED + timedelta(hours=hours), actor, kind, before, after)


def moved(hours: float, after: Status, actor: str = "anna") -> Event:
    return at(hours, "status", actor, None, after.value)


@pytest.mark.parametrize(
    ("event", "reacts"),
    [
        (at(1, "assigned", after="anna"), True),
        (at(1, "replied"), True),
        (moved(1, Status.IN_PROGRESS), True),
        (at(1, "noted"), False),
        (at(1, "acknowledged", "desk"), False),
        (at(1, "client_wrote", "client"), False),
        (moved(1, Status.IN_PROGRESS, "client"), False),
    ],
)
def test_only_an_agent_who_takes_answers_or_moves_reacts(event: Event, reacts: bool) -> None:
    assert (course([event], PAUSING).reacted_at is not None) is reacts


def test_the_queue_asks_for_the_reaction_first() -> None:
    columns = derived(ticket(), [], REGULATION)
    assert (columns["next_due_kind"], columns["next_due"]) == ("reaction", OPENED + timedelta(hours=1))


def test_after_the_reaction_the_completion_is_next() -> None:
    columns = derived(ticket(criticality=Criticality.HIGH), [at(0.5, "assigned", after="anna")], REGULATION)
    assert (columns["next_due_kind"], columns["next_due"]) == ("completion", OPENED + timedelta(hours=72))


def test_an_improvement_without_an_estimate_has_no_completion() -> None:
    columns = derived(ticket(Type.IMPROVEMENT), [at(0.5, "assigned", after="anna")], REGULATION)
    assert columns["completion_due"] is None
    assert columns["next_due"] is None


def test_waiting_for_the_client_pauses_until_he_writes() -> None:
    events = [moved(1, Status.INFO_NEEDED), at(11, "client_wrote", "client"), moved(11, Status.IN_PROGRESS, "client")]
    columns = derived(ticket(), events, REGULATION)
    assert columns["completion_due"] == OPENED + timedelta(hours=336 + 10)
    assert columns["paused"] is False


def test_a_running_pause_is_told_and_takes_the_ticket_from_the_top() -> None:
    columns = derived(ticket(), [moved(1, Status.PAYMENT)], REGULATION)
    assert columns["paused"] is True
    assert columns["next_due"] is None


def test_writing_in_payment_ends_the_pause_without_a_new_status() -> None:
    events = [moved(1, Status.PAYMENT), at(6, "client_wrote", "client")]
    columns = derived(ticket(status=Status.PAYMENT), events, REGULATION)
    assert columns["paused"] is False
    assert columns["completion_due"] == OPENED + timedelta(hours=336 + 5)


def test_time_closed_does_not_count_when_reopened() -> None:
    events = [moved(2, Status.CLOSED), moved(26, Status.IN_PROGRESS, "client"), at(26, "client_wrote", "client")]
    columns = derived(ticket(Type.CONSULTATION), events, REGULATION)
    assert columns["closed_at"] is None
    assert columns["completion_due"] == OPENED + timedelta(hours=24 + 24)


def test_a_later_message_starts_the_next_answer_and_a_reply_stops_it() -> None:
    wrote = [at(0.5, "assigned", after="anna"), at(2, "client_wrote", "client"), at(3, "client_wrote", "client")]
    columns = derived(ticket(), wrote, REGULATION)
    assert columns["answer_due"] == OPENED + timedelta(hours=3), "the first unanswered message counts"
    assert columns["next_due_kind"] == "answer"
    answered = derived(ticket(), [*wrote, at(3.5, "replied")], REGULATION)
    assert answered["answer_due"] is None


def test_a_closed_ticket_waits_for_nothing() -> None:
    events = [at(0.5, "replied"), at(1, "client_wrote", "client"), moved(2, Status.CLOSED)]
    columns = derived(ticket(), events, REGULATION)
    assert (columns["next_due"], columns["answer_due"]) == (None, None)
    assert columns["closed_at"] == OPENED + timedelta(hours=2)


def test_the_last_closing_counts() -> None:
    events = [moved(2, Status.CLOSED), moved(5, Status.IN_PROGRESS), moved(9, Status.CLOSED)]
    assert course(events, PAUSING).closed_at == OPENED + timedelta(hours=9)
