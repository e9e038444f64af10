"""``/rate/TOKEN``: looking never votes, posting does, a link that is not ours leads nowhere."""

from __future__ import annotations

import http.client
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.settings import WebSettings
from intake.model import Ticket
from tests.support.desks import mail
from tests.support.web import Browser, WebHouse, web_house

BASE = "https://desk.example"
HITS = int(os.environ.get("OTKLIK_TEST_LOOKS", "1000"))
"""How many looks of link scanners; 10,000 take half a minute."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A desk that has just asked for a mark."""

    house: WebHouse
    browser: Browser
    number: int
    path: str

    @property
    def ticket(self) -> Ticket:
        return self.house.desk.ticket(self.number)

    def votes(self) -> list[tuple[int, str | None]]:
        with self.house.desk.store.read() as tx:
            return [(vote.score, vote.left_out) for vote in tx.ratings.votes([self.number])]


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Asked]:
    """A desk with pages, one ticket closed by boris."""
    web = WebSettings(port=0, public_url=BASE, posts=1_000_000)
    with web_house(tmp_path, web=web, works=False) as house:
        row = house.desk.receive(mail(subject="<b>Чек</b>"))
        assert row.ticket is not None
        house.desk.desk.close(row.ticket, "boris")
        with house.desk.store.read() as tx:
            text = tx.messages.of(row.ticket)[-1].text
        found = re.search(rf"{BASE}(/rate/\S+)\?score=5", text)
        assert found is not None
        yield Asked(house, house.browser(), row.ticket, found[1])


def test_a_link_shows_its_mark_chosen_and_votes_for_nothing(asked: Asked) -> None:
    for score in range(1, 6):
        page = asked.browser.get(f"{asked.path}?score={score}")
        assert page.status == 200
        assert re.findall(r'value="(\d)" required checked', page.body.decode()) == [str(score)]
    assert "&lt;b&gt;Чек" in page.body.decode()
    assert (asked.votes(), asked.ticket.rating) == ([], None)


def test_a_post_votes_and_says_thanks(asked: Asked) -> None:
    answer = asked.browser.post_plain(asked.path, {"score": "4", "comment": "Быстро\r\nи по делу"})
    assert (answer.status, asked.ticket.rating) == (303, 4)
    page = asked.browser.get(answer.location)
    assert "Ваша оценка — 4" in page.text
    assert "Быстро\nи по делу" in page.text


def test_the_last_vote_counts(asked: Asked) -> None:
    for score in (5, 1, 3):
        assert asked.browser.post(asked.path, {"score": str(score)}).status == 303
    assert (asked.ticket.rating, len(asked.votes())) == (3, 3)


@pytest.mark.parametrize(
    "fields", [{}, {"score": ""}, {"score": "6"}, {"score": "0"}, {"score": "5.0"}, {"score": "٥"}]
)
def test_a_post_without_a_mark_is_asked_for_one(asked: Asked, fields: dict[str, str]) -> None:
    answer = asked.browser.post_plain(asked.path, {**fields, "comment": "а текст?"})
    assert answer.status == 422
    assert "а текст?" in answer.text
    assert asked.votes() == []


def test_a_comment_too_long_comes_back_whole(asked: Asked) -> None:
    answer = asked.browser.post_plain(asked.path, {"score": "5", "comment": "я" * 4001})
    assert (answer.status, asked.votes()) == (422, [])
    assert "я" * 4001 in answer.text


def test_after_the_time_nothing_counts(asked: Asked) -> None:
    asked.house.desk.clock.forward(days=7, seconds=1)
    assert "Срок" in asked.browser.get(asked.path).text
    assert asked.browser.post_plain(asked.path, {"score": "5"}).status == 410
    assert (asked.votes(), asked.ticket.rating) == ([(5, "late")], None)


def test_thousands_of_looks_vote_for_nothing(asked: Asked) -> None:
    before = asked.house.desk.store.change_mark()
    connection = http.client.HTTPConnection("127.0.0.1", asked.browser.port, timeout=60)
    for hit in range(HITS):
        connection.request(("HEAD", "GET")[hit % 2], f"{asked.path}?score={hit % 5 + 1}")
        answer = connection.getresponse()
        assert answer.status == 200
        answer.read()
    connection.close()
    assert (asked.votes(), asked.ticket.rating) == ([], None)
    assert asked.house.desk.store.change_mark() == before


def test_forged_links_lead_nowhere(asked: Asked) -> None:
    nonce, _, proof = asked.path.removeprefix("/rate/").partition(".")
    forged = [f"{nonce}.{proof[:-1]}{'a' if proof[-1] != 'a' else 'b'}", nonce, f"{nonce}.", f".{proof}", "x.y"]
    forged += [f"{nonce}.{secrets.token_hex(13)}" for _ in range(200)]
    forged += [f"{secrets.token_hex(8)}.{proof}" for _ in range(200)]
    answers = {asked.browser.get(f"/rate/{token}").status for token in forged}
    answers |= {asked.browser.post_plain(f"/rate/{token}", {"score": "5"}).status for token in forged}
    assert answers == {404}
    assert asked.votes() == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_no_other_method_is_taken(asked: Asked, method: str) -> None:
    assert asked.browser.ask(method, asked.path).status == 405
    assert asked.votes() == []
