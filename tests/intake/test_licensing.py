"""Whose a new ticket is: by its contact's address, then by domain, never by a domain where anybody can have one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from intake.errors import NotFound, Refused
from intake.registries import Contact, Licensee
from tests.support.desks import TestDesk, a_desk, mail

GROVE = Licensee(
    "9870884493",
    "ООО «Роща»",
    domains=("roscha.example", "mail.ru"),
    contacts=(Contact("Пётр", "petr@gmail.com"), Contact("Двое", "shared@holding.example")),
)
PORT = Licensee(
    "9854965699",
    "АО «Порт»",
    domains=("xn--7-itba5afj4c.example", "holding.example"),
    contacts=(Contact("Двое", "shared@holding.example"),),
)
YARD = Licensee("9852654151", "АО «Двор»", domains=("holding.example",))


@pytest.fixture
def desk(store_url: str) -> Iterator[TestDesk]:
    with a_desk(store_url) as made:
        made.desk.put_licensees([GROVE, PORT, YARD])
        yield made


@pytest.mark.parametrize(
    ("sender", "licensee"),
    [
        ("olga@roscha.example", GROVE.name),
        ("Olga@ROSCHA.example", GROVE.name),
        ("petr@gmail.com", GROVE.name),
        ("Petr@Gmail.com", GROVE.name),
        ("ivan@gmail.com", None),
        ("ivan@mail.ru", None),
        ("ivan@речное7.example", PORT.name),
        ("ivan@xn--7-itba5afj4c.example", PORT.name),
        ("ivan@spb.roscha.example", None),
        ("ivan@notroscha.example", None),
        ("ivan@holding.example", None),
        ("shared@holding.example", None),
    ],
)
def test_a_new_ticket_is_its_senders_licensees(desk: TestDesk, sender: str, licensee: str | None) -> None:
    row = desk.receive(mail(sender=f"Некто <{sender}>"))
    assert desk.ticket(row.ticket).licensee == licensee


def test_a_link_by_an_agent_is_remembered_for_the_next_mail(desk: TestDesk) -> None:
    first = desk.receive(mail(sender="ivan@gmail.com")).ticket
    assert first is not None
    desk.desk.set_licensee(first, PORT.inn, "boris")
    second = desk.receive(mail(sender="ivan@gmail.com", message_id="<2@x.example>")).ticket
    assert [desk.ticket(first).licensee, desk.ticket(second).licensee] == [PORT.name, PORT.name]
    with desk.store.read() as tx:
        assert [(e.actor, e.before, e.after) for e in tx.tickets.events(first) if e.kind == "licensee"] == [
            ("boris", None, PORT.name)
        ]


def test_the_last_link_of_an_address_counts_and_can_be_taken_back(desk: TestDesk) -> None:
    number = desk.receive(mail(sender="ivan@gmail.com")).ticket
    assert number is not None
    for named, found in ((PORT.name.upper(), PORT.name), (YARD.inn, YARD.name), (None, None)):
        assert desk.desk.set_licensee(number, named, "boris").licensee == found
        known = desk.desk.licensee_of("ivan@gmail.com")
        assert (known.name if known else None) == found


def test_an_address_of_two_licensees_is_his_to_whom_an_agent_linked_it(desk: TestDesk) -> None:
    number = desk.receive(mail(sender="shared@holding.example")).ticket
    assert number is not None
    desk.desk.set_licensee(number, GROVE.inn, "boris")
    found = desk.desk.licensee_of("shared@holding.example")
    assert found is not None
    assert found.inn == GROVE.inn


def test_what_was_learned_outlives_the_next_import(desk: TestDesk) -> None:
    number = desk.receive(mail(sender="ivan@gmail.com")).ticket
    assert number is not None
    desk.desk.set_licensee(number, PORT.inn, "boris")
    desk.desk.put_licensees([GROVE, PORT, YARD])
    found = desk.desk.licensee_of("ivan@gmail.com")
    assert found is not None
    assert found.contacts == (*PORT.contacts, Contact("", "ivan@gmail.com", learned=True))


def test_an_unknown_licensee_or_a_name_of_several_is_refused(desk: TestDesk) -> None:
    number = desk.receive(mail()).ticket
    assert number is not None
    with pytest.raises(NotFound, match="7707083893"):
        desk.desk.set_licensee(number, "7707083893", "boris")
    desk.desk.put_licensees([Licensee("7707083893", YARD.name)])
    with pytest.raises(Refused, match=r"7707083893.*9852654151|9852654151.*7707083893"):
        desk.desk.set_licensee(number, YARD.name, "boris")


@pytest.mark.parametrize(
    ("writer", "joins"),
    [("petr@gmail.com", True), ("stranger@gmail.com", False), ("ivan@xn--7-itba5afj4c.example", False)],
)
def test_a_colleague_of_the_same_licensee_may_name_its_ticket(desk: TestDesk, writer: str, joins: bool) -> None:
    first = desk.receive(mail(sender="olga@roscha.example"))
    key = desk.ticket(first.ticket).key
    row = desk.receive(mail(f"[{key}] ещё вопрос", sender=writer, message_id="<2@x.example>"))
    assert (row.ticket == first.ticket) is joins


def test_a_replaced_licensee_has_what_the_last_import_says(desk: TestDesk) -> None:
    desk.desk.put_licensees([Licensee(GROVE.inn, "ООО «Новая роща»", domains=("new.example",), products=("Витрина",))])
    with desk.store.read() as tx:
        assert tx.licensees.get(GROVE.inn) == Licensee(
            GROVE.inn, "ООО «Новая роща»", domains=("new.example",), products=("Витрина",)
        )
        assert tx.licensees.of_domain("roscha.example") is None
        assert len(tx.licensees.all()) == 3
