"""What is too large, too many or no form at all, and what is said when something is wrong with us."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.settings import WebSettings
from gateway.web.frame import HEADERS
from intake.errors import StoreUnavailable
from tests.support.web import BOUNDARY, FILLED, Browser, WebHouse, multipart, web_house

MEGABYTE = 1024 * 1024
FORM = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


@pytest.fixture
def small(tmp_path: Path) -> Iterator[WebHouse]:
    """A desk that takes a megabyte."""
    with web_house(tmp_path, web=WebSettings(max_size=MEGABYTE, posts=1_000_000)) as made:
        yield made


def part(name: str = "x", head: bytes = b"", body: bytes = b"") -> bytes:
    return (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n'.encode() + head + b"\r\n" + body + b"\r\n"
    )


BOMBS = {
    "parts": part() * 5000,
    "files": part(head=b"", name='files"; filename="a') * 100,
    "headers": part(head=b"X-A: b\r\n" * 1000),
    "a header": part(head=b"X-A: " + b"b" * 100_000 + b"\r\n"),
    "a field": part(body=b"b" * 900_000),
    "a name": part(name="n" * 100_000),
    "no end": b"--" + BOUNDARY.encode() + b"\r\n" + b"\r" * 500_000,
    "other boundary": b"--other\r\n\r\n" * 1000,
    "nothing": b"",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_no_form(small: WebHouse, bomb: str) -> None:
    answer = small.browser().ask("POST", "/feedback", BOMBS[bomb], FORM)
    assert answer.status in (400, 403)
    assert "<form" in answer.text
    assert small.rows() == []


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=" + "b" * 500,
        f"multipart/form-data; boundary={BOUNDARY}; charset=punycode",
        f"multipart/form-data; boundary={BOUNDARY}; charset=utf-7",
        "text/plain",
        "application/json",
        "\xff",
    ],
)
def test_what_no_browser_sends_is_no_form(small: WebHouse, kind: str) -> None:
    assert small.browser().ask("POST", "/feedback", multipart(FILLED), {"Content-Type": kind}).status == 400


@pytest.mark.parametrize("path", ["/feedback", "/t/vd-1.aaaaaaaaaaaaaaaaaaaaaaaaaa", "/healthz", "/nothing"])
@pytest.mark.parametrize("announced", [True, False])
def test_what_is_too_large_is_told_so(small: WebHouse, path: str, announced: bool) -> None:
    body = multipart(FILLED, [("big.bin", "application/octet-stream", b"\0" * (2 * MEGABYTE))])
    sent: dict[str, str] = dict(FORM)
    connection = http.client.HTTPConnection("127.0.0.1", small.door.port, timeout=60)
    try:
        if announced:
            connection.request("POST", path, body, sent)
        else:
            chunks = (body[i : i + 65536] for i in range(0, len(body), 65536))
            connection.request("POST", path, chunks, sent, encode_chunked=True)
        response = connection.getresponse()
        read = response.read().decode()
    finally:
        connection.close()
    if path in ("/healthz", "/nothing"):
        assert response.status in (404, 405, 413)
    elif path == "/feedback" or announced:
        assert response.status == 413
        assert "Слишком большой запрос" in read
    assert small.rows() == []


def test_a_file_as_large_as_is_allowed_is_taken(small: WebHouse) -> None:
    answer = small.submit(small.browser(), FILLED, [("a.bin", "application/octet-stream", b"\xff" * MEGABYTE)])
    assert answer.status == 303
    assert len(small.tickets()) == 1


def test_a_length_that_is_no_number_or_a_lie_takes_nothing_down(small: WebHouse) -> None:
    for length in ("-1", "abc", "99999999999999999999", "5"):
        with socket.create_connection(("127.0.0.1", small.door.port), timeout=10) as line:
            line.sendall(f"POST /feedback HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\nhello".encode())
            line.shutdown(socket.SHUT_WR)
            assert b" 500 " not in line.recv(4096)
    assert small.browser().get("/feedback").status == 200


@pytest.mark.parametrize(
    "path", ["/feedback", "/nothing", "/healthz", "/metrics", "/assets/desk.css", "/api/v1/openapi.json", "/%00%ff/.."]
)
def test_every_answer_carries_the_security_headers(browser: Browser, path: str) -> None:
    headers = browser.get(path).headers
    for name in HEADERS:
        assert name.lower() in headers, name
    assert "unsafe" not in headers["content-security-policy"]


def test_pages_name_nothing_outside_and_hold_no_code_or_style(house: WebHouse, browser: Browser) -> None:
    answer = house.submit(browser, FILLED)
    paths = ["/feedback", answer.location, house.path_of(house.tickets()[0]), "/nothing"]
    for page in (browser.get(path).text for path in paths):
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick" not in page
        assert "<script>" not in page
        assert "http://" not in page.replace("http://www.w3.org", "")
        assert "https://" not in page


@pytest.mark.parametrize("path", ["/assets/../base.html", "/assets/form.html", "/assets/desk.css/..", "/assets/%2e%2e"])
def test_only_assets_are_served(browser: Browser, path: str) -> None:
    assert browser.get(path).status == 404


def test_the_root_leads_to_the_form(browser: Browser) -> None:
    answer = browser.get("/", Host="evil.example")
    assert (answer.status, answer.location) == (303, "/feedback")


def test_the_cookie_is_only_ours_to_read(browser: Browser) -> None:
    cookie = browser.get("/feedback").headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie


def test_behind_https_cookies_are_secure_and_the_path_prefix_is_kept(tmp_path: Path) -> None:
    with web_house(tmp_path, web=WebSettings(public_url="https://desk.example/support")) as house:
        browser = house.browser()
        for path in ("/support/feedback", "/feedback"):
            page = browser.get(path)
            assert page.status == 200
            assert 'action="/support/feedback"' in page.text
            assert "secure" in page.headers["set-cookie"].lower()
            assert "strict-transport-security" in page.headers
        answer = house.submit(browser, FILLED)
        assert answer.location.startswith("/support/feedback/received")
        assert house.path_of(house.tickets()[0]) in browser.get(answer.location).text


def test_own_trouble_is_503_and_says_nothing_of_its_inside(house: WebHouse, browser: Browser) -> None:
    token = browser.get("/feedback").token
    house.desk.clock.forward(seconds=5)
    house.desk.worker.stop()
    house.desk.store.close()
    answers = [
        house.submit(browser, FILLED, token=token),
        browser.api(FILLED),
    ]
    for answer in answers:
        assert answer.status == 503
        assert int(answer.headers["retry-after"]) > 0
        assert "Traceback" not in answer.text
        assert "closed" not in answer.text
    assert answers[1].json["error"]["code"] == "unavailable"
    assert issubclass(StoreUnavailable, Exception)
