"""``/confirm/TOKEN``: looking changes nothing, an answer closes the ticket or returns it to work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.settings import WebSettings
from intake.model import Status, Ticket
from tests.support.desks import mail
from tests.support.web import Browser, WebHouse, web_house

BASE = "https://desk.example"


@dataclass(frozen=True, slots=True)
class Asked:
    """A desk that waits for a client to say whether it works."""

    house: WebHouse
    browser: Browser
    number: int
    path: str

    @property
    def ticket(self) -> Ticket:
        return self.house.desk.ticket(self.number)


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Asked]:
    web = WebSettings(port=0, public_url=BASE, posts=1_000_000)
    with web_house(tmp_path, web=web, works=False) as house:
        row = house.desk.receive(mail(subject="<b>Чек</b>"))
        assert row.ticket is not None
        house.desk.desk.set_status(row.ticket, Status.VERIFICATION, "boris")
        with house.desk.store.read() as tx:
            text = tx.messages.of(row.ticket)[-1].text
        found = re.search(rf"{BASE}(/confirm/\S+)", text)
        assert found is not None
        yield Asked(house, house.browser(), row.ticket, found[1])


def answer(asked: Asked, works: str, comment: str = "") -> int:
    from urllib.parse import urlencode

    body = urlencode({"works": works, "comment": comment}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return asked.browser.ask("POST", asked.path, body, headers).status


def test_looking_changes_nothing(asked: Asked) -> None:
    before = asked.ticket
    for _ in range(200):
        assert asked.browser.get(asked.path).status == 200
        assert asked.browser.ask("HEAD", asked.path).status == 200
    assert asked.ticket == before
    assert "<b>Чек</b>" not in asked.browser.get(asked.path).body.decode()


def test_yes_closes_the_ticket(asked: Asked) -> None:
    assert answer(asked, "yes") == 303
    assert asked.ticket.status is Status.CLOSED
    assert answer(asked, "yes") == 410, "an answer is given once"


def test_no_returns_it_to_work_with_what_fails(asked: Asked) -> None:
    assert answer(asked, "no", "Кнопки всё ещё нет.") == 303
    assert asked.ticket.status is Status.IN_PROGRESS
    with asked.house.desk.store.read() as tx:
        assert tx.messages.of(asked.number)[-1].text == "Кнопки всё ещё нет."


@pytest.mark.parametrize(("works", "comment"), [("", ""), ("maybe", ""), ("no", "  "), ("no", "я" * 5000)])
def test_what_cannot_be_taken_is_said_and_changes_nothing(asked: Asked, works: str, comment: str) -> None:
    assert answer(asked, works, comment) == 422
    assert asked.ticket.status is Status.VERIFICATION


def test_a_forged_link_leads_nowhere(asked: Asked) -> None:
    other = asked.house.desk.signer.token("ticket-page", "VD-1001")
    for path in (asked.path[:-1] + "a" * (asked.path[-1] != "a"), f"/confirm/vd-1001.{other}", "/confirm/x"):
        assert asked.browser.get(path).status == 404
