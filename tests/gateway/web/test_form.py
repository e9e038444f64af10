"""The feedback form over the real door."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gateway.settings import WebSettings
from intake.mail.reading import attachment_bytes
from intake.model import Delivery, Source, Type
from tests.support.gateways import eventually
from tests.support.web import FILLED, Answer, Browser, WebHouse, web_house

HOSTILE = "{{7*7}} {% raw %} <script>alert(1)</script> \u202e\x1b[31m"


def test_the_form_names_every_field_and_type(house: WebHouse, browser: Browser) -> None:
    answer = browser.get("/feedback")
    assert answer.status == 200
    for name in (*FILLED, "files"):
        assert f'name="{name}"' in answer.text
    assert re.search(r'value="improvement" checked', answer.text)
    for word in ("Консультация", "Ошибка", "Доработка", "отличается от нормального состояния"):
        assert word in answer.text
    assert house.rows() == []


def test_a_filled_form_is_a_ticket_with_key_and_deadlines_in_words(house: WebHouse, browser: Browser) -> None:
    answer = house.submit(browser, FILLED, [("отчёт.pdf", "application/pdf", b"%PDF-1.7 \x00\xff")])
    assert answer.status == 303
    page = browser.get(answer.location)
    (ticket,) = house.tickets()
    assert ticket.key in page.text
    assert "до 12:00\u00a0МСК во вторник, 12\u00a0мая" in page.text
    assert house.path_of(ticket) in page.text
    assert FILLED["email"] in page.text
    assert (ticket.type, ticket.type_sure, ticket.source) == (Type.BUG, True, Source.FORM)
    assert (ticket.product, ticket.licensee) == ("Отчёты", "ООО «Роща»")
    assert (ticket.contact_name, ticket.contact_address) == ("Ольга Петрова", "olga@roscha.example")


def test_a_file_arrives_octet_for_octet(house: WebHouse, browser: Browser) -> None:
    data = bytes(range(256)) * 5000
    house.submit(browser, FILLED, [("данные «1».bin", "application/x-thing", data)])
    (row,) = house.rows()
    with house.desk.store.read() as tx:
        (message, _) = tx.messages.of(house.tickets()[0].number)
    (attachment,) = message.attachments
    assert attachment.filename == "данные «1».bin"
    assert attachment_bytes(row.raw, attachment.part) == data


def test_without_a_type_it_is_an_improvement(house: WebHouse, browser: Browser) -> None:
    house.submit(browser, {**FILLED, "type": "", "body": "Всё сломалось, срочно!"})
    assert house.tickets()[0].type is Type.IMPROVEMENT


def test_a_form_without_files_may_come_url_encoded(house: WebHouse, browser: Browser) -> None:
    token = browser.get("/feedback").token
    house.desk.clock.forward(seconds=5)
    assert browser.post_plain("/feedback", {"token": token, **FILLED}).status == 303
    assert house.tickets()[0].subject == FILLED["subject"]


def test_all_of_a_form_is_new_text(house: WebHouse, browser: Browser) -> None:
    body = "Добрый день!\n-- \nвот что пишут:\n> цитата\nFrom: кто-то\nОтправлено с iPhone"
    house.submit(browser, {**FILLED, "body": body})
    with house.desk.store.read() as tx:
        assert tx.messages.of(house.tickets()[0].number)[0].text == body


def test_a_double_click_is_one_ticket(house: WebHouse, browser: Browser) -> None:
    token = browser.get("/feedback").token
    house.desk.clock.forward(seconds=5)
    answers: list[Answer] = []
    clicks = [
        threading.Thread(
            target=lambda: answers.append(house.submit(Browser(browser.port, browser.cookie), FILLED, token=token))
        )
        for _ in range(4)
    ]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join(30)
    assert [answer.status for answer in answers] == [303] * 4
    pages = {browser.get(answer.location).body for answer in answers}
    assert len(pages) == 1
    assert len(house.tickets()) == len(house.rows()) == 1


def test_what_was_changed_after_going_back_is_another_request(house: WebHouse, browser: Browser) -> None:
    token = browser.get("/feedback").token
    house.desk.clock.forward(seconds=5)
    for body in ("Первое", "Второе", "Первое"):
        house.submit(browser, {**FILLED, "body": body}, token=token)
    with house.desk.store.read() as tx:
        texts = [tx.messages.of(ticket.number)[0].text for ticket in house.tickets()]
    assert texts == ["Первое", "Второе"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"email": ""}, "email"),
        ({"email": "olga@"}, "email"),
        ({"email": "a@b.example\r\nBcc: c@d.example"}, "email"),
        ({"email": "noreply@roscha.example"}, "email"),
        ({"email": "support+x@vitrina-domiland.example"}, "email"),
        ({"subject": ""}, "subject"),
        ({"subject": "т" * 301}, "subject"),
        ({"body": " \n "}, "body"),
        ({"type": "wish"}, "type"),
    ],
)
def test_an_error_stands_beside_its_field_and_everything_typed_is_kept(
    house: WebHouse, browser: Browser, changes: dict[str, str], field: str
) -> None:
    given = {**FILLED, **changes}
    answer = house.submit(browser, given, [("a.txt", "text/plain", b"a")])
    assert answer.status == 422
    problem = re.search(rf'id="{field}-problem"( hidden)?>([^<]*)<', answer.text)
    assert problem is not None
    assert not problem[1]
    assert problem[2]
    others = [name for name in given if name not in (field, "type", "body")]
    for name in others:
        assert f'name="{name}" type="' in answer.text
        assert f'value="{given[name]}"' in answer.text
    assert "Файлы придётся выбрать заново" in answer.text
    assert house.rows() == []


def test_the_page_of_an_error_can_be_sent_again(house: WebHouse, browser: Browser) -> None:
    answer = house.submit(browser, {**FILLED, "email": "olga"})
    again = house.submit(browser, FILLED, token=answer.token)
    assert again.status == 303
    assert len(house.tickets()) == 1


@pytest.mark.parametrize("trouble", ["no token", "forged", "another browser", "no cookie", "expired"])
def test_a_post_that_proves_nothing_is_not_taken_and_loses_no_word(
    house: WebHouse, browser: Browser, trouble: str
) -> None:
    token = browser.get("/feedback").token
    house.desk.clock.forward(seconds=5)
    sender = browser
    if trouble == "no token":
        token = ""
    elif trouble == "forged":
        token = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")
    elif trouble == "another browser":
        sender = house.browser()
        sender.get("/feedback")
    elif trouble == "no cookie":
        sender = house.browser()
    else:
        house.desk.clock.forward(hours=13)
    answer = house.submit(sender, FILLED, token=token)
    assert answer.status == 403
    assert house.rows() == []
    for name in ("name", "email", "organisation", "product", "subject"):
        assert f'value="{FILLED[name]}"' in answer.text
    assert FILLED["body"] in answer.text
    house.desk.clock.forward(seconds=5)
    assert house.submit(sender, FILLED, token=answer.token).status == 303


def test_a_post_faster_than_a_person_is_asked_again(house: WebHouse, browser: Browser) -> None:
    token = browser.get("/feedback").token
    house.desk.clock.forward(seconds=1)
    answer = house.submit(browser, FILLED, token=token)
    assert answer.status == 422
    assert "слишком быстро" in answer.text
    assert house.rows() == []
    house.desk.clock.forward(seconds=1)
    assert house.submit(browser, FILLED, token=answer.token).status == 303


def test_who_fills_in_what_nobody_sees_is_asked_again(house: WebHouse, browser: Browser) -> None:
    answer = house.submit(browser, {**FILLED, "website": "http://spam.example"})
    assert answer.status == 422
    assert house.rows() == []
    assert 'name="website" type="text" value=""' in answer.text


def test_a_stranger_s_text_comes_out_literally(house: WebHouse, browser: Browser) -> None:
    given = {**FILLED, **dict.fromkeys(("name", "organisation", "product", "subject", "body"), HOSTILE)}
    wrong = house.submit(browser, {**given, "email": HOSTILE})
    assert wrong.status == 422
    assert b"<script>alert" not in wrong.body
    assert "{{7*7}}" in wrong.text
    answer = house.submit(browser, given)
    page, ticket = browser.get(answer.location), browser.get(house.path_of(house.tickets()[0]))
    for shown in (page, ticket):
        assert b"<script>alert" not in shown.body
        assert "{{7*7}} {% raw %}" in shown.text
        assert not re.search("[\u202e\x1b]", shown.text)


def test_a_thousand_posts_for_one_victim_send_at_most_one_letter(house: WebHouse) -> None:
    browser = house.browser()
    token = browser.get("/feedback").token
    house.desk.clock.forward(seconds=5)

    def post(number: int) -> int:
        sender = Browser(browser.port, browser.cookie)
        spam = {**FILLED, "email": "victim@mail.example", "body": f"спам {number}"}
        return house.submit(sender, spam, token=token).status

    with ThreadPoolExecutor(8) as senders:
        statuses = list(senders.map(post, range(1000)))
    assert set(statuses) == {303}
    assert len(house.tickets()) == 1000
    leaving = [letter for letter in house.desk.letters() if letter.state is not Delivery.SUPPRESSED]
    assert len(leaving) == 1
    assert leaving[0].recipients[0][0] == "victim@mail.example"


def test_too_many_posts_of_one_client_have_to_wait(tmp_path: Path) -> None:
    with web_house(tmp_path, web=WebSettings(posts=4)) as house:
        browser = house.browser()
        answers = [house.submit(browser, {**FILLED, "email": f"p{n}@roscha.example"}) for n in range(5)]
        assert [answer.status for answer in answers] == [303, 303, 303, 303, 429]
        assert 0 < int(answers[-1].headers["retry-after"]) <= 600
        assert FILLED["body"] in answers[-1].text


def test_too_many_posts_for_one_address_have_to_wait(tmp_path: Path) -> None:
    with web_house(tmp_path, web=WebSettings(posts=6)) as house:
        browser = house.browser()
        statuses = [
            house.submit(browser, {**FILLED, "email": case}).status for case in ("a@r.example", "A@r.example") * 2
        ]
        assert statuses == [303, 303, 303, 429]


def test_what_could_not_be_processed_yet_is_said_to_be_kept(tmp_path: Path) -> None:
    with web_house(tmp_path, works=False, patience=0.1) as house:
        browser = house.browser()
        answer = house.submit(browser, FILLED)
        page = browser.get(answer.location)
        assert "Обращение сохранено" in page.text
        assert 'http-equiv="refresh"' in page.text
        assert len(house.rows()) == 1
        house.work()
        house.desk.worker.wake()
        (ticket,) = eventually(house.tickets, what="a ticket")
        assert ticket.key in browser.get(answer.location).text


def test_a_receipt_that_is_none_of_ours_is_not_found(browser: Browser) -> None:
    for receipt in ("", "x", "WyJyZWNlaXB0IiwieCJd.AAAA", "a" * 5000):
        assert browser.get(f"/feedback/received?r={receipt}").status == 404
