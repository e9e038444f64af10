"""A mail becomes what the design says, once, with its letter in the same transaction."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from intake.model import Delivery, Direction, Disposition, Status, Ticket, Type
from intake.settings import DeskSettings, Limits
from tests.support.desks import DESK_ADDRESS, MovedClock, TestDesk, a_desk, mail


@pytest.fixture
def desk(store_url: str) -> Iterator[TestDesk]:
    with a_desk(store_url) as made:
        yield made


def parsed(raw: bytes) -> EmailMessage:
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_a_request_opens_a_ticket_with_its_acknowledgement(desk: TestDesk) -> None:
    row = desk.receive(mail())
    ticket = desk.ticket(row.ticket)
    assert (row.disposition, row.sender, ticket.type, ticket.status) == (
        Disposition.TICKET,
        "olga@roscha.example",
        Type.BUG,
        Status.REQUEST,
    )
    assert ticket.reaction_due == datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
    (letter,) = desk.letters()
    assert (letter.state, letter.recipients[0][0], letter.automatic) == (Delivery.QUEUED, "olga@roscha.example", True)
    said = parsed(letter.raw)
    assert said["Subject"] == f"[{ticket.key}] Не открывается витрина"
    assert said["In-Reply-To"] == "<first@roscha.example>"
    assert said["Auto-Submitted"] == "auto-replied"
    assert said["X-Otklik-Ticket"] == ticket.key
    body = said.get_body(("plain",))
    assert body is not None
    assert "до 12:00 МСК во вторник, 12 мая" in body.get_content()


def test_numbers_follow_the_order_of_arrival(desk: TestDesk) -> None:
    for n in range(40):
        desk.arrive(mail(subject=f"Письмо {n}", message_id=f"<{n}@roscha.example>", sender=f"a{n}@roscha.example"))
    desk.process()
    with desk.store.read() as tx:
        subjects = [t.subject for t in reversed(tx.tickets.find({}, 100))]
    assert subjects == [f"Письмо {n}" for n in range(40)]


@pytest.mark.parametrize("by", ["address", "in-reply-to", "references", "subject"])
def test_an_answer_joins_its_ticket(desk: TestDesk, by: str) -> None:
    first = desk.receive(mail())
    ticket = desk.ticket(first.ticket)
    ours = desk.letters()[0].message_id
    headers = {"in-reply-to": {"In_Reply_To": ours}, "references": {"References": f"<x@y.example> {ours}"}}.get(by, {})
    to = desk.signer.reply_address(DESK_ADDRESS, ticket.key) if by == "address" else DESK_ADDRESS
    subject = f"Re: [{ticket.key}] Не открывается витрина" if by == "subject" else "Re: ответ"
    again = desk.receive(
        mail(subject=subject, body="Заработало само.", message_id="<2@roscha.example>", **headers), rcpt_to=to
    )
    assert (again.disposition, again.ticket) == (Disposition.MESSAGE, ticket.number)
    assert len(desk.letters()) == 1, "a follow-up is not acknowledged"


def test_a_strangers_tag_opens_a_ticket_that_mentions_the_other(desk: TestDesk) -> None:
    first = desk.receive(mail())
    key = desk.ticket(first.ticket).key
    row = desk.receive(mail(subject=f"Re: [{key}] привет", sender="eve@evil.example", message_id="<e@evil.example>"))
    assert row.disposition is Disposition.TICKET
    assert row.ticket != first.ticket
    with desk.store.read() as tx:
        assert [e.after for e in tx.tickets.events(row.ticket or 0) if e.kind == "mentions"] == [key]


def test_a_stranger_with_a_valid_thread_joins_as_unconfirmed(desk: TestDesk) -> None:
    first = desk.receive(mail())
    ours = desk.letters()[0].message_id
    row = desk.receive(mail(sender="eve@evil.example", message_id="<e@evil.example>", In_Reply_To=ours))
    assert row.ticket == first.ticket
    with desk.store.read() as tx:
        last = tx.messages.of(first.ticket or 0)[-1]
    assert last.unconfirmed
    assert "eve@evil.example" not in {a for letter in desk.letters() for a, _, _ in letter.recipients}


def test_a_colleague_of_the_same_company_is_confirmed(desk: TestDesk) -> None:
    first = desk.receive(mail())
    key = desk.ticket(first.ticket).key
    row = desk.receive(mail(subject=f"Re: [{key}]", sender="ivan@roscha.example", message_id="<i@roscha.example>"))
    assert row.ticket == first.ticket


def test_the_same_mail_by_two_doors_is_one_message(desk: TestDesk) -> None:
    desk.receive(mail())
    traced = b"Received: from relay.example by mx.example; Tue, 12 May 2026 11:00:00 +0300\r\n" + mail()
    again = desk.receive(traced, door="imap")
    assert (again.disposition, again.ticket) == (Disposition.DUPLICATE, 1001)
    assert len(desk.letters()) == 1


def test_the_same_bytes_at_the_same_door_are_not_kept_again(desk: TestDesk) -> None:
    assert desk.arrive(mail()) != 0
    assert desk.arrive(mail()) == 0


def test_a_reused_message_id_is_no_duplicate(desk: TestDesk) -> None:
    desk.receive(mail())
    row = desk.receive(mail(subject="Другое", body="Совсем другой вопрос: как настроить рассылку?"))
    assert row.disposition is Disposition.TICKET
    assert row.ticket == 1002


def test_a_hundred_mails_without_message_id_are_a_hundred_tickets(desk: TestDesk) -> None:
    for n in range(100):
        desk.arrive(mail(message_id=None, body=f"Сообщение датчика {n}", sender=f"s{n}@roscha.example"))
    desk.process()
    with desk.store.read() as tx:
        assert len(tx.tickets.find({}, 1000)) == 100


@pytest.mark.parametrize(
    ("headers", "mail_from", "disposition"),
    [
        ({"Auto_Submitted": "auto-replied"}, None, Disposition.IGNORED),
        ({"List_Id": "<news.example>", "Precedence": "list"}, None, Disposition.IGNORED),
        ({"X_Auto_Response_Suppress": "All"}, None, Disposition.TICKET),
        ({"X_Spam_Flag": "YES"}, None, Disposition.QUARANTINED),
    ],
)
def test_what_must_get_no_letter_gets_none(
    desk: TestDesk, headers: dict[str, str], mail_from: str | None, disposition: Disposition
) -> None:
    row = desk.receive(mail(**headers), mail_from=mail_from)
    assert row.disposition is disposition
    assert desk.letters() == []
    assert row.cause


def test_our_own_letter_coming_back_is_ignored(desk: TestDesk) -> None:
    desk.receive(mail())
    row = desk.receive(desk.letters()[0].raw)
    assert row.disposition is Disposition.IGNORED
    assert len(desk.letters()) == 1


def test_a_vacation_note_shows_on_its_ticket_and_changes_nothing(desk: TestDesk) -> None:
    first = desk.receive(mail())
    before = desk.ticket(first.ticket)
    ours = desk.letters()[0].message_id
    row = desk.receive(
        mail(
            "Автоответ",
            "Я в отпуске.",
            message_id="<a@roscha.example>",
            In_Reply_To=ours,
            Auto_Submitted="auto-replied",
        )
    )
    assert (row.disposition, row.ticket) == (Disposition.MESSAGE, first.ticket)
    assert desk.ticket(first.ticket) == before
    with desk.store.read() as tx:
        assert tx.messages.of(first.ticket or 0)[-1].automatic


def dsn(message_id: str, recipient: str = "olga@roscha.example") -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: " + DESK_ADDRESS + "\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        "Message-ID: <dsn1@mx.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nuser unknown\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 user unknown\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\nSubject: x\r\n\r\n--b--\r\n"
    ).encode()


def test_a_bounce_is_told_on_the_ticket_of_its_letter(desk: TestDesk) -> None:
    first = desk.receive(mail())
    row = desk.receive(dsn(desk.letters()[0].message_id), mail_from="")
    assert (row.disposition, row.ticket) == (Disposition.MESSAGE, first.ticket)
    (letter,) = desk.letters()
    assert letter.state is Delivery.FAILED
    with desk.store.read() as tx:
        assert [e.kind for e in tx.tickets.events(first.ticket or 0)][-1] == "bounced"


def test_a_forged_bounce_changes_nothing(desk: TestDesk) -> None:
    first = desk.receive(mail())
    row = desk.receive(dsn("<vd-1001.0123456789ab.aaaaaaaaaaaaaaaaaaaaaaaaaa@vitrina-domiland.example>"), mail_from="")
    assert row.disposition is Disposition.IGNORED
    assert desk.letters()[0].state is Delivery.QUEUED
    with desk.store.read() as tx:
        assert [e.kind for e in tx.tickets.events(first.ticket or 0)] == ["opened"]


def test_ceiling_of_letters_to_one_address(store_url: str) -> None:
    settings = DeskSettings(address=DESK_ADDRESS, limits=Limits(letters_per_address_hour=3, letters_per_address_day=5))
    clock = MovedClock()
    with a_desk(store_url, settings, clock) as desk:
        for n in range(6):
            desk.receive(mail(subject=f"Заявка {n}", message_id=f"<{n}@roscha.example>"))
        states = [letter.state for letter in desk.letters()]
        assert states == [Delivery.QUEUED] * 3 + [Delivery.SUPPRESSED] * 3
        clock.forward(hours=2)
        for n in range(6, 10):
            desk.receive(mail(subject=f"Заявка {n}", message_id=f"<{n}@roscha.example>"))
        states = [letter.state for letter in desk.letters()][6:]
        assert states == [Delivery.QUEUED] * 2 + [Delivery.SUPPRESSED] * 2


def test_above_the_desks_ceiling_letters_wait(store_url: str) -> None:
    settings = DeskSettings(address=DESK_ADDRESS, limits=Limits(letters_per_hour=2))
    with a_desk(store_url, settings) as desk:
        for n in range(3):
            desk.receive(mail(message_id=f"<{n}@roscha.example>", sender=f"a{n}@roscha.example", subject=f"С {n}"))
        held = desk.letters()[2]
        assert held.state is Delivery.QUEUED
        assert held.next_try_at is not None
        assert held.next_try_at > desk.clock()
        assert held.error is not None
        assert held.error.startswith("held")


def closed(desk: TestDesk) -> Ticket:
    first = desk.receive(mail())
    return desk.desk.close(first.ticket or 0, "anna")


def test_a_message_soon_after_closing_reopens(desk: TestDesk) -> None:
    ticket = closed(desk)
    desk.clock.forward(days=13)
    row = desk.receive(
        mail("Re", "Опять не работает.", message_id="<2@roscha.example>", In_Reply_To="<first@roscha.example>")
    )
    after = desk.ticket(row.ticket)
    assert (after.number, after.status, after.closed_at) == (ticket.number, Status.IN_PROGRESS, None)


def test_a_message_long_after_closing_opens_a_new_ticket_that_names_the_old(desk: TestDesk) -> None:
    ticket = closed(desk)
    desk.clock.forward(days=15)
    row = desk.receive(
        mail("Re", "Опять не работает.", message_id="<2@roscha.example>", In_Reply_To="<first@roscha.example>")
    )
    assert row.disposition is Disposition.TICKET
    body = parsed(desk.letters()[-1].raw).get_body(("plain",))
    assert body is not None
    assert ticket.key in body.get_content()


def test_bare_thanks_reopen_nothing(desk: TestDesk) -> None:
    ticket = closed(desk)
    row = desk.receive(mail("Re", "Спасибо!", message_id="<2@roscha.example>", In_Reply_To="<first@roscha.example>"))
    assert desk.ticket(row.ticket).status is Status.CLOSED
    assert row.ticket == ticket.number


def test_an_answer_to_a_question_returns_the_ticket_to_its_status(desk: TestDesk) -> None:
    first = desk.receive(mail())
    number = first.ticket or 0
    desk.desk.take(number, "anna")
    desk.desk.set_status(number, Status.ANALYSIS, "anna")
    paused = desk.desk.set_status(number, Status.INFO_NEEDED, "anna")
    assert paused.paused
    desk.clock.forward(hours=30)
    desk.receive(mail("Re", "Вот данные.", message_id="<2@roscha.example>", In_Reply_To="<first@roscha.example>"))
    after = desk.ticket(number)
    assert (after.status, after.paused) == (Status.ANALYSIS, False)
    assert after.completion_due is not None
    assert paused.completion_due is not None
    assert (after.completion_due - paused.completion_due).total_seconds() == 30 * 3600


def test_a_mail_and_its_follow_up_in_one_batch_are_one_ticket(desk: TestDesk) -> None:
    desk.arrive(mail())
    desk.arrive(mail("Re", "И ещё одно.", message_id="<2@roscha.example>", In_Reply_To="<first@roscha.example>"))
    desk.process()
    with desk.store.read() as tx:
        (ticket,) = tx.tickets.find({}, 10)
        assert [m.direction for m in tx.messages.of(ticket.number) if not m.automatic] == [Direction.IN, Direction.IN]


def test_read_again_changes_the_message_in_its_place(desk: TestDesk) -> None:
    row = desk.receive(mail())
    assert row.message is not None
    stored = row.message
    desk.store.write(lambda tx: tx.messages.reread(stored, "испорчено", "испорчено", ()))
    reading = desk.worker._reader.submit(row).result()
    desk.receiver.read_again(row, reading)
    with desk.store.read() as tx:
        assert "не открывается витрина" in tx.messages.get(stored).text
    assert len(desk.letters()) == 1
