"""Mails and acts that cross each other: what was read late, and what changed between reading and writing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from intake.desk import Desk
from intake.letters.writing import LetterWriter
from intake.model import Agent, Delivery, Disposition, OutboxRow, Status, Ticket
from intake.reading import own_addresses, read
from intake.receiving import Receiver
from intake.settings import DeskSettings
from templates import render_letter
from tests.intake.desk_model.world import Interrupted
from tests.support.desks import DESK_ADDRESS, TestDesk, a_desk, mail

ANSWER = mail("Re", "Вот сведения.", message_id="<2@roscha.example>", In_Reply_To="<first@roscha.example>")


@pytest.fixture
def desk(store_url: str) -> Iterator[TestDesk]:
    with a_desk(store_url) as made:
        made.receive(mail())
        yield made


def late(desk: TestDesk, act: Callable[[], object]) -> Ticket:
    """An answer arrives, an agent acts without knowing, and only then it is read."""
    desk.clock.forward(minutes=20)
    desk.arrive(ANSWER)
    desk.clock.forward(minutes=3)
    act()
    desk.clock.forward(minutes=2)
    desk.process()
    return desk.ticket(1001)


def test_mail_that_came_before_the_closing_and_was_read_after_it_reopens(desk: TestDesk) -> None:
    ticket = late(desk, lambda: desk.desk.close(1001, "anna"))
    assert (ticket.status, ticket.closed_at) == (Status.IN_PROGRESS, None)
    assert ticket.next_due_kind == "answer"


def test_mail_that_came_before_a_question_and_was_read_after_it_ends_the_pause(desk: TestDesk) -> None:
    desk.desk.take(1001, "anna")
    ticket = late(desk, lambda: desk.desk.set_status(1001, Status.INFO_NEEDED, "anna"))
    assert (ticket.status, ticket.paused) == (Status.IN_PROGRESS, False)


def test_a_reply_written_without_knowing_of_a_mail_is_no_answer_to_it(desk: TestDesk) -> None:
    wrote = desk.clock() + timedelta(minutes=20)
    ticket = late(desk, lambda: desk.desk.reply(1001, "Смотрим.", "anna"))
    assert ticket.awaiting_since == wrote


def interrupted(desk: TestDesk, act: Callable[[], object]) -> Interrupted:
    store = Interrupted(desk.store)
    store.first = act
    return store


def crossing(desk: TestDesk, raw: bytes, act: Callable[[], object]) -> int:
    """Receive a mail while an agent acts between the receiver's plan and its commit; its row."""
    writer = LetterWriter(desk.settings, desk.signer, render_letter)
    store = interrupted(desk, act)
    receiver = Receiver(store, desk.regulations, writer, desk.signer, desk.settings, desk.clock)
    row = desk.arrive(raw)
    with desk.store.read() as tx:
        kept = tx.journal.get(row)
    (done,) = receiver.receive([(kept, read(kept.raw, kept.envelope, own_addresses(desk.settings)))])
    assert done.outcome is not None
    assert done.outcome.disposition is Disposition.MESSAGE
    return done.outcome.ticket or 0


def test_mail_to_a_ticket_merged_meanwhile_goes_where_it_went(desk: TestDesk) -> None:
    other = desk.receive(mail("Ещё", message_id="<3@roscha.example>")).ticket or 0
    assert crossing(desk, ANSWER, lambda: desk.desk.merge(1001, other, "anna")) == other
    assert (desk.ticket(1001).status, desk.ticket(other).unread) == (Status.CLOSED, True)


def test_nobody_is_alarmed_of_what_was_done_meanwhile(desk: TestDesk) -> None:
    """The watch found a breach; before it could tell, an agent took the ticket."""
    desk.clock.forward(minutes=50)
    writer = LetterWriter(desk.settings, desk.signer, render_letter)
    store = interrupted(desk, lambda: desk.desk.take(1001, "boris"))
    watcher = Desk(store, desk.regulations, writer, desk.settings, desk.clock)
    assert watcher.watch() == 0
    assert [one.kind for one in desk.letters()] == ["acknowledgement"]


def test_a_bounce_of_one_recipient_leaves_the_others_to_be_tried(store_url: str) -> None:
    with a_desk(store_url, DeskSettings(address=DESK_ADDRESS)) as desk:
        to = [Agent("a", "А", "a@x.example"), Agent("b", "Б", "b@x.example")]
        writer = LetterWriter(desk.settings, desk.signer, render_letter)
        letter = writer.staff("roster_gaps", to, "Тема", ["Строка"], None, desk.clock())
        assert letter is not None
        row = desk.store.write(lambda tx: tx.outbox.add(letter, desk.clock()))
        later = desk.clock() + timedelta(minutes=5)
        settle(desk, row, later)
        desk.store.write(lambda tx: tx.outbox.bounced(row, ["a@x.example"], "user unknown"))
        desk.clock.now = later
        (again,) = leased(desk)
        assert again.open_recipients() == ("b@x.example",)


def settle(desk: TestDesk, row: int, later: datetime) -> None:
    (letter,) = leased(desk)
    assert letter.id == row
    outcomes = {"a@x.example": (Delivery.SENT, None), "b@x.example": (Delivery.QUEUED, "greylisted")}
    desk.store.write(lambda tx: tx.outbox.settle(letter, outcomes, desk.clock(), later, "greylisted"))


def leased(desk: TestDesk) -> list[OutboxRow]:
    now = desk.clock()
    return desk.store.write(lambda tx: tx.outbox.lease(now, now + timedelta(minutes=1), 10))
