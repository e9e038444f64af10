"""Nothing is lost, nobody is mailed again and again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.letters.outcomes import (
    GIVE_UP_AFTER,
    LONGEST_PAUSE,
    Sent,
    Settlement,
    Trouble,
    due_recipients,
    lost_in_flight,
    pause_after,
    settlement,
)
from intake.model import Delivery, OutboxRow
from intake.settings import Limits

NOW = datetime(2026, 5, 8, 12, tzinfo=UTC)
LIMITS = Limits(uncertain_pause=timedelta(minutes=15))
SENT, QUEUED, FAILED, UNCERTAIN = Delivery.SENT, Delivery.QUEUED, Delivery.FAILED, Delivery.UNCERTAIN


def letter(*states: Delivery, **fields: object) -> OutboxRow:
    recipients = tuple((f"{n}@x.org", state, None) for n, state in enumerate(states))
    row = OutboxRow(
        id=7,
        ticket=1,
        kind="reply",
        message_id="<a@b>",
        state=states[0],
        attempts=0,
        created_at=NOW,
        next_try_at=NOW,
        error=None,
        envelope_from="support@desk.example",
        recipients=recipients,
    )
    return replace(row, **fields)  # type: ignore[arg-type] # names are checked by the dataclass


def said(*states: Delivery, trouble: Trouble | None = None, in_flight: bool = True) -> Sent:
    outcomes = {f"{n}@x.org": (state, None if state is SENT else "why") for n, state in enumerate(states)}
    return Sent(outcomes, trouble=trouble, in_flight=in_flight)


def states(result: Settlement) -> list[Delivery]:
    return [state for state, _ in result.outcomes.values()]


def test_a_letter_taken_is_done() -> None:
    assert settlement(letter(QUEUED), said(SENT), NOW, LIMITS) == Settlement({"0@x.org": (SENT, None)}, None, None)


def test_a_permanent_refusal_is_not_tried_again() -> None:
    result = settlement(letter(QUEUED), said(FAILED), NOW, LIMITS)
    assert (states(result), result.next_try_at, result.error) == ([FAILED], None, "why")


def test_temporary_refusals_wait_from_five_minutes_to_an_hour_with_jitter() -> None:
    waits = [settlement(letter(QUEUED, attempts=n), said(QUEUED), NOW, LIMITS).next_try_at for n in range(12)]
    minutes = [(at - NOW) / timedelta(minutes=1) for at in waits if at is not None]
    for waited, planned in zip(minutes, [5, 10, 20, 40, *[60] * 8], strict=True):
        assert planned <= waited <= planned * 1.1
    assert len({pause_after(n, 3) for n in range(50)}) > 25
    assert pause_after(1, 10**6) <= LONGEST_PAUSE * 1.1


def test_a_broken_connection_is_tried_again_sooner() -> None:
    result = settlement(letter(QUEUED), said(QUEUED, trouble=Trouble.BROKEN), NOW, LIMITS)
    assert result.next_try_at is not None
    assert timedelta(seconds=30) <= result.next_try_at - NOW <= timedelta(seconds=33)


def test_a_relay_that_is_away_leaves_the_letter_due() -> None:
    old = letter(QUEUED, first_failed_at=NOW - timedelta(days=30))
    result = settlement(old, said(QUEUED, trouble=Trouble.AWAY, in_flight=False), NOW, LIMITS)
    assert (states(result), result.next_try_at) == ([QUEUED], NOW)


def test_after_five_days_of_refusals_a_letter_has_failed() -> None:
    old = letter(QUEUED, first_failed_at=NOW - GIVE_UP_AFTER)
    result = settlement(old, said(QUEUED), NOW, LIMITS)
    assert (states(result), result.next_try_at) == ([FAILED], None)
    assert "5 days" in str(result.error)


def test_a_lost_answer_is_repeated_once_after_the_pause() -> None:
    first = settlement(letter(QUEUED), said(UNCERTAIN), NOW, LIMITS)
    assert (states(first), first.next_try_at) == ([UNCERTAIN], NOW + timedelta(minutes=15))
    second = settlement(letter(UNCERTAIN), said(UNCERTAIN), NOW, LIMITS)
    assert (states(second), second.next_try_at) == ([UNCERTAIN], None)


def test_a_process_that_ended_in_flight_leaves_uncertain_letters() -> None:
    first = lost_in_flight(letter(QUEUED, SENT))
    assert {address: state for address, (state, _) in first.outcomes.items()} == {"0@x.org": UNCERTAIN}
    assert settlement(letter(QUEUED, SENT), first, NOW, LIMITS).next_try_at == NOW + timedelta(minutes=15)
    repeated = letter(UNCERTAIN, repeated=True)
    assert settlement(repeated, lost_in_flight(repeated), NOW, LIMITS).next_try_at is None


def test_a_refusal_before_the_repetition_leaves_it_uncertain_and_due() -> None:
    result = settlement(letter(UNCERTAIN), said(QUEUED, in_flight=False), NOW, LIMITS)
    assert states(result) == [UNCERTAIN]
    assert result.next_try_at is not None


def test_partial_recipients_each_go_their_way() -> None:
    result = settlement(letter(QUEUED, QUEUED, QUEUED), said(SENT, QUEUED, FAILED), NOW, LIMITS)
    assert states(result) == [SENT, QUEUED, FAILED]
    assert result.next_try_at is not None


@pytest.mark.parametrize(("repeated", "tried"), [(False, 2), (True, 1)])
def test_an_uncertain_recipient_is_tried_no_second_time(repeated: bool, tried: int) -> None:
    due = due_recipients(letter(UNCERTAIN, QUEUED, SENT, FAILED, repeated=repeated))
    assert len(due.open_recipients()) == tried


@dataclass
class World:
    """One recipient, one letter and a relay: how often the letter may have arrived."""

    row: OutboxRow = field(default_factory=lambda: letter(QUEUED))
    arrived: int = 0
    accepted: bool = False

    def step(self, event: str, now: datetime) -> None:
        due = due_recipients(self.row)
        if self.row.next_try_at is None or not due.open_recipients():
            return
        assert not self.accepted, "an accepted recipient was mailed again"
        before, in_flight = self.row, event not in ("away", "early")
        if in_flight:
            repeated = before.repeated or any(state is UNCERTAIN for _, state, _ in before.recipients)
            self.row = replace(before, repeated=repeated)
        if event == "crash":
            self.arrived += 1
            sent, before = lost_in_flight(self.row), self.row
        else:
            sent = self._tried(event)
        result = settlement(before, sent, now, LIMITS)
        self._settle(result)

    def _tried(self, event: str) -> Sent:
        if event in ("sent", "lost"):
            self.arrived += 1
        self.accepted = self.accepted or event == "sent"
        state = {"sent": SENT, "lost": UNCERTAIN, "no": FAILED}.get(event, QUEUED)
        trouble = {"away": Trouble.AWAY, "broken": Trouble.BROKEN}.get(event)
        return said(state, trouble=trouble, in_flight=event not in ("away", "early"))

    def _settle(self, result: Settlement) -> None:
        (address, state, reason), *_ = self.row.recipients
        state, reason = result.outcomes.get(address, (state, reason))
        self.row = replace(
            self.row,
            recipients=((address, state, reason),),
            state=state,
            attempts=self.row.attempts + 1,
            next_try_at=result.next_try_at if state in (QUEUED, UNCERTAIN) else None,
        )


@settings(max_examples=500)
@given(st.lists(st.sampled_from(["sent", "lost", "no", "early", "later", "broken", "away", "crash"]), max_size=12))
def test_at_most_two_copies_and_two_only_after_a_lost_answer(events: list[str]) -> None:
    world = World()
    for event in events:
        world.step(event, NOW)
    assert world.arrived <= 2
    if world.arrived == 2:
        assert "lost" in events or "crash" in events
    waiting = world.row.state in (QUEUED, UNCERTAIN) and world.row.next_try_at is not None
    known = world.row.state in (SENT, FAILED) or (world.row.state is UNCERTAIN and world.arrived >= 1)
    assert waiting or known, "a letter was forgotten"
