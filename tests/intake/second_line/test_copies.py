"""The client in copy of what departments write: whatever he answers, and wherever, stays inside and leaves nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.model import Direction, TicketMessage
from tests.support.departments import ASKING, answer, asked, parsed, words
from tests.support.desks import TestDesk, a_desk, mail

CLIENT, INTERNAL = "olga@roscha.example", "ВНУТРЕННИЙ ОТВЕТ: договор ничтожен"
ANSWERED = "<answer@licensor.example>"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    """The department's answer went to the desk and, in copy, to the client."""
    with a_desk(tmp_path, ASKING) as made:
        made.receive(mail())
        made.desk.escalate(1001, "legal", "anna", "Можно ли расторгнуть договор?")
        letter = asked(made)[0]
        made.receive(answer(letter, INTERNAL, Cc=CLIENT), rcpt_to=token(made))
        made.desk.mark_read(1001)
        yield made


def token(desk: TestDesk) -> str:
    return str(parsed(asked(desk)[0])["Reply-To"])


def own(desk: TestDesk) -> str:
    """The address of the client's own thread."""
    return desk.signer.reply_address(desk.settings.address, "VD-1001")


def last(desk: TestDesk, ticket: int = 1001) -> TicketMessage:
    with desk.store.read() as tx:
        return tx.messages.of(ticket)[-1]


def writes(desk: TestDesk, to: str, **headers: str) -> None:
    quoted = f"Спасибо, поняла.\n\nЮлия Правова пишет:\n> {INTERNAL}"
    raw = mail("Re: Правовые вопросы", quoted, to=to, message_id="<copy@roscha.example>", **headers)
    desk.receive(raw, rcpt_to=desk.settings.address if "licensor" in to else to.partition(",")[0])


@pytest.mark.parametrize("way", ["all", "address", "department only", "references", "both addresses", "question"])
def test_what_the_client_answers_the_department_stays_inside(desk: TestDesk, way: str) -> None:
    question = str(parsed(asked(desk)[0])["Message-ID"])
    plain = desk.settings.address
    to, headers = {
        "all": (f"{token(desk)}, j.pravova@licensor.example", {"In_Reply_To": ANSWERED}),
        "address": (token(desk), {}),
        "department only": (f"j.pravova@licensor.example, {plain}", {"In_Reply_To": ANSWERED}),
        "references": (plain, {"References": f"{question} {ANSWERED}"}),
        "both addresses": (f"{own(desk)}, {token(desk)}", {"In_Reply_To": ANSWERED}),
        "question": (plain, {"In_Reply_To": question}),
    }[way]
    before = len(desk.letters())
    writes(desk, to, **headers)
    said = last(desk)
    assert (said.direction, said.unconfirmed, said.text) == (Direction.DEPT_IN, True, "Спасибо, поняла.")
    assert desk.ticket(1001).unread
    assert len(desk.letters()) == before
    desk.desk.reply(1001, "Добрый день, отвечаем.", "anna")
    told = words(desk.letters()[-1])
    assert "Спасибо, поняла" not in told
    assert "> Добрый день! После обновления" in told


def test_the_clients_own_thread_stays_his(desk: TestDesk) -> None:
    """His answer to our letter is his, though a letter of the department stands further up in its thread."""
    desk.desk.reply(1001, "Добрый день, отвечаем.", "anna")
    ours = str(parsed(desk.letters()[-1])["Message-ID"])
    writes(desk, own(desk), In_Reply_To=ours, References=f"{ANSWERED} {ours}")
    assert (last(desk).direction, last(desk).unconfirmed) == (Direction.IN, False)
    desk.desk.reply(1001, "И ещё раз.", "anna")
    assert INTERNAL not in words(desk.letters()[-1])
    assert ANSWERED not in str(parsed(desk.letters()[-1])["References"])


def test_a_ticket_of_its_own_names_no_thread_of_departments(desk: TestDesk) -> None:
    """Closed too long ago, the client's mail opens a ticket; its thread may have the department's in it."""
    desk.desk.close(1001, "anna")
    ours = str(parsed(desk.letters()[-1])["Message-ID"])
    question = str(parsed(asked(desk)[0])["Message-ID"])
    desk.clock.forward(days=30)
    writes(desk, desk.settings.address, In_Reply_To=ours, References=f"{question} {ours}")
    letter = desk.letters()[-1]
    assert (letter.kind, letter.ticket) == ("acknowledgement", 1002)
    assert ours in str(parsed(letter)["References"])
    assert question not in str(parsed(letter)["References"])


@pytest.mark.parametrize("answers", ["token", "both"])
def test_the_department_that_answers_into_the_clients_thread_tells_him_nothing(desk: TestDesk, answers: str) -> None:
    desk.desk.escalate(1001, "settlements", "anna", "Сколько должны?")
    letter = asked(desk)[-1]
    to = str(parsed(letter)["Reply-To"])
    sent = to if answers == "token" else f"{own(desk)}, {to}, {CLIENT}"
    raw = answer(letter, "Сто рублей, но это тайна.", "finance@licensor.example", "<fin@licensor.example>", sent)
    before = len(desk.letters())
    desk.receive(raw, rcpt_to=to)
    assert (last(desk).direction, last(desk).text) == (Direction.DEPT_IN, "Сто рублей, но это тайна.")
    with desk.store.read() as tx:
        assert tx.escalations.of(1001)[1].answered_at == desk.clock()
    assert len(desk.letters()) == before
