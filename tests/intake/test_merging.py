"""Merging, splitting and spam, and what they leave of a ticket's clocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from intake.errors import Refused
from intake.model import Criticality, Direction, Status, Type
from intake.settings import DeskSettings, Limits
from intake.voting import rate_token
from tests.support.desks import DESK_ADDRESS, TestDesk, a_desk, mail


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    with a_desk(tmp_path) as made:
        for number in (1, 2, 3):
            made.receive(mail(f"Вопрос {number}", message_id=f"<{number}@roscha.example>"))
        yield made


def answer(desk: TestDesk, about: int, body: str = "Ну как?", number: int = 9) -> int:
    id_ = f"<{number}@roscha.example>"
    row = desk.receive(mail("Re", body, message_id=id_, In_Reply_To=f"<{about}@roscha.example>"))
    return row.message or 0


def heard(desk: TestDesk, number: int) -> list[str]:
    with desk.store.read() as tx:
        return [m.subject for m in tx.messages.of(number) if m.direction is Direction.IN]


def test_undoing_merges_in_any_order_gives_everybody_his_own(desk: TestDesk) -> None:
    desk.desk.merge(1001, 1002, "anna")
    desk.desk.merge(1002, 1003, "anna")
    desk.desk.unmerge(1001, "anna")
    desk.desk.unmerge(1002, "anna")
    assert [heard(desk, n) for n in (1001, 1002, 1003)] == [["Вопрос 1"], ["Вопрос 2"], ["Вопрос 3"]]


def test_what_was_split_off_after_a_merge_stays_where_it_is(desk: TestDesk) -> None:
    message = answer(desk, 1)
    desk.desk.merge(1001, 1002, "anna")
    fresh = desk.desk.split(1002, message, "anna")
    desk.desk.unmerge(1001, "anna")
    assert (heard(desk, fresh.number), heard(desk, 1001)) == (["Re"], ["Вопрос 1"])


def test_a_long_chain_is_followed_to_its_end(desk: TestDesk) -> None:
    for number in range(4, 26):
        desk.receive(mail(f"Вопрос {number}", message_id=f"<{number}@roscha.example>"))
    for number in range(1001, 1025):
        desk.desk.merge(number, number + 1, "anna")
    with pytest.raises(Refused, match="VD-1001 уже часть VD-1025"):
        desk.desk.merge(1025, 1001, "anna")


def test_merging_a_closed_ticket_and_back_leaves_its_closing_alone(desk: TestDesk) -> None:
    closed = desk.desk.close(1001, "anna")
    desk.clock.forward(minutes=10)
    desk.desk.merge(1001, 1002, "anna")
    desk.clock.forward(minutes=10)
    back = desk.desk.unmerge(1001, "anna")
    assert (back.status, back.closed_at) == (Status.CLOSED, closed.closed_at)


def test_a_client_who_waits_waits_on_where_his_ticket_went_and_back(desk: TestDesk) -> None:
    for number in (1001, 1002):
        desk.desk.reply(number, "Смотрим.", "anna")
    answer(desk, 1)
    since = desk.clock()
    desk.clock.forward(minutes=5)
    target = desk.desk.merge(1001, 1002, "anna")
    assert (target.awaiting_since, desk.ticket(1001).awaiting_since) == (since, None)
    back = desk.desk.unmerge(1001, "anna")
    assert (back.awaiting_since, desk.ticket(1002).awaiting_since) == (since, None)


def test_a_question_split_off_is_not_waited_for_where_it_came_from(desk: TestDesk) -> None:
    desk.desk.reply(1001, "Смотрим.", "anna")
    message = answer(desk, 1, "И отдельно: добавьте тёмную тему.")
    assert desk.ticket(1001).answer_due is not None
    fresh = desk.desk.split(1001, message, "anna")
    assert (desk.ticket(1001).answer_due, fresh.next_due_kind) == (None, "reaction")


def test_a_merged_ticket_is_neither_moved_nor_answered_nor_called_spam(desk: TestDesk) -> None:
    draft = desk.desk.draft_reply(1001, "Ответ.", "anna")
    desk.desk.merge(1001, 1002, "anna")
    verbs: tuple[Callable[[], object], ...] = (
        lambda: desk.desk.set_status(1001, Status.IN_PROGRESS, "anna"),
        lambda: desk.desk.reply(1001, "Ответ.", "anna"),
        lambda: desk.desk.send(draft, "Ответ.", "anna"),
        lambda: desk.desk.spam(1001, "anna"),
    )
    for verb in verbs:
        with pytest.raises(Refused, match="объединено"):
            verb()


@pytest.mark.parametrize("by_mail", [True, False])
def test_spam_in_work_again_is_no_spam(desk: TestDesk, by_mail: bool) -> None:
    """Who writes again, or whom an agent takes up again, gets letters and counts like anybody."""
    desk.desk.spam(1001, "anna")
    if by_mail:
        answer(desk, 1)
    else:
        desk.desk.set_status(1001, Status.IN_PROGRESS, "anna")
    ticket = desk.ticket(1001)
    assert (ticket.status, ticket.spam) == (Status.IN_PROGRESS, False)


def test_a_closing_is_not_taken_back_once_the_ticket_is_spam(tmp_path: Path) -> None:
    settings = DeskSettings(address=DESK_ADDRESS, limits=Limits(undo_window=timedelta(seconds=15)))
    with a_desk(tmp_path, settings) as desk:
        desk.receive(mail())
        desk.desk.move(desk.desk.draft_status(1001, Status.CLOSED, "anna"), "anna", held=True)
        desk.desk.spam(1001, "anna")
        with pytest.raises(Refused, match="спам"):
            desk.desk.recall(1001, "anna")
        assert desk.ticket(1001).status is Status.CLOSED


def test_a_closing_is_not_taken_back_once_the_client_has_voted(tmp_path: Path) -> None:
    """By the link of an earlier letter."""
    settings = DeskSettings(address=DESK_ADDRESS, limits=Limits(undo_window=timedelta(seconds=15)))
    with a_desk(tmp_path, settings) as desk:
        desk.receive(mail())
        desk.desk.close(1001, "anna")
        with desk.store.read() as tx:
            ask = tx.ratings.last_ask(1001)
        assert ask is not None
        desk.desk.set_status(1001, Status.IN_PROGRESS, "anna")
        desk.desk.move(desk.desk.draft_status(1001, Status.CLOSED, "anna"), "anna", held=True)
        desk.desk.rate(rate_token(desk.signer, "VD-1001", ask), 4)
        with pytest.raises(Refused, match="оценку"):
            desk.desk.recall(1001, "anna")


def test_what_is_said_on_the_page_of_a_merged_ticket_is_read_where_it_went(desk: TestDesk) -> None:
    desk.desk.close(1001, "anna")
    desk.desk.merge(1001, 1002, "anna")
    desk.desk.mark_read(1002)
    with desk.store.read() as tx:
        ask = tx.ratings.last_ask(1001)
    assert ask is not None
    desk.desk.rate(rate_token(desk.signer, "VD-1001", ask), 2, "Долго.")
    with desk.store.read() as tx:
        last = tx.messages.of(1002)[-1]
    assert (last.text, desk.ticket(1002).unread) == ("Оценка 2. Долго.", True)


def test_who_is_asked_something_does_not_wait_for_an_answer(desk: TestDesk) -> None:
    desk.desk.reply(1001, "Смотрим.", "anna")
    answer(desk, 1)
    asked = desk.desk.set_status(1001, Status.INFO_NEEDED, "anna")
    assert (asked.awaiting_since, asked.answer_due, asked.paused) == (None, None, True)


def test_a_no_on_the_clients_page_wakes_a_snoozed_ticket(desk: TestDesk) -> None:
    desk.desk.set_status(1001, Status.VERIFICATION, "anna")
    desk.desk.snooze(1001, desk.clock.now.replace(month=6), "anna")
    assert desk.desk.confirm(1001, works=False).snoozed_until is None


def test_what_changes_with_a_type_or_a_question_is_told(desk: TestDesk) -> None:
    desk.desk.set_type(1001, Type.BUG, "anna")
    desk.desk.set_criticality(1001, Criticality.HIGH, "anna")
    desk.desk.set_type(1001, Type.CONSULTATION, "anna")
    with desk.store.read() as tx:
        last = tx.tickets.events(1001)[-1]
    assert (last.kind, last.before, last.after) == ("criticality", "high", None)


def test_a_merge_that_cannot_be_names_the_ticket_that_is_in_the_way(desk: TestDesk) -> None:
    desk.desk.merge(1001, 1002, "anna")
    for number, into, reason in (
        (1003, 1003, "VD-1003 нельзя объединить само с собой"),
        (1001, 1003, "VD-1001 уже часть VD-1002"),
        (1001, 1002, "VD-1001 уже часть VD-1002"),
        (1002, 1001, "VD-1001 уже часть VD-1002"),
    ):
        with pytest.raises(Refused, match=reason):
            desk.desk.merge(number, into, "anna")
