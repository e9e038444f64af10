"""A letter is taken back within the send window, with everything its sending did; after that it is gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from intake.errors import Refused
from intake.model import Event, Status, Ticket
from intake.settings import DeskSettings, Limits
from tests.support.desks import DESK_ADDRESS, TestDesk, a_desk, mail

WINDOW = timedelta(seconds=15)
SETTINGS = DeskSettings(address=DESK_ADDRESS, limits=Limits(undo_window=WINDOW))
CLOCKS = ("assignee", "status", "status_before", "reacted_at", "answered_at", "awaiting_since", "answer_due", "paused",
          "closed_at", "completion_due", "next_due", "next_due_kind")  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    with a_desk(tmp_path, SETTINGS) as made:
        made.receive(mail())
        made.clock.forward(minutes=5)
        yield made


def replied(desk: TestDesk, text: str = "Уже чиним", by: str = "anna") -> Ticket:
    return desk.desk.send(desk.desk.draft_reply(1001, text, by), text, by, held=True)


def moved(desk: TestDesk, status: Status, text: str = "", by: str = "anna") -> Ticket:
    return desk.desk.move(desk.desk.draft_status(1001, status, by, text), by, held=True)


def state(ticket: Ticket) -> dict[str, object]:
    return {name: getattr(ticket, name) for name in CLOCKS}


def messages(desk: TestDesk) -> list[str]:
    with desk.store.read() as tx:
        return [message.text for message in tx.messages.of(1001)]


def due(desk: TestDesk) -> list[str]:
    """Kinds of the letters that would leave now."""
    now = desk.clock()
    with desk.store.read() as tx:
        waiting = tx.outbox.waiting(now)
    letters = [letter.kind for letter in desk.letters() if letter.next_try_at is not None and letter.next_try_at <= now]
    assert waiting == bool(letters)
    return letters


def test_a_held_letter_waits_and_what_a_script_sends_does_not(desk: TestDesk) -> None:
    replied(desk)
    assert due(desk) == ["acknowledgement"]
    desk.desk.reply(1001, "Сразу", "anna")
    assert due(desk) == ["acknowledgement", "reply"]
    desk.clock.now += WINDOW
    assert due(desk) == ["acknowledgement", "reply", "reply"]


@pytest.fixture
def either(store_url: str) -> Iterator[TestDesk]:
    """The same desk, on each kind of database."""
    with a_desk(store_url, SETTINGS) as made:
        made.receive(mail())
        made.clock.forward(minutes=5)
        yield made


def test_taking_a_reply_back_leaves_the_ticket_as_it_was(either: TestDesk) -> None:
    desk = either
    before, said, letters = desk.ticket(1001), messages(desk), len(desk.letters())
    replied(desk)
    assert desk.ticket(1001).status is Status.IN_PROGRESS
    desk.clock.forward(seconds=10)
    found = desk.desk.recall(1001, "anna")
    assert (found.text, found.status) == ("Уже чиним", None)
    assert state(desk.ticket(1001)) == state(before)
    assert (messages(desk), len(desk.letters())) == (said, letters)
    with desk.store.read() as tx:
        assert tx.people.draft("anna", 1001, "reply") == "Уже чиним"
        last = tx.tickets.events(1001)[-1]
        assert (last.kind, last.actor, last.after) == ("recalled", "anna", "reply")
        assert tx.tickets.find({"words": "чиним"}) == []


@pytest.mark.parametrize("text", ["", "Оплатите, пожалуйста, счёт"])
def test_taking_a_status_letter_back_takes_the_status_back(desk: TestDesk, text: str) -> None:
    desk.desk.take(1001, "anna")
    desk.clock.forward(minutes=1)
    desk.desk.set_status(1001, Status.ANALYSIS, "anna")
    desk.clock.forward(minutes=1)
    before = desk.ticket(1001)
    moved(desk, Status.PAYMENT, text)
    assert desk.ticket(1001).paused
    found = desk.desk.recall(1001, "anna")
    assert (found.text, found.status) == (text, Status.PAYMENT)
    assert state(desk.ticket(1001)) == state(before)
    with desk.store.read() as tx:
        assert (tx.people.draft("anna", 1001, "status_payment") or "") == text


def test_a_closing_taken_back_asks_for_no_vote_and_the_next_one_does(desk: TestDesk) -> None:
    desk.desk.take(1001, "anna")
    desk.desk.set_status(1001, Status.ANALYSIS, "anna")
    desk.clock.forward(minutes=1)
    before = desk.ticket(1001)
    moved(desk, Status.CLOSED)
    with desk.store.read() as tx:
        assert tx.ratings.last_ask(1001) is not None
    desk.desk.recall(1001, "anna")
    assert state(desk.ticket(1001)) == state(before)
    with desk.store.read() as tx:
        assert tx.ratings.last_ask(1001) is None
    desk.clock.forward(minutes=1)
    closed = moved(desk, Status.CLOSED)
    with desk.store.read() as tx:
        ask = tx.ratings.last_ask(1001)
    assert ask is not None
    assert ask.asked_at == closed.closed_at


def test_what_somebody_has_changed_since_stays(desk: TestDesk) -> None:
    replied(desk)
    desk.clock.forward(seconds=2)
    desk.desk.assign(1001, "boris", "anna")
    desk.clock.forward(seconds=2)
    desk.desk.set_status(1001, Status.ANALYSIS, "boris", quiet=True)
    desk.clock.forward(seconds=2)
    ticket = desk.desk.recall(1001, "anna").ticket
    assert (ticket.assignee, ticket.status) == ("boris", Status.ANALYSIS)
    assert ticket.answered_at is None


def test_a_text_begun_since_stays_behind_the_one_taken_back(desk: TestDesk) -> None:
    replied(desk)
    desk.store.write(lambda tx: tx.people.keep_draft("anna", 1001, "reply", "Ещё", desk.clock()))
    desk.desk.recall(1001, "anna")
    with desk.store.read() as tx:
        assert tx.people.draft("anna", 1001, "reply") == "Уже чиним\n\nЕщё"


def test_the_last_letter_is_taken_back_then_the_one_before(desk: TestDesk) -> None:
    replied(desk, "Первое")
    desk.clock.forward(seconds=3)
    replied(desk, "Второе")
    assert [desk.desk.recall(1001, "anna").text for _ in range(2)] == ["Второе", "Первое"]
    assert desk.ticket(1001).status is Status.REQUEST


def test_too_late_is_refused_and_nothing_changes(desk: TestDesk) -> None:
    replied(desk)
    desk.clock.now += WINDOW
    before = desk.ticket(1001)
    with pytest.raises(Refused, match=r"уже отправляется.*новым письмом"):
        desk.desk.recall(1001, "anna")
    assert desk.ticket(1001) == before
    assert "Уже чиним" in messages(desk)


def test_a_letter_a_sender_has_taken_is_refused_though_the_clocks_differ(either: TestDesk) -> None:
    desk = either
    replied(desk)
    ahead = desk.clock() + WINDOW + timedelta(seconds=1)
    desk.store.write(lambda tx: tx.outbox.lease(ahead, ahead + timedelta(seconds=60), 10))
    with pytest.raises(Refused):
        desk.desk.recall(1001, "anna")
    assert "reply" in [letter.kind for letter in desk.letters()]


@pytest.mark.parametrize("by", ["boris", "nobody"])
def test_only_who_sent_a_letter_takes_it_back(desk: TestDesk, by: str) -> None:
    replied(desk)
    with pytest.raises(Refused, match="не отправляли"):
        desk.desk.recall(1001, by)
    assert desk.desk.recall(1001, "anna").text


def test_a_draft_of_a_status_that_cannot_be_set_is_refused(desk: TestDesk) -> None:
    desk.desk.take(1001, "anna")
    with pytest.raises(Refused, match="нельзя перейти"):
        desk.desk.draft_status(1001, Status.REQUEST, "anna")


def test_the_events_stay_as_they_were_told(desk: TestDesk) -> None:
    replied(desk)
    with desk.store.read() as tx:
        told = tx.tickets.events(1001)
    desk.desk.recall(1001, "anna")
    with desk.store.read() as tx:
        now = tx.tickets.events(1001)
    assert now[: len(told)] == told
    undone = [event for event in told if str(event.id) in (now[-1].before or "").split(".")]
    assert [event.kind for event in undone] == ["assigned", "replied", "status"]
    assert replace(now[-1], id=0, before=None) == Event(desk.clock(), "anna", "recalled", None, "reply")
