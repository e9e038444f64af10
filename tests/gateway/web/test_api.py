"""The JSON API over the real door."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.settings import WebSettings
from intake.mail.reading import attachment_bytes
from intake.model import Delivery, Source, Type
from tests.support.web import FILLED, Browser, WebHouse, web_house

ERROR = {"code", "message", "field"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=50),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)
FIELDS = ("name", "email", "organisation", "product", "type", "subject", "body", "files")


def test_a_request_is_answered_with_key_and_deadlines(house: WebHouse, browser: Browser) -> None:
    data = bytes(range(256))
    file = {"filename": "журнал.bin", "content_type": "application/x-log", "base64": base64.b64encode(data).decode()}
    answer = browser.api({**FILLED, "files": [file]})
    assert answer.status == 201
    (ticket,) = house.tickets()
    told = answer.json
    assert set(told) == {"key", "type", "opened_at", "reaction_due", "completion_due"}
    assert (told["key"], told["type"]) == (ticket.key, "bug")
    assert datetime.fromisoformat(told["opened_at"]) == ticket.opened_at
    assert datetime.fromisoformat(told["reaction_due"]) == ticket.reaction_due
    assert datetime.fromisoformat(told["completion_due"]) == ticket.completion_due
    assert ticket.source is Source.FORM
    with house.desk.store.read() as tx:
        (attachment,) = tx.messages.of(ticket.number)[0].attachments
    assert attachment.filename == "журнал.bin"
    assert attachment_bytes(house.rows()[0].raw, attachment.part) == data


def test_only_four_fields_are_needed(house: WebHouse, browser: Browser) -> None:
    needed = {name: FILLED[name] for name in ("name", "email", "subject", "body")}
    answer = browser.api(needed | {"organisation": None, "files": None})
    assert answer.status == 201
    assert answer.json["type"] == "improvement"
    assert answer.json["completion_due"] is None
    assert house.tickets()[0].type is Type.IMPROVEMENT


def test_the_same_key_with_the_same_request_is_the_same_ticket(house: WebHouse, browser: Browser) -> None:
    def post(_: int) -> tuple[int, Any]:
        answer = Browser(browser.port).api(FILLED, Idempotency_Key="order-1")
        return answer.status, answer.json

    with ThreadPoolExecutor(4) as callers:
        answers = list(callers.map(post, range(8)))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][0] == 201
    house.desk.clock.forward(hours=30)
    assert post(0) == answers[0]
    assert len(house.tickets()) == len(house.rows()) == 1


def test_the_same_key_with_another_request_is_a_conflict(house: WebHouse, browser: Browser) -> None:
    assert browser.api(FILLED, Idempotency_Key="k").status == 201
    answer = browser.api({**FILLED, "body": "другое"}, Idempotency_Key="k")
    assert (answer.status, answer.json["error"]["code"]) == (409, "idempotency_conflict")
    assert len(house.rows()) == 1


def test_without_a_key_each_request_is_one_of_its_own(house: WebHouse, browser: Browser) -> None:
    keys = [browser.api(FILLED).json["key"] for _ in range(2)]
    assert len(set(keys)) == 2


def test_whose_key_it_was_stands_in_the_journal(house: WebHouse, browser: Browser) -> None:
    browser.api(FILLED)
    assert (house.rows()[0].door, house.rows()[0].mailbox) == ("api", "shop")


def test_a_request_that_can_not_be_processed_yet_is_kept(tmp_path: Path) -> None:
    with web_house(tmp_path, works=False, patience=0.1) as house:
        answer = house.browser().api(FILLED, Idempotency_Key="later")
        assert (answer.status, answer.json) == (202, {"journal": house.rows()[0].id})
        house.desk.process()
        again = house.browser().api(FILLED, Idempotency_Key="later")
        assert (again.status, again.json["key"]) == (201, house.tickets()[0].key)


@pytest.mark.parametrize("key", [None, "", "wrong", "key-of-the-sho", "key-of-the-shop "[:-1] + "p", "ключ"])
def test_without_a_key_of_this_desk_nothing_is_taken(house: WebHouse, browser: Browser, key: str | None) -> None:
    sent = None if key is None else key.encode().decode("latin-1")
    answer = browser.api(FILLED, key=sent)
    assert (answer.status, answer.json["error"]["code"]) == (401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert house.rows() == []


def test_who_tries_keys_has_to_wait_and_who_has_one_has_not(house: WebHouse, browser: Browser) -> None:
    statuses = [browser.api(FILLED, key=f"guess-{n}").status for n in range(40)]
    assert set(statuses) == {401, 429}
    assert browser.api(FILLED).status == 201


def test_without_any_key_the_api_is_closed(tmp_path: Path) -> None:
    with web_house(tmp_path) as house:
        object.__setattr__(house.backstage.web, "api", type(house.backstage.web.api)())
        assert house.browser().api(FILLED, key="").status == 401


@pytest.mark.parametrize(
    ("changes", "status", "code", "field"),
    [
        ({"name": ""}, 422, "required", "name"),
        ({"email": "nobody"}, 422, "invalid", "email"),
        ({"email": "noreply@roscha.example"}, 422, "unreachable", "email"),
        ({"email": "support@vitrina-domiland.example"}, 422, "own_address", "email"),
        ({"type": "wish"}, 422, "invalid", "type"),
        ({"type": ""}, 422, "invalid", "type"),
        ({"body": "\u0019 \u2028"}, 422, "required", "body"),
        ({"body": "т" * 100_001}, 422, "too_long", "body"),
        ({"subject": 5}, 422, "invalid", "subject"),
        ({"organization": "x"}, 422, "unknown_field", "organization"),
        ({"files": {}}, 422, "invalid", "files"),
        ({"files": [{}]}, 422, "invalid", "files"),
        ({"files": [{"base64": "%%%"}]}, 422, "invalid", "files"),
        ({"files": [{"base64": "YQ==", "path": "/etc"}]}, 422, "invalid", "files"),
        ({"files": [{"base64": "YQ=="}] * 21}, 422, "invalid", "files"),
    ],
)
def test_an_error_names_its_field(
    house: WebHouse, browser: Browser, changes: dict[str, Any], status: int, code: str, field: str
) -> None:
    answer = browser.api({**FILLED, **changes})
    assert answer.status == status
    assert set(answer.json["error"]) == ERROR
    assert (answer.json["error"]["code"], answer.json["error"]["field"]) == (code, field)
    assert house.rows() == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b"null", 400),
        (b'{"name": NaN}', 400),
        (b'{"name": "\xff"}', 400),
        (b"[" * 100_000, 400),
        (b'{"a":' * 50_000, 400),
        (b'{"name": ' + b"9" * 10_000 + b"}", 400),
        (b"\xef\xbb\xbf{}", 400),
    ],
)
def test_what_is_no_json_object_is_said_to_be_none(browser: Browser, body: bytes, status: int) -> None:
    answer = browser.api(body)
    assert (answer.status, answer.json["error"]["code"]) == (status, "invalid_json")


def test_other_media_types_are_not_taken(browser: Browser) -> None:
    assert browser.api(FILLED, Content_Type="text/plain").status == 415
    assert browser.api(FILLED, Content_Type="application/json; charset=utf-8").status == 201


def test_an_idempotency_key_is_not_longer_than_256(browser: Browser) -> None:
    assert browser.api(FILLED, Idempotency_Key="k" * 256).status == 201
    for wrong in ("k" * 257, "", "ключ".encode().decode("latin-1")):
        assert browser.api(FILLED, Idempotency_Key=wrong).status == 400


def test_files_larger_than_the_desk_takes_are_too_large(tmp_path: Path) -> None:
    with web_house(tmp_path, web=WebSettings(max_size=1024 * 1024)) as house:
        file = {"filename": "a", "base64": base64.b64encode(b"x" * (1024 * 1024 + 1)).decode()}
        answer = house.browser().api({**FILLED, "files": [file]})
        assert (answer.status, answer.json["error"]["code"]) == (413, "too_large")
        answer = house.browser().api(b" " * (3 * 1024 * 1024))
        assert (answer.status, answer.json["error"]["code"]) == (413, "too_large")
        assert house.rows() == []


def test_a_letter_about_a_request_echoes_no_free_text(house: WebHouse, browser: Browser) -> None:
    free = {name: f"слово-{name}" for name in ("name", "subject", "body", "organisation", "product")}
    browser.api({**FILLED, **free, "files": [{"filename": "слово-файл", "base64": "YQ=="}]})
    (letter,) = house.desk.letters()
    with house.desk.store.read() as tx:
        text = tx.messages.of(house.tickets()[0].number)[-1].full_text
    assert letter.state is not Delivery.SUPPRESSED
    assert "слово" not in text


def test_the_description_tells_every_field_and_answer(browser: Browser) -> None:
    told = browser.get("/api/v1/openapi.json").json
    request = told["components"]["schemas"]["Request"]
    assert set(request["properties"]) == set(FIELDS)
    answers = told["paths"]["/api/v1/requests"]["post"]["responses"]
    assert {"201", "202", "401", "409", "413", "422", "429", "503"} <= set(answers)


@given(
    body=st.one_of(
        st.binary(max_size=300),
        JSON.map(lambda value: json.dumps(value).encode()),
        st.dictionaries(st.sampled_from(FIELDS), JSON).map(lambda value: json.dumps(value).encode()),
        st.fixed_dictionaries(
            {name: st.text(max_size=40) for name in FIELDS[:-1] if name not in ("email", "type")}
        ).map(lambda value: json.dumps({**value, "email": "a@b.example"}).encode("ascii")),
    ),
    key=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=300),
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_nothing_that_is_sent_makes_it_stumble(browser: Browser, body: bytes, key: str) -> None:
    answer = browser.api(body, Idempotency_Key=key)
    assert answer.status in (201, 400, 409, 422)
    if answer.status != 201:
        assert set(answer.json["error"]) == ERROR


def test_other_methods_and_paths_are_refused_in_json(browser: Browser) -> None:
    for method, path, status in (("GET", "/api/v1/requests", 405), ("POST", "/api/v2/requests", 404)):
        answer = browser.ask(method, path)
        assert answer.status == status
        assert set(answer.json["error"]) == ERROR
