"""Answers of departments by mail: internal for ever, believed only from their own senders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from intake.errors import Refused
from intake.escalations import Escalation, Reply
from intake.model import Direction, JournalRow, Status, TicketMessage
from tests.support.departments import ASKING, IT, LEGAL, answer, asked, parsed, words
from tests.support.desks import TestDesk, a_desk, mail

INTERNAL = "ВНУТРЕННИЙ ОТВЕТ: договор ничтожен"


@pytest.fixture
def desk(store_url: str) -> Iterator[TestDesk]:
    with a_desk(store_url, ASKING) as made:
        made.receive(mail())
        made.desk.escalate(1001, "legal", "anna", "Можно ли расторгнуть?")
        made.desk.mark_read(1001)
        made.clock.forward(hours=2)
        yield made


def last(desk: TestDesk) -> TicketMessage:
    with desk.store.read() as tx:
        return tx.messages.of(1001)[-1]


def escalation(desk: TestDesk) -> Escalation:
    with desk.store.read() as tx:
        return tx.escalations.of(1001)[0]


def kinds(desk: TestDesk) -> list[str]:
    with desk.store.read() as tx:
        return [e.kind for e in tx.tickets.events(1001)]


def comes(desk: TestDesk, raw: bytes, rcpt_to: str | None = None) -> JournalRow:
    letter = asked(desk)[0]
    return desk.receive(raw, rcpt_to=rcpt_to or str(parsed(letter)["Reply-To"]))


def test_an_answer_is_internal_stops_the_clock_and_wakes_the_agent(desk: TestDesk) -> None:
    comes(desk, answer(asked(desk)[0], INTERNAL))
    said = last(desk)
    assert (said.direction, said.text, said.unconfirmed) == (Direction.DEPT_IN, INTERNAL, False)
    part = escalation(desk).asked[0]
    assert (part.answered_at, part.answered_by, part.answer) == (desk.clock(), "j.pravova@licensor.example", said.id)
    assert escalation(desk).answered_at == desk.clock()
    assert desk.ticket(1001).unread
    assert kinds(desk)[-1] == "dept_answered"
    assert desk.ticket(1001).awaiting_since is None


@pytest.mark.parametrize("way", ["address", "thread"])
def test_address_or_thread_is_enough(desk: TestDesk, way: str) -> None:
    letter = asked(desk)[0]
    if way == "address":
        raw = mail("Ответ", INTERNAL, LEGAL, str(parsed(letter)["Reply-To"]), "<a@licensor.example>")
        comes(desk, raw)
    else:
        comes(desk, answer(letter, INTERNAL, to=desk.settings.address), rcpt_to=desk.settings.address)
    assert last(desk).direction is Direction.DEPT_IN
    assert escalation(desk).answered_at is not None


@pytest.mark.parametrize("sender", ["mallory@evil.example", "olga@roscha.example", IT])
def test_somebody_else_in_the_thread_is_unconfirmed_and_stops_nothing(desk: TestDesk, sender: str) -> None:
    comes(desk, answer(asked(desk)[0], INTERNAL, sender))
    assert (last(desk).direction, last(desk).unconfirmed) == (Direction.DEPT_IN, True)
    assert escalation(desk).answered_at is None
    assert desk.ticket(1001).unread
    assert kinds(desk)[-1] == "dept_unconfirmed"


def test_a_sender_whom_our_relay_found_forged_is_unconfirmed(store_url: str) -> None:
    with a_desk(store_url, replace(ASKING, authserv_id="mx.vitrina-domiland.example")) as desk:
        desk.receive(mail())
        desk.desk.escalate(1001, "legal", "anna", "?")
        forged = "mx.vitrina-domiland.example; dmarc=fail header.from=licensor.example"
        comes(desk, answer(asked(desk)[0], INTERNAL, Authentication_Results=forged))
        assert last(desk).unconfirmed
        assert escalation(desk).answered_at is None


def test_a_forged_token_is_nobodys_address(desk: TestDesk) -> None:
    letter = asked(desk)[0]
    address = str(parsed(letter)["Reply-To"])
    local, _, domain = address.partition("@")
    forged = f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}@{domain}"
    row = comes(desk, mail("Ответ", INTERNAL, "mallory@evil.example", forged, "<f@evil.example>"), rcpt_to=forged)
    assert row.ticket != 1001
    assert escalation(desk).answered_at is None


def test_out_of_office_is_shown_and_stops_nothing(desk: TestDesk) -> None:
    raw = answer(asked(desk)[0], "Я в отпуске до 1 июня.", Auto_Submitted="auto-replied")
    comes(desk, raw)
    assert (last(desk).direction, last(desk).automatic) == (Direction.DEPT_IN, True)
    assert escalation(desk).answered_at is None
    assert not desk.ticket(1001).unread


def test_the_department_beside_its_thread_is_internal_but_proves_nothing(desk: TestDesk) -> None:
    raw = mail("[VD-1001] вдогонку", INTERNAL, LEGAL, desk.settings.address, "<aside@licensor.example>")
    row = comes(desk, raw, rcpt_to=desk.settings.address)
    assert row.ticket == 1001
    assert (last(desk).direction, last(desk).unconfirmed) == (Direction.DEPT_IN, True)
    assert escalation(desk).answered_at is None


def test_in_the_clients_thread_the_department_stays_internal(desk: TestDesk) -> None:
    raw = mail(
        "Re: витрина", INTERNAL, LEGAL, desk.settings.address, "<x@l.example>", In_Reply_To="<first@roscha.example>"
    )
    comes(desk, raw, rcpt_to=desk.settings.address)
    assert (last(desk).direction, last(desk).unconfirmed) == (Direction.DEPT_IN, True)


def test_more_mail_after_the_answer_is_shown_and_changes_no_time(desk: TestDesk) -> None:
    comes(desk, answer(asked(desk)[0], INTERNAL))
    first = escalation(desk).answered_at
    desk.clock.forward(hours=1)
    comes(desk, answer(asked(desk)[0], "И ещё одно.", message_id="<more@licensor.example>"))
    assert escalation(desk).answered_at == first
    assert kinds(desk)[-1] == "dept_wrote"


def test_the_client_in_copy_reads_nothing_and_his_answer_stays_internal(desk: TestDesk) -> None:
    letter = asked(desk)[0]
    token = str(parsed(letter)["Reply-To"])
    comes(desk, answer(letter, INTERNAL, to=token, Cc="olga@roscha.example"))
    both = f"{token}, j.pravova@licensor.example"
    raw = mail(
        "Re: Правовые вопросы",
        "Спасибо, поняла.\n\n> " + INTERNAL,
        to=both,
        message_id="<client-again@roscha.example>",
        In_Reply_To="<answer@licensor.example>",
    )
    comes(desk, raw)
    assert (last(desk).direction, last(desk).unconfirmed) == (Direction.DEPT_IN, True)
    desk.desk.reply(1001, "Добрый день, отвечаем.", "anna")
    assert INTERNAL not in words(desk.letters()[-1])
    assert "Спасибо, поняла" not in words(desk.letters()[-1])


def test_each_of_two_departments_stops_its_own_clock(desk: TestDesk) -> None:
    desk.desk.escalate(1001, "development", "anna", "Сделаем?")
    to_product, to_it = asked(desk)[1:]
    desk.receive(answer(to_it, "Да.", IT), rcpt_to=str(parsed(to_it)["Reply-To"]))
    with desk.store.read() as tx:
        made = tx.escalations.of(1001)[1]
    assert [a.department for a in made.waiting] == ["product"]
    sender = "Пётр <petr@product.licensor.example>"
    raw = answer(to_product, "И мы да.", sender, "<p@product.licensor.example>")
    desk.receive(raw, rcpt_to=str(parsed(to_product)["Reply-To"]))
    with desk.store.read() as tx:
        assert tx.escalations.of(1001)[1].answered_at == desk.clock()


def test_an_answer_follows_a_merged_ticket(desk: TestDesk) -> None:
    desk.receive(mail("Другое", message_id="<other@roscha.example>"))
    letter = asked(desk)[0]
    desk.desk.merge(1001, 1002, "anna")
    assert comes(desk, answer(letter, INTERNAL)).ticket == 1002
    with desk.store.read() as tx:
        assert tx.messages.of(1002)[-1].direction is Direction.DEPT_IN
        assert tx.escalations.of(1002)[0].answered_at == desk.clock()


def test_the_same_answer_twice_is_one(desk: TestDesk) -> None:
    raw = answer(asked(desk)[0], INTERNAL)
    comes(desk, raw)
    desk.receive(raw, door="imap", rcpt_to=desk.settings.address)
    with desk.store.read() as tx:
        assert [m.text for m in tx.messages.of(1001)].count(INTERNAL) == 1


def test_an_answer_is_quoted_for_the_client_by_the_agents_wish_only(desk: TestDesk) -> None:
    comes(desk, answer(asked(desk)[0], "Первая строка.\n\nВторая."))
    quoted = desk.desk.quote_answer(1001, last(desk).id)
    assert quoted == "> Первая строка.\n>\n> Вторая.\n"
    with desk.store.read() as tx:
        client = tx.messages.of(1001)[0].id
    with pytest.raises(Refused):
        desk.desk.quote_answer(1001, client)


def test_an_unconfirmed_answer_is_quoted_only_once_an_agent_marked_it(desk: TestDesk) -> None:
    comes(desk, answer(asked(desk)[0], "Можно.", "j.pravova@home.example"))
    with pytest.raises(Refused, match="не подтверждён"):
        desk.desk.quote_answer(1001, last(desk).id)
    desk.desk.answered(1001, "legal", "anna", message=last(desk).id)
    assert escalation(desk).asked[0].answered_by == "anna"
    assert desk.desk.quote_answer(1001, last(desk).id) == "> Можно.\n"


@pytest.mark.parametrize(("reply", "kind"), [(Reply.REFUSED, "dept_refused"), (Reply.QUESTION, "dept_asked_back")])
def test_a_refusal_or_a_question_back_is_marked_after_the_answer_came(desk: TestDesk, reply: Reply, kind: str) -> None:
    comes(desk, answer(asked(desk)[0], "А какой договор?"))
    came = escalation(desk).answered_at
    desk.clock.forward(minutes=5)
    desk.desk.answered(1001, "legal", "anna", department="legal", reply=reply)
    part = escalation(desk).asked[0]
    assert (part.outcome, part.answered_at, part.answer) == (reply, came, last(desk).id)
    assert kinds(desk)[-1] == kind
    desk.desk.escalate(1001, "legal", "anna", "Договор № 5.")


def test_no_byte_of_the_internal_thread_reaches_the_client(desk: TestDesk) -> None:
    """Over every letter that leaves, whoever asks for it."""
    comes(desk, answer(asked(desk)[0], INTERNAL))
    desk.desk.note(1001, INTERNAL, "anna")
    desk.desk.reply(1001, "Ответ клиенту.", "anna")
    desk.desk.set_status(1001, Status.INFO_NEEDED, "anna")
    desk.receive(
        mail("Re: витрина", "Ещё вопрос", message_id="<2@roscha.example>", In_Reply_To="<first@roscha.example>")
    )
    desk.desk.reply(1001, "Ещё ответ.", "anna")
    desk.desk.close(1001, "anna")
    internal_ids = {m.message_id for m in _internal(desk)}
    clients = [row for row in desk.letters() if row.recipients[0][0] == "olga@roscha.example"]
    assert len(clients) >= 5
    for row in clients:
        said = parsed(row)
        whole = " ".join(str(part.get_content()) for part in said.walk() if not part.is_multipart())
        assert "ВНУТРЕННИЙ" not in whole
        assert "Можно ли расторгнуть" not in whole
        assert not any(known and known in f"{said['References']} {said['In-Reply-To']}" for known in internal_ids)


def _internal(desk: TestDesk) -> list[TicketMessage]:
    with desk.store.read() as tx:
        return [m for m in tx.messages.of(1001) if m.direction in (Direction.DEPT_IN, Direction.DEPT_OUT)]
