"""What agents do: one transaction of change, event and letter, with the reason where it is not allowed."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from intake.errors import Conflict, NotFound, Refused
from intake.letters.enclosures import Enclosure
from intake.mail.reading import attachment_bytes
from intake.model import Delivery, Direction, Status, Type
from tests.support.desks import TestDesk, a_desk, mail


@pytest.fixture
def desk(store_url: str) -> Iterator[TestDesk]:
    with a_desk(store_url) as made:
        made.receive(mail())
        yield made


def kinds(desk: TestDesk) -> list[str]:
    with desk.store.read() as tx:
        return [e.kind for e in tx.tickets.events(1001)]


def test_taking_is_the_reaction(desk: TestDesk) -> None:
    desk.clock.forward(minutes=7)
    ticket = desk.desk.take(1001, "anna")
    assert (ticket.assignee, ticket.status, ticket.reacted_at) == ("anna", Status.IN_PROGRESS, desk.clock())
    assert kinds(desk) == ["opened", "assigned", "status"]


def test_taking_twice_says_why_not(desk: TestDesk) -> None:
    desk.desk.take(1001, "anna")
    with pytest.raises(Refused, match="уже у вас"):
        desk.desk.take(1001, "anna")


def test_a_stale_edit_is_a_conflict_and_changes_nothing(desk: TestDesk) -> None:
    seen = desk.ticket(1001).version
    desk.desk.take(1001, "anna")
    with pytest.raises(Conflict):
        desk.desk.set_status(1001, Status.ANALYSIS, "boris", expected=seen)
    assert desk.ticket(1001).status is Status.IN_PROGRESS


def test_a_transition_the_rules_lack_says_why(desk: TestDesk) -> None:
    desk.desk.close(1001, "anna")
    with pytest.raises(Refused, match="открывают заново"):
        desk.desk.set_status(1001, Status.ANALYSIS, "anna")


def test_a_reply_lands_in_the_clients_thread(desk: TestDesk) -> None:
    desk.desk.reply(1001, "Добрый день! Починили, проверьте.", "anna")
    letter = desk.letters()[-1]
    said = email.message_from_bytes(letter.raw, policy=email.policy.default)
    assert isinstance(said, EmailMessage)
    ack = desk.letters()[0]
    assert said["In-Reply-To"] == "<first@roscha.example>"
    assert ack.message_id in said["References"]
    assert said["Subject"] == "[VD-1001] Не открывается витрина"
    assert said["Auto-Submitted"] is None
    assert said["Reply-To"] == desk.signer.reply_address(desk.settings.address, "VD-1001")
    body = said.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert text.startswith("Добрый день! Починили, проверьте.")
    assert "Анна Белова" in text
    assert "> Добрый день! После обновления не открывается витрина" in text


def test_answering_takes_moves_and_counts_as_the_answer(desk: TestDesk) -> None:
    ticket = desk.desk.reply(1001, "Смотрим.", "boris")
    assert (ticket.assignee, ticket.status, ticket.answered_at) == ("boris", Status.IN_PROGRESS, desk.clock())
    with desk.store.read() as tx:
        last = tx.messages.of(1001)[-1]
    assert (last.direction, last.author, last.text, last.delivery) == (
        Direction.OUT,
        "boris",
        "Смотрим.",
        Delivery.QUEUED,
    )


def test_a_note_never_leaves(desk: TestDesk) -> None:
    desk.desk.note(1001, "СЕКРЕТ: клиент на контроле", "anna")
    desk.desk.reply(1001, "Ответ.", "anna")
    for letter in desk.letters():
        said = email.message_from_bytes(letter.raw, policy=email.policy.default)
        assert isinstance(said, EmailMessage)
        for part in said.walk():
            if not part.is_multipart():
                assert "СЕКРЕТ" not in part.get_content()


def test_the_letter_that_leaves_is_the_one_that_was_seen(desk: TestDesk) -> None:
    draft = desk.desk.draft_reply(1001, "Ответ.", "anna")
    desk.desk.send(draft, "Ответ.", "anna")
    assert desk.letters()[-1].raw == draft.letter.raw


def test_files_of_a_reply_are_found_again(desk: TestDesk) -> None:
    data = bytes(range(256)) * 20
    desk.desk.reply(1001, "Файл внутри.", "anna", [Enclosure("Счёт №1.pdf", "application/pdf", data)])
    with desk.store.read() as tx:
        (attached,) = tx.messages.of(1001)[-1].attachments
        stored, raw = tx.messages.attachment(1001, attached.id)
    assert (stored.filename, stored.size) == ("Счёт №1.pdf", len(data))
    assert attachment_bytes(raw, stored.part) == data


def test_an_attachment_is_found_in_its_own_ticket_only(desk: TestDesk) -> None:
    desk.desk.reply(1001, "Файл.", "anna", [Enclosure("a.txt", "text/plain", b"x")])
    desk.receive(mail("Второе", message_id="<2@roscha.example>"))
    with desk.store.read() as tx:
        (attached,) = tx.messages.of(1001)[-1].attachments
        with pytest.raises(NotFound):
            tx.messages.attachment(1002, attached.id)


def test_an_empty_answer_is_refused(desk: TestDesk) -> None:
    with pytest.raises(Refused):
        desk.desk.reply(1001, "  \n", "anna")


def test_a_ticket_without_an_address_cannot_be_answered(desk: TestDesk) -> None:
    row = desk.receive(b"Subject: no sender\r\n\r\nhello there, what is the price?\r\n")
    with pytest.raises(Refused, match="нет адреса"):
        desk.desk.reply(row.ticket or 0, "Ответ", "anna")


def test_correcting_the_type_moves_the_deadline(desk: TestDesk) -> None:
    ticket = desk.desk.set_type(1001, Type.CONSULTATION, "anna")
    assert ticket.completion_due is not None
    assert (ticket.completion_due - ticket.opened_at).total_seconds() == 24 * 3600


def test_an_estimate_counts_working_hours_from_when_it_is_made(desk: TestDesk) -> None:
    desk.desk.set_type(1001, Type.IMPROVEMENT, "anna")
    ticket = desk.desk.set_estimate(1001, "9", "anna")
    assert ticket.completion_due is not None
    assert (ticket.completion_due - desk.clock()).total_seconds() == 24 * 3600
    with pytest.raises(Refused):
        desk.desk.set_estimate(1001, "много", "anna")


@pytest.mark.parametrize("named", ["1001", "VD-1001", "vd-1001", " 1001 "])
def test_a_ticket_is_found_by_number_or_key(desk: TestDesk, named: str) -> None:
    assert desk.desk.number_of(named) == 1001


def test_an_unknown_ticket_is_not_found(desk: TestDesk) -> None:
    with pytest.raises(NotFound):
        desk.desk.number_of("VD-9")


@pytest.mark.parametrize("named", ["5" + "0" * 24, "9" * 5000])
def test_a_number_no_database_holds_is_not_found(desk: TestDesk, named: str) -> None:
    with pytest.raises(NotFound):
        desk.desk.number_of(named)


def test_who_is_no_agent_may_not_act(desk: TestDesk) -> None:
    with pytest.raises(Refused, match="eve"):
        desk.desk.agent("eve")


def test_acknowledged_when_the_relay_took_it(desk: TestDesk) -> None:
    (letter,) = desk.letters()
    at = desk.clock.forward(seconds=3)

    def settle(state: Delivery) -> None:
        def work(tx: object) -> None:
            from typing import cast

            from intake.ports import Transaction

            store = cast("Transaction", tx)
            after = store.outbox.settle(letter, {"olga@roscha.example": (state, None)}, at, None, None)
            desk.desk.letter_settled(store, after, at)

        desk.store.write(work)

    settle(Delivery.SENT)
    assert desk.ticket(1001).acknowledged_at == at
