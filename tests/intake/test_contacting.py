"""A forwarded mail's author is offered as contact, gets nothing before an agent agrees, then one acknowledgement."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from intake.contacts import offered_contact
from intake.errors import Refused
from intake.model import Disposition, Status
from intake.registries import Licensee
from intake.settings import DeskSettings
from intake.views import View
from tests.support.desks import DESK_ADDRESS, TestDesk, a_desk, mail

SETTINGS = DeskSettings(address=DESK_ADDRESS, authserv_id="mx.vitrina-domiland.example")
HEAD = (
    "Помогите, пожалуйста.\n\n---------- Forwarded message ---------\nОт: Пётр Клён <klen@roscha.example>\n"
    "Date: вт, 12 мая 2026 г. в 10:05\nSubject: Заказ\nTo: Анна <anna@vitrina-domiland.example>\n\nНе идёт заказ."
)
ANNA = "Анна <anna@vitrina-domiland.example>"


@pytest.fixture
def desk(store_url: str) -> Iterator[TestDesk]:
    with a_desk(store_url, SETTINGS) as made:
        yield made


def forwarded(desk: TestDesk, sender: str = ANNA, **headers: str) -> int:
    row = desk.receive(mail("Fwd: Заказ", HEAD, sender, message_id="<f@x>", **headers), door="imap")
    assert row.disposition is Disposition.TICKET
    return row.ticket or 0


def offered(desk: TestDesk, number: int) -> str | None:
    with desk.store.read() as tx:
        found = offered_contact(tx.tickets.events(number))
        assert View("Europe/Moscow").whole(tx, tx.tickets.get(number))["offered_contact"] == found
    return found


def to(desk: TestDesk) -> list[tuple[str, str]]:
    return [(letter.kind, address) for letter in desk.letters() for address, _, _ in letter.recipients]


def test_what_an_agent_forwards_is_acknowledged_to_its_author_once_he_is_the_contact(desk: TestDesk) -> None:
    number = forwarded(desk)
    assert offered(desk, number) == "klen@roscha.example"
    assert desk.letters() == []
    after = desk.desk.set_contact(number, None, "anna")
    assert (after.contact_name, after.contact_address) == ("Пётр Клён", "klen@roscha.example")
    assert to(desk) == [("acknowledgement", "klen@roscha.example")]
    assert offered(desk, number) is None
    with desk.store.read() as tx:
        (told,) = [e for e in tx.tickets.events(number) if e.kind == "contact"]
    assert (told.actor, told.before, told.after) == ("anna", "anna@vitrina-domiland.example", "klen@roscha.example")
    row = desk.receive(mail("Re", "Всё ещё.", "klen@roscha.example", message_id="<k@x>", In_Reply_To="<f@x>"))
    with desk.store.read() as tx:
        assert not tx.messages.get(row.message or 0).unconfirmed
    desk.desk.set_contact(number, "boss@roscha.example", "anna", name="Шеф")
    assert len(desk.letters()) == 1, "a ticket is acknowledged once"


def test_what_a_licensee_forwards_is_acknowledged_to_him_as_ever(desk: TestDesk) -> None:
    known = Licensee("7701234567", "УК «Роща»", domains=("uk.example",))
    desk.store.write(lambda tx: tx.licensees.put([known]))
    number = forwarded(desk, "Ирина <irina@uk.example>")
    assert to(desk) == [("acknowledgement", "irina@uk.example")]
    assert offered(desk, number) == "klen@roscha.example"
    desk.desk.set_contact(number, None, "anna")
    assert len(desk.letters()) == 1
    assert desk.ticket(number).licensee == "УК «Роща»"


@pytest.mark.parametrize(
    "sender", ["Кто-то <who@stranger.example>", "Анна <anna@vitrina-domiland.example.evil.example>"]
)
def test_a_stranger_offers_nobody(desk: TestDesk, sender: str) -> None:
    number = forwarded(desk, sender)
    assert offered(desk, number) is None
    with pytest.raises(Refused, match="не предложен"):
        desk.desk.set_contact(number, None, "anna")


def test_a_forged_agent_offers_nobody(desk: TestDesk) -> None:
    results = "mx.vitrina-domiland.example; dmarc=fail header.from=vitrina-domiland.example"
    assert offered(desk, forwarded(desk, Authentication_Results=results)) is None


@pytest.mark.parametrize(
    "address",
    [DESK_ADDRESS, "support+vd-1@vitrina-domiland.example", "noreply@roscha.example", "не адрес", "a@b\r\nBcc: c@d"],
)
def test_nobody_who_cannot_be_written_to_is_a_contact(desk: TestDesk, address: str) -> None:
    number = forwarded(desk)
    with pytest.raises(Refused):
        desk.desk.set_contact(number, address, "anna")
    assert desk.letters() == []


def test_quietly_or_when_it_is_closed_nothing_leaves(desk: TestDesk) -> None:
    number = forwarded(desk)
    desk.desk.set_contact(number, None, "anna", quiet=True)
    with pytest.raises(Refused, match="это и есть"):
        desk.desk.set_contact(number, "klen@roscha.example", "anna")
    desk.desk.set_status(number, Status.CLOSED, "anna", quiet=True)
    desk.desk.set_contact(number, "other@roscha.example", "anna")
    assert desk.letters() == []


def test_reply_to_is_never_who_wrote(desk: TestDesk) -> None:
    """Neither does it make a contact, nor a participant, nor a licensee."""
    known = Licensee("7701234567", "УК «Роща»", domains=("uk.example",))
    desk.store.write(lambda tx: tx.licensees.put([known]))
    first = desk.receive(mail(sender="eve@evil.example", Reply_To="irina@uk.example"))
    ticket = desk.ticket(first.ticket)
    assert (ticket.contact_address, ticket.licensee) == ("eve@evil.example", None)
    assert to(desk) == [("acknowledgement", "eve@evil.example")]
    second = desk.receive(
        mail(
            f"[{ticket.key}] доступ", "Дайте.", "mallory@evil2.example", message_id="<m@x>", Reply_To="eve@evil.example"
        )
    )
    assert second.ticket != first.ticket
