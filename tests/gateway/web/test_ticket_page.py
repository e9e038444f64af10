"""The licensee's own view of a ticket over the real door."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from intake.model import Direction, Status, Ticket
from intake.ports import NewMessage
from tests.support.desks import mail
from tests.support.web import FILLED, Answer, Browser, File, WebHouse, web_house

SECRET = "внутреннее-слово"


@pytest.fixture
def ticket(house: WebHouse) -> Ticket:
    """A ticket that came by mail."""
    return house.receive(mail(body="Первое письмо клиента."))


def said(house: WebHouse, ticket: Ticket, direction: Direction, **more: Any) -> None:
    """A message of the ticket, whoever wrote it."""
    made = NewMessage(ticket.number, direction, house.desk.clock(), SECRET, SECRET, sender_name="Некто", **more)
    house.desk.store.write(lambda tx: tx.messages.add(made))


def add(house: WebHouse, browser: Browser, ticket: Ticket, body: str, files: tuple[File, ...] = ()) -> Answer:
    """Load the page, take some time, add something."""
    path = house.path_of(ticket)
    token = browser.get(path).token
    house.desk.clock.forward(seconds=5)
    return browser.post(path, {"token": token, "body": body}, files)


def test_it_says_status_deadlines_and_conversation_in_words(house: WebHouse, browser: Browser, ticket: Ticket) -> None:
    house.desk.desk.reply(ticket.number, "Уже смотрим.", "anna")
    page = browser.get(house.path_of(ticket))
    assert page.status == 200
    for words in (ticket.key, ticket.subject, "Процесс", "работает над обращением", "Срок завершения"):
        assert words in page.text
    assert "Первое письмо клиента." in page.text
    assert "Уже смотрим." in page.text
    assert "Анна Белова" in page.text
    assert page.text.index("Первое письмо") < page.text.index("Уже смотрим.")


@pytest.mark.parametrize("status", list(Status))
def test_each_status_has_its_words(house: WebHouse, browser: Browser, ticket: Ticket, status: Status) -> None:
    if status is not Status.REQUEST:
        house.desk.desk.set_status(ticket.number, status, "anna")
    page = browser.get(house.path_of(ticket))
    named = house.desk.regulations.of(ticket.regulation).rules.statuses.named[status]
    assert f'class="badge">{named.name}<' in page.text


@pytest.mark.parametrize("direction", [Direction.NOTE, Direction.DEPT_IN, Direction.DEPT_OUT])
def test_what_the_desk_says_among_itself_is_never_shown(
    house: WebHouse, browser: Browser, ticket: Ticket, direction: Direction
) -> None:
    said(house, ticket, direction)
    assert SECRET not in browser.get(house.path_of(ticket)).text


def test_a_stranger_s_unconfirmed_text_and_files_are_not_shown(
    house: WebHouse, browser: Browser, ticket: Ticket
) -> None:
    said(house, ticket, Direction.IN, unconfirmed=True)
    said(house, ticket, Direction.IN, automatic=True)
    assert SECRET not in browser.get(house.path_of(ticket)).text


def test_a_wrong_token_is_not_found(house: WebHouse, browser: Browser, ticket: Ticket) -> None:
    path = house.path_of(ticket)
    right = path.removeprefix("/t/")
    name, _, proof = right.partition(".")
    wrong = [
        name,
        f"{name}.{proof[:-1]}{'a' if proof[-1] != 'a' else 'b'}",
        f"vd-9999.{proof}",
        f"{name}.{'a' * 26}",
        "x" * 3000,
        "%00.aaaaaaaaaaaaaaaaaaaaaaaaaa",
        "%F0%9F%98%80.aaaaaaaaaaaaaaaaaaaaaaaaaa",
    ]
    assert [browser.get(f"/t/{one}").status for one in wrong] == [404] * len(wrong)
    assert [browser.post(f"/t/{one}", {"body": "x"}).status for one in wrong] == [404] * len(wrong)


def test_the_token_of_another_purpose_opens_nothing(house: WebHouse, browser: Browser, ticket: Ticket) -> None:
    for purpose in ("address", "message-id", "rating"):
        token = house.desk.signer.token(purpose, ticket.key)
        assert browser.get(f"/t/{ticket.key.lower()}.{token}").status == 404


def test_looking_changes_nothing(house: WebHouse, browser: Browser, ticket: Ticket) -> None:
    path = house.path_of(ticket)
    before = (house.desk.ticket(ticket.number), len(house.rows()))
    for method in ("GET", "HEAD", "GET"):
        answer = browser.ask(method, path)
        assert answer.status == 200
        assert (method == "HEAD") == (answer.body == b"")
    assert (house.desk.ticket(ticket.number), len(house.rows())) == before


def test_nobody_keeps_or_learns_the_link(house: WebHouse, browser: Browser, ticket: Ticket) -> None:
    headers = browser.get(house.path_of(ticket)).headers
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "noindex" in headers["x-robots-tag"]


def test_a_message_added_joins_the_ticket_as_its_contact_s(house: WebHouse, browser: Browser, ticket: Ticket) -> None:
    answer = add(house, browser, ticket, "Ещё подробности", (("лог.txt", "text/plain", b"log"),))
    assert answer.status == 303
    page = browser.get(answer.location)
    assert "Сообщение добавлено" in page.text
    assert "Ещё подробности" in page.text
    assert "лог.txt" in page.text
    with house.desk.store.read() as tx:
        newest = tx.messages.of(ticket.number)[-1]
    assert newest.sender_address == ticket.contact_address
    assert not newest.unconfirmed
    assert len(house.tickets()) == 1


def test_a_message_sent_twice_is_one(house: WebHouse, browser: Browser, ticket: Ticket) -> None:
    path = house.path_of(ticket)
    token = browser.get(path).token
    house.desk.clock.forward(seconds=5)
    for _ in range(2):
        assert browser.post(path, {"token": token, "body": "Раз"}).status == 303
    with house.desk.store.read() as tx:
        assert [m.text for m in tx.messages.of(ticket.number)].count("Раз") == 1


def test_a_message_answers_the_question_the_desk_asked(house: WebHouse, browser: Browser, ticket: Ticket) -> None:
    house.desk.desk.set_status(ticket.number, Status.ANALYSIS, "anna")
    house.desk.desk.set_status(ticket.number, Status.INFO_NEEDED, "anna")
    house.desk.clock.forward(hours=1)
    add(house, browser, ticket, "Вот сведения")
    assert house.desk.ticket(ticket.number).status is Status.ANALYSIS


def test_an_empty_message_is_asked_for_again(house: WebHouse, browser: Browser, ticket: Ticket) -> None:
    answer = add(house, browser, ticket, "  ")
    assert answer.status == 422
    assert "Напишите сообщение" in answer.text
    assert len(house.rows()) == 1


def test_a_message_without_the_page_s_token_is_not_taken(house: WebHouse, browser: Browser, ticket: Ticket) -> None:
    form_token = browser.get("/feedback").token
    house.desk.clock.forward(seconds=5)
    for token in ("", form_token):
        answer = browser.post(house.path_of(ticket), {"token": token, "body": "Подробности"})
        assert answer.status == 403
        assert "Подробности" in answer.text
    assert len(house.rows()) == 1


def test_what_comes_long_after_the_end_opens_a_new_ticket(house: WebHouse, browser: Browser, ticket: Ticket) -> None:
    house.desk.desk.close(ticket.number, "anna")
    house.desk.clock.forward(days=20)
    answer = add(house, browser, ticket, "Опять то же самое")
    fresh = house.tickets()[-1]
    assert fresh.number != ticket.number
    assert answer.location.startswith(house.path_of(fresh))
    assert "открыло новое" in browser.get(answer.location).text


def test_a_ticket_merged_into_one_of_the_same_person_leads_there(
    house: WebHouse, browser: Browser, ticket: Ticket
) -> None:
    other = house.receive(mail(subject="Другое", message_id="<second@roscha.example>"))
    house.desk.store.write(lambda tx: tx.tickets.update(ticket, merged_into=other.number))
    assert browser.get(house.path_of(ticket)).location == house.path_of(other)
    house.desk.store.write(lambda tx: tx.tickets.update(other, contact_address="somebody@else.example"))
    assert browser.get(house.path_of(ticket)).status == 200


def test_a_file_is_downloaded_and_never_shown(house: WebHouse, browser: Browser, ticket: Ticket) -> None:
    evil = b"<script>alert(document.cookie)</script>"
    add(house, browser, ticket, "", (("счёт\u202egpj.html", "text/html", evil),))
    page = browser.get(house.path_of(ticket))
    (link,) = re.findall(r'href="([^"]+/files/[^"]+)"', page.text)
    answer = browser.get(link)
    assert (answer.status, answer.body) == (200, evil)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_files_of_what_is_not_shown_are_not_found(house: WebHouse, browser: Browser, ticket: Ticket) -> None:
    add(house, browser, ticket, "", (("a.txt", "text/plain", b"a"),))
    link = re.findall(r'href="([^"]+/files/[^"]+)"', browser.get(house.path_of(ticket)).text)[0]
    house.submit(browser, FILLED)
    other = house.tickets()[-1]
    stolen = house.path_of(other) + "/files/" + link.rpartition("/")[2]
    assert browser.get(stolen).status == 404
    with house.desk.store.read() as tx:
        message = tx.messages.of(ticket.number)[-1].id

    def hide(number: int) -> None:
        house.desk.store.write(lambda tx: tx.rows.run("UPDATE messages SET unconfirmed = 1 WHERE id = ?", (number,)))  # type: ignore[attr-defined]

    hide(message)
    assert browser.get(link).status == 404


def test_the_form_s_message_is_kept_when_it_can_not_be_processed_yet(tmp_path: Path) -> None:
    with web_house(tmp_path, works=False, patience=0.1) as house:
        row = house.desk.receive(mail())
        ticket = house.desk.ticket(row.ticket)
        browser = house.browser()
        answer = add(house, browser, ticket, "Позже")
        assert "через минуту" in browser.get(answer.location).text
        house.desk.process()
        assert "Позже" in browser.get(house.path_of(ticket)).text


def test_a_ticket_without_an_address_offers_no_form(house: WebHouse, browser: Browser, ticket: Ticket) -> None:
    house.desk.store.write(lambda tx: tx.tickets.update(ticket, contact_address=None))
    page = browser.get(house.path_of(ticket))
    assert 'name="token"' not in page.text
    assert browser.post(house.path_of(ticket), {"body": "x"}).status == 404
