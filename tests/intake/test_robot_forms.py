"""A foreign form's robot: the ticket is the person's, by form, and nothing typed there proves who typed it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.model import Disposition, Source, Type
from intake.settings import DeskSettings
from tests.support.desks import DESK_ADDRESS, TestDesk, a_desk, mail

FIELDS = (("name", "Имя"), ("email", "E-mail"), ("type", "Тип"), ("product", "Продукт"), ("body", "Сообщение"))
ROBOT = "Сайт <robot@site.example>"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestDesk]:
    with a_desk(tmp_path, DeskSettings(address=DESK_ADDRESS, forms=(("robot@site.example", FIELDS),))) as made:
        yield made


def form(email: str = "olga@roscha.example", subject: str = "Новая заявка с сайта", more: str = "") -> bytes:
    body = f"Имя: Ольга\nE-mail: {email}\n{more}Продукт: Заказы\nСообщение: Добавьте кнопку «Повторить»."
    return mail(subject, body, sender=ROBOT, message_id="<r1@site.example>", Auto_Submitted="auto-generated")


def test_it_becomes_the_persons_form_ticket(desk: TestDesk) -> None:
    ticket = desk.ticket(desk.receive(form()).ticket)
    assert (ticket.source, ticket.type, ticket.contact_address, ticket.contact_name, ticket.product) == (
        Source.FORM,
        Type.IMPROVEMENT,
        "olga@roscha.example",
        "Ольга",
        "Заказы",
    )
    (letter,) = desk.letters()
    assert letter.recipients[0][0] == "olga@roscha.example"
    assert "Повторить" not in letter.raw.decode()


def test_the_type_a_person_names_counts(desk: TestDesk) -> None:
    assert desk.ticket(desk.receive(form(more="Тип: Ошибка\n")).ticket).type is Type.BUG


def test_the_robot_is_never_written_to(desk: TestDesk) -> None:
    row = desk.receive(form(email="не скажу"))
    assert row.disposition is Disposition.TICKET
    assert desk.letters() == []
    assert desk.ticket(row.ticket).contact_address is None


@pytest.mark.parametrize(
    ("typed", "contact"),
    [
        ("Ольга <olga@roscha.example>", "olga@roscha.example"),
        ("olga@roscha.example <mailto:olga@roscha.example>", "olga@roscha.example"),
        ("olga@roscha.example, victim@other.example", None),
        ("", None),
    ],
)
def test_one_address_is_found_in_what_was_typed_and_the_robots_reply_to_is_nobody(
    desk: TestDesk, typed: str, contact: str | None
) -> None:
    body = f"Имя: Ольга\nТелефон: +7 999\nE-mail: {typed}\nСообщение: Добавьте кнопку."
    row = desk.receive(mail("Заявка", body, sender=ROBOT, message_id="<r2@site.example>", Reply_To="eve@evil.example"))
    ticket = desk.ticket(row.ticket)
    assert (ticket.source, ticket.contact_address) == (Source.FORM, contact)
    assert {address for letter in desk.letters() for address, _, _ in letter.recipients} == ({contact} - {None})
    with desk.store.read() as tx:
        assert tx.messages.of(ticket.number)[0].text == "Добавьте кнопку.\n\nТелефон: +7 999"


def test_an_address_typed_into_a_form_joins_nobodys_ticket(desk: TestDesk) -> None:
    first = desk.receive(mail())
    key = desk.ticket(first.ticket).key
    row = desk.receive(form(subject=f"Re: [{key}] Не открывается"))
    assert row.disposition is Disposition.TICKET
    assert row.ticket != first.ticket


def test_somebody_else_with_the_same_words_is_no_robot(desk: TestDesk) -> None:
    raw = mail(
        "Заявка",
        "Имя: Ольга\nE-mail: victim@roscha.example\nСообщение: привет, не работает вход",
        sender="e@evil.example",
    )
    assert desk.ticket(desk.receive(raw).ticket).contact_address == "e@evil.example"
