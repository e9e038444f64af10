"""Whose turn a ticket was: the desk's own time beside the client's and each department's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from intake.escalations import Reply
from intake.explaining import explain, shares_words
from intake.model import Status
from intake.waiting import Shares, joined, shares
from tests.support.departments import ASKING
from tests.support.desks import MORNING, TestDesk, a_desk, mail

HOUR = timedelta(hours=1)
spans = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)))


def counted(desk: TestDesk) -> Shares:
    with desk.store.read() as tx:
        ticket, events, asked = tx.tickets.get(1001), tx.tickets.events(1001), tx.escalations.of(1001)
    return shares(ticket, events, asked, desk.regulations.of(ticket.regulation), desk.clock())


def test_the_desks_own_time_is_what_nobody_else_was_waited_for(tmp_path: Path) -> None:
    """Tuesday from 11:00: an hour of ours, legal two hours, its question an hour with us, legal an hour again."""
    with a_desk(tmp_path, ASKING) as desk:
        desk.receive(mail())
        desk.clock.forward(hours=1)
        desk.desk.escalate(1001, "legal", "anna", "?")
        desk.clock.forward(hours=2)
        desk.desk.answered(1001, "legal", "anna", reply=Reply.QUESTION)
        desk.clock.forward(hours=1)
        desk.desk.tell(1001, "legal", "anna", "Договор 17")
        desk.clock.forward(hours=1)
        found = counted(desk)
        assert (found.total, found.desk, found.client) == (5 * HOUR, 2 * HOUR, timedelta())
        assert [(one.department, one.amount) for one in found.departments] == [("legal", 3 * HOUR)]
        desk.clock.forward(hours=1)
        desk.desk.answered(1001, "legal", "anna")
        desk.desk.set_status(1001, Status.INFO_NEEDED, "anna", quiet=True)
        desk.clock.now = datetime(2026, 5, 13, 8, tzinfo=UTC)
        found = counted(desk)
        assert (found.desk, found.client) == (2 * HOUR, 3 * HOUR)
        assert found.departments[0].amount == 4 * HOUR
        assert "  Юридический департамент: 4 ч" in shares_words(found)


def test_two_departments_at_once_are_one_wait_of_the_desk(tmp_path: Path) -> None:
    with a_desk(tmp_path, ASKING) as desk:
        desk.receive(mail())
        desk.desk.escalate(1001, "development", "anna", "?")
        desk.clock.forward(hours=1)
        desk.desk.answered(1001, "development", "anna", "it")
        desk.clock.forward(hours=1)
        found = counted(desk)
        assert found.desk == timedelta()
        assert {one.department: one.amount for one in found.departments} == {"product": 2 * HOUR, "it": HOUR}


def test_what_was_told_is_explained_by_its_own_term(tmp_path: Path) -> None:
    with a_desk(tmp_path, ASKING) as desk:
        desk.receive(mail())
        desk.desk.escalate(1001, "legal", "anna", "?")
        desk.desk.answered(1001, "legal", "anna", reply=Reply.QUESTION)
        desk.clock.now = MORNING + timedelta(days=1)
        desk.desk.tell(1001, "legal", "anna", "17")
        with desk.store.read() as tx:
            ticket, events, asked = tx.tickets.get(1001), tx.tickets.events(1001), tx.escalations.of(1001)
        said = explain(ticket, events, desk.regulations.of(ticket.regulation), desk.clock(), asked)[-1]
        assert (said.since, said.due) == (desk.clock(), asked[0].answer_due)


@given(spans)
def test_joined_spans_hold_the_same_instants(found: list[tuple[int, int]]) -> None:
    at = [(MORNING + a * HOUR, MORNING + b * HOUR) for a, b in found]
    made = joined(at)
    inside = {i for a, b in found for i in range(a, b)}
    assert {i for i in range(50) if any(a <= MORNING + i * HOUR < b for a, b in made)} == inside
    assert all(one[1] < two[0] for one, two in pairwise(made))
