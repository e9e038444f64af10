"""The web door: who comes in, how long one waits for a request, and how it closes."""

from __future__ import annotations

import asyncio
import http.client
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.web.health import Signs
from gateway.web_door import Guests, WebDoor
from tests.support.gateways import eventually
from tests.support.web import FILLED, Answer, Browser, WebHouse, web_house
from tests.support.wire import Wire


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    with web_house(tmp_path) as made:
        yield made


def test_one_client_can_not_take_every_connection() -> None:
    guests = Guests(most=10, per_address=3)
    assert [guests.admit("a", False) for _ in range(5)] == [True, True, True, False, False]
    assert guests.admit("b", False)
    guests.leave("a")
    assert guests.admit("a", False)


def test_a_proxy_of_ours_may_hold_all_but_no_more() -> None:
    guests = Guests(most=10, per_address=3)
    assert sum(guests.admit("proxy", True) for _ in range(20)) == 10


def test_every_guest_that_left_makes_room(house: WebHouse) -> None:
    for _ in range(150):
        assert house.browser().get("/assets/mark.svg").status == 200


def test_many_idle_connections_of_one_client_leave_room_for_others(house: WebHouse) -> None:
    lines = [Wire(house.door.port, source="127.0.0.2", greeted=False) for _ in range(150)]
    try:
        assert house.browser().get("/feedback").status == 200
        refused = 0
        for line in lines:
            line.socket.settimeout(0.01)
            try:
                refused += line.socket.recv(1) == b""
            except ConnectionResetError:
                refused += 1
            except TimeoutError:
                pass
        assert refused == 50
    finally:
        for line in lines:
            line.close()


def test_several_requests_may_come_on_one_connection(house: WebHouse) -> None:
    line = http.client.HTTPConnection("127.0.0.1", house.door.port, timeout=10)
    try:
        for _ in range(3):
            line.request("GET", "/assets/desk.css")
            assert line.getresponse().read().startswith(b":root")
    finally:
        line.close()


def test_rubbish_is_answered_and_hung_up_on(house: WebHouse) -> None:
    for rubbish in (b"\x16\x03\x01\x02\x00\x01\x00\n\n", b"GET\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"A" * 100_000):
        with socket.create_connection(("127.0.0.1", house.door.port), timeout=10) as line:
            line.sendall(rubbish)
            line.shutdown(socket.SHUT_WR)
            assert b" 500 " not in line.recv(4096)
    assert house.browser().get("/feedback").status == 200


def test_a_door_that_closes_lets_a_request_under_way_finish(tmp_path: Path) -> None:
    answers: list[Answer] = []
    with web_house(tmp_path, works=False, patience=0.7) as house:
        browser = house.browser()
        token = browser.get("/feedback").token
        house.desk.clock.forward(seconds=5)
        sender = Browser(browser.port, browser.cookie)
        posting = threading.Thread(target=lambda: answers.append(house.submit(sender, FILLED, token=token)))
        posting.start()
        eventually(house.rows, what="a kept form")
    posting.join(20)
    assert [answer.status for answer in answers] == [303]


def test_a_port_that_is_taken_is_said_to_be(house: WebHouse) -> None:
    door = WebDoor(house.backstage, Signs())
    door.settings = house.backstage.web.model_copy(update={"port": house.door.port})
    with pytest.raises(OSError, match="in use"):
        asyncio.run(door.start())
