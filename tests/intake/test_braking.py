"""The desk-wide brake: letters above the ceiling wait, none is lost, and the leads are told once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from intake.model import Delivery, OutboxRow
from intake.settings import DeskSettings, Limits
from intake.views import View
from tests.support.desks import DESK_ADDRESS, TestDesk, a_desk, mail

CEILING = 3


@pytest.fixture
def desk(store_url: str) -> Iterator[TestDesk]:
    with a_desk(store_url, DeskSettings(address=DESK_ADDRESS, limits=Limits(letters_per_hour=CEILING))) as made:
        yield made


def storm(desk: TestDesk, count: int, first: int = 0) -> None:
    for n in range(first, first + count):
        desk.arrive(mail(f"Заявка {n}", message_id=f"<{n}@a{n}.example>", sender=f"one@a{n}.example"))
    desk.process()


def due(desk: TestDesk) -> list[OutboxRow]:
    """What may leave now; it leaves."""
    now = desk.clock()

    def work(tx):  # type: ignore[no-untyped-def]
        found = tx.outbox.lease(now, now, 100)
        for letter in found:
            tx.outbox.settle(letter, dict.fromkeys(letter.open_recipients(), (Delivery.SENT, None)), now, None, None)
        return found

    found: list[OutboxRow] = desk.store.write(work)
    return found


def alarms(desk: TestDesk) -> list[OutboxRow]:
    return [letter for letter in desk.letters() if letter.kind == "brake"]


def test_no_more_than_the_ceiling_leave_in_any_hour_and_all_leave_in_the_end(desk: TestDesk) -> None:
    storm(desk, 11)
    left = [len(due(desk))]
    for _ in range(4):
        desk.clock.forward(minutes=60, seconds=1)
        left.append(len(due(desk)))
    assert left == [3, 3, 3, 2, 0]
    with desk.store.read() as tx:
        assert tx.gauges.held(desk.clock()).letters == 0


def test_the_leads_are_told_once_for_each_time_it_holds(desk: TestDesk) -> None:
    storm(desk, CEILING)
    desk.desk.watch()
    assert alarms(desk) == []
    storm(desk, 4, CEILING)
    for _ in range(3):
        desk.desk.watch()
    (told,) = alarms(desk)
    assert [address for address, _, _ in told.recipients] == ["anna@vitrina-domiland.example"]
    assert not told.automatic
    desk.clock.forward(hours=3)
    desk.desk.watch()
    storm(desk, CEILING + 1, 100)
    desk.desk.watch()
    assert len(alarms(desk)) == 2


def test_an_agents_letter_leaves_at_once(desk: TestDesk) -> None:
    storm(desk, CEILING + 2)
    due(desk)
    desk.desk.reply(1005, "Смотрим.", "boris")
    assert [letter.kind for letter in due(desk)] == ["reply"]


def test_what_is_held_is_told_by_the_list(desk: TestDesk) -> None:
    storm(desk, CEILING + 1)
    shown = [View("Europe/Moscow").letter(letter) for letter in desk.letters()]
    assert [one["held"] for one in shown] == [False] * CEILING + [True]
    assert shown[-1]["state"] == "queued"
    assert shown[-1]["next_try_at"] == "2026-05-12T12:00:00+03:00"
    assert "held: more than 3 automatic letters an hour" in str(shown[-1]["error"])
