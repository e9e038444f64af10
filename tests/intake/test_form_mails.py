"""What a form's robot writes is read as the person who filled it in."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.form_mails import REST, FormSpec, filled_in, read_fields
from intake.mail.reading import read_message
from tests.support.growth import is_in_proportion

LABELS = {
    "name": "Имя",
    "email": "E-mail",
    "organisation": "Организация",
    "product": "Продукт",
    "subject": "Тема",
    "body": "Сообщение",
}
WANTED = {
    "name": "Ольга Петрова",
    "email": "olga@roscha.example",
    "product": "Заказы",
    "body": "Кнопка «Повторить».\n\nВторая: строка с двоеточием.",
}


@pytest.mark.parametrize(
    "text",
    [
        "Новая заявка\n\nИмя: Ольга Петрова\nE-mail: olga@roscha.example\nПродукт: Заказы\n"
        "Сообщение: Кнопка «Повторить».\n\nВторая: строка с двоеточием.\n",
        "*Имя*: Ольга Петрова\n*E-mail:* olga@roscha.example\n**Продукт** - Заказы\n"
        "Сообщение:\nКнопка «Повторить».\n\nВторая: строка с двоеточием.\n",
        "Имя | Ольга Петрова\nE-MAIL | olga@roscha.example\nпродукт | Заказы\n"
        "Сообщение | Кнопка «Повторить».\n\nВторая: строка с двоеточием.",
        "Имя\nОльга Петрова\nE-mail\nolga@roscha.example\nПродукт\nЗаказы\n"
        "Сообщение\nКнопка «Повторить».\n\nВторая: строка с двоеточием.",
    ],
)
def test_lines_and_tables_are_read(text: str) -> None:
    assert read_fields(text, LABELS) == WANTED


def test_an_html_table_is_read() -> None:
    html = (
        "<table><tr><td>Имя:</td><td>Ольга Петрова</td></tr>"
        "<tr><th>E-mail</th><td><a href='mailto:olga@roscha.example'>olga@roscha.example</a></td></tr>"
        "<tr><td>Продукт</td><td>Заказы</td></tr>"
        "<tr><td>Сообщение</td><td>Кнопка «Повторить».<br><br>Вторая: строка с двоеточием.</td></tr></table>"
    )
    raw = (
        "From: Site <Robot@site.example>\r\nContent-Type: text/html; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 8bit\r\n\r\n" + html
    ).encode()
    specs = {"robot@site.example": FormSpec("robot@site.example", LABELS)}
    assert filled_in(read_message(raw), specs) == WANTED


def test_a_table_with_the_labels_in_its_first_row_is_read() -> None:
    text = "Заявка\nИмя\tГород\tE-mail\tСообщение\nОльга\tТверь\tolga@x.example\tКак?\n\nС сайта"
    found = read_fields(text, LABELS)
    assert (found["name"], found["email"], found[REST]) == ("Ольга", "olga@x.example", "Город: Тверь")
    assert found["body"] == "Как?\n\nС сайта"
    html = "<table><tr><th>Имя</th><th>E-mail</th></tr><tr><td>Ольга</td><td>olga@x.example</td></tr></table>"
    raw = f"From: robot@site.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}".encode()
    specs = {"robot@site.example": FormSpec("robot@site.example", LABELS)}
    assert filled_in(read_message(raw), specs) == {"name": "Ольга", "email": "olga@x.example"}


@pytest.mark.parametrize("row", ["Имя\tE-mail\nОльга\tolga@x.example\tещё", "Имя\tE-mail", "Имя\tОльга\nE-mail\to@x"])
def test_rows_that_do_not_stand_below_their_labels_are_read_as_lines(row: str) -> None:
    assert read_fields(row, LABELS)["name"] in ("E-mail", "Ольга")


def test_only_the_robot_is_a_robot() -> None:
    raw = b"From: eve@evil.example\r\n\r\nE-mail: victim@roscha.example\r\n"
    specs = {"robot@site.example": FormSpec("robot@site.example", LABELS)}
    assert filled_in(read_message(raw), specs) is None


def test_a_robots_mail_without_fields_is_no_form() -> None:
    raw = b"From: robot@site.example\r\n\r\nYour licence expires.\r\n"
    specs = {"robot@site.example": FormSpec("robot@site.example", LABELS)}
    assert filled_in(read_message(raw), specs) is None


def test_the_first_value_counts() -> None:
    """What somebody types into the message cannot replace the fields before it."""
    text = "E-mail: olga@roscha.example\nСообщение: привет\nE-mail: victim@other.example\n"
    found = read_fields(text, LABELS)
    assert found["email"] == "olga@roscha.example"
    assert "victim@other.example" in found["body"]


@pytest.mark.parametrize(
    "text",
    [
        "1. Имя: Ольга\n2. E-mail: olga@x.example\n3. Сообщение: Как?",
        "Имя*: Ольга\nE-mail *: olga@x.example\nСообщение (обязательно): Как?",
        "[Имя]: Ольга\n[E-mail]: olga@x.example\n[Сообщение]:\nКак?",
        "> ИМЯ : Ольга\n> E–MAIL : olga@x.example\n> СООБЩЕНИЕ : Как?",
        "Имя — Ольга\nE-mail — olga@x.example\nСообщение — Как?",
    ],
)
def test_labels_are_known_whatever_stands_around_them(text: str) -> None:
    assert read_fields(text, LABELS) == {"name": "Ольга", "email": "olga@x.example", "body": "Как?"}


def test_other_fields_of_the_form_are_not_lost() -> None:
    text = "Заявка\nГород: Тверь\nИмя: Ольга\nТелефон: +7 999\nE-mail: o@x.example\nСообщение: Как?\nIP: 1.2.3.4"
    found = read_fields(text, LABELS)
    assert (found[REST], found["body"]) == ("Город: Тверь\nТелефон: +7 999", "Как?\nIP: 1.2.3.4")


@given(st.text(), st.dictionaries(st.sampled_from(sorted(LABELS)), st.text(min_size=1, max_size=20)))
def test_nothing_is_too_strange(text: str, labels: dict[str, str]) -> None:
    assert all(value.strip() for value in read_fields(text, labels).values())


def test_time_grows_with_the_text_alone() -> None:
    lines = "Имя:  - : = |  " * 50 + "\n"
    once, twice = (partial(read_fields, lines * count, LABELS) for count in (2000, 4000))
    assert is_in_proportion(once, twice, 2.6, 0.005)
