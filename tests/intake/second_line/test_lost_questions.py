"""A question that never arrived is nothing to wait for: the list of the second line says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from intake.escalations import OpenPage
from intake.letters.asking import REMINDED
from tests.support.departments import ASKING, asked
from tests.support.desks import TestDesk, a_desk, mail


@pytest.fixture
def desk(store_url: str) -> Iterator[TestDesk]:
    """Legal and finance were asked."""
    with a_desk(store_url, ASKING) as made:
        made.receive(mail())
        made.desk.escalate(1001, "settlements", "anna", "Сколько?")
        yield made


def bounces(desk: TestDesk, letter: int) -> None:
    row = asked(desk)[letter].id
    desk.store.write(lambda tx: tx.outbox.bounced(row, [], "550 no such user"))


def lost(desk: TestDesk) -> list[tuple[str, bool]]:
    with desk.store.read() as tx:
        return [(part.asked.department, part.lost) for part in tx.escalations.open_parts(OpenPage())]


def test_only_the_department_that_was_not_reached_is_lost(desk: TestDesk) -> None:
    departments = [department for department, _ in lost(desk)]
    assert lost(desk) == [(department, False) for department in departments]
    bounces(desk, 0)
    assert [flag for _, flag in lost(desk)].count(True) == 1


def test_a_reminder_that_does_not_arrive_leaves_the_question_asked(desk: TestDesk) -> None:
    while not (reminders := [row.id for row in desk.letters() if row.kind == REMINDED]):
        assert desk.clock() < datetime(2026, 7, 1, tzinfo=UTC)
        desk.clock.forward(hours=6)
        desk.desk.watch()
    desk.store.write(lambda tx: tx.outbox.bounced(reminders[0], [], "550 no such user"))
    assert not any(flag for _, flag in lost(desk))
