"""Who wrote a mail that somebody passed on, in the manner of many programs."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.mail.forwards import authors_named
from intake.mail.message import Address
from intake.model import Envelope
from intake.reading import Reading, read
from intake.screening import OwnAddresses
from tests.support.growth import is_in_proportion

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "eml"
PETR = Address("Пётр Клён", "klen@roscha.example")

HEADS = {
    "gmail": "---------- Forwarded message ---------\nОт: Пётр Клён <klen@roscha.example>\n"
    "Date: вт, 12 мая 2026 г. в 10:05\nSubject: Заказ\nTo: Анна <anna@desk.example>\n\nНе идёт заказ.",
    "gmail bold": "---------- Forwarded message ---------\nОт: *Пётр Клён* <klen@roscha.example>\n"
    "Дата: вт, 12 мая 2026\nТема: Заказ\nКому: <anna@desk.example>\n",
    "outlook": "\n________________________________\nОт: Пётр Клён <klen@roscha.example>\n"
    "Отправлено: 12 мая 2026 г. 10:05\nКому: Анна\nТема: Заказ\n",
    "outlook, old": "-----Original Message-----\nFrom: Пётр Клён [mailto:klen@roscha.example]\n"
    "Sent: Tuesday, May 12, 2026 10:05 AM\nTo: Anna\nSubject: Заказ\n",
    "word html": "*From:* Пётр Клён <klen@roscha.example>\n*Sent:* Tuesday, May 12, 2026\n*To:* Anna\n*Subject:* Заказ",
    "thunderbird": "-------- Пересылаемое сообщение --------\nТема: \tЗаказ\nДата: \tTue, 12 May 2026 10:05:00 +0300\n"
    "От: \tПётр Клён <klen@roscha.example>\nКому: \tanna@desk.example\n",
    "apple": "Начало переадресованного сообщения:\n\n> От: Пётр Клён <klen@roscha.example>\n> Тема: Заказ\n"
    "> Дата: 12 мая 2026 г. в 10:05:00 GMT+3\n> Кому: anna@desk.example\n",
    "yandex": '-------- Пересылаемое сообщение --------\n12.05.2026, 10:05, "Пётр Клён" <klen@roscha.example>:\n',
    "mail.ru": "-------- Пересылаемое сообщение --------\nОт кого: Пётр Клён <klen@roscha.example>\n"
    "Кому: Анна\nДата: Вторник, 12 мая 2026, 10:05 +03:00\nТема: Заказ\n",
    "the bat": "===8<==============Original message text===============\n* От: Пётр Клён <klen@roscha.example>\n"
    "* Дата: 12 мая 2026\n* Тема: Заказ",
    "folded": "От: Пётр Клён\n <klen@roscha.example>\nОтправлено: 12 мая 2026\nТема: Заказ",
    "bare address": "From: klen@roscha.example (Пётр Клён)\nDate: Tue, 12 May 2026 10:05:00 +0300\nSubject: Заказ",
    "deeper": ">> От: Пётр Клён <klen@roscha.example>\n>> Дата: 12.05.2026\n>> Тема: Заказ",
    "german": "-------- Weitergeleitete Nachricht --------\nBetreff: Bestellung\nDatum: Tue, 12 May 2026\n"
    "Von: Пётр Клён <klen@roscha.example>\nAn: anna@desk.example",
}


@pytest.mark.parametrize("program", HEADS)
def test_the_head_of_a_forwarded_mail_names_its_author(program: str) -> None:
    assert authors_named("Прошу помочь.\n\n" + HEADS[program])[0] == PETR


@pytest.mark.parametrize(
    "text",
    [
        "",
        "От: кого-то с адресом boss@roscha.example, но это не письмо",
        "Кнопка «От: klen@roscha.example» не нажимается",
        "Тема: спросите у klen@roscha.example",
        "От: Пётр Клён\nОтправлено: 12 мая 2026\nТема: без адреса",
        "klen@roscha.example:",
        "Напишите на klen@roscha.example до 12 мая.",
    ],
)
def test_an_address_alone_is_no_author(text: str) -> None:
    assert authors_named(text) == ()


@pytest.mark.parametrize(
    "author",
    [
        '"boss@bank.example" <klen@roscha.example>',
        "boss@bank.example <klen@roscha.example>",
        "boss@bank.example (Банк) [mailto:klen@roscha.example]",
    ],
)
def test_an_address_in_a_name_is_no_author(author: str) -> None:
    head = f"От: {author}\nДата: 12.05.2026\nТема: Заказ"
    introduction = f"12.05.2026, 10:05, {author}:"
    assert [one.address for text in (head, introduction) for one in authors_named(text)] == ["klen@roscha.example"] * 2


def a_mail(subject: str, body: str, kind: str = "text/plain", sender: str = "Анна <anna@desk.example>") -> Reading:
    raw = (
        f"From: {sender}\r\nTo: support@desk.example\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}"
    ).encode()
    return read(raw, Envelope(), OwnAddresses())


@pytest.mark.parametrize("subject", ["Fwd: Заказ", "FW: Заказ", "Пересл: Заказ", "WG: Заказ", "[VD-1] Fwd: Заказ"])
def test_a_subject_says_that_a_mail_is_passed_on(subject: str) -> None:
    assert a_mail(subject, HEADS["outlook"]).original == PETR


def test_html_is_read_alike() -> None:
    html = (
        "<div>Помогите</div><div class='gmail_quote'><div class='gmail_attr'>---------- Forwarded message ---------<br>"
        "От: <b>Пётр Клён</b> <span>&lt;<a href='mailto:klen@roscha.example'>klen@roscha.example</a>&gt;</span><br>"
        "Date: вт, 12 мая 2026 г. в 10:05<br>Subject: Заказ<br>To: Анна<br></div><br>Не идёт.</div>"
    )
    assert a_mail("Fwd: Заказ", html, "text/html").original == PETR


def test_a_reply_with_its_history_passes_nothing_on() -> None:
    assert a_mail("Re: Заказ", "Спасибо.\n\n" + HEADS["outlook"]).original is None


def test_nobody_is_the_author_of_what_he_forwards_himself() -> None:
    chain = HEADS["outlook"].replace("klen@roscha.example", "Anna@desk.example") + "\n\n" + HEADS["thunderbird"]
    assert a_mail("Fwd: Заказ", chain).original == PETR


@pytest.mark.parametrize(
    ("name", "author"),
    [
        ("15_new_forward_message_rfc822", Address("Мария", "zhitel.kv57@pochta-ru.example")),
        ("16_new_forward_inline_yandex", Address("Клининг Блеск", "zakaz@blesk-clean.example")),
    ],
)
def test_mails_of_real_programs(name: str, author: Address) -> None:
    assert read((SAMPLES / f"{name}.eml").read_bytes(), Envelope(), OwnAddresses()).original == author


def test_none_of_the_other_samples_passes_anything_on() -> None:
    others = [path for path in SAMPLES.glob("*.eml") if "forward" not in path.name]
    found = {path.name: read(path.read_bytes(), Envelope(), OwnAddresses()).original for path in others}
    assert {name: who for name, who in found.items() if who is not None} == {}


@given(st.text(max_size=300))
@settings(deadline=None, max_examples=50)
def test_nothing_is_too_strange(text: str) -> None:
    for author in authors_named(f"От: {text}\nДата: 12.05.2026\nТема: {text}"):
        assert "@" in author.address
        assert "\n" not in author.name + author.address


@pytest.mark.parametrize(
    "piece", ["От: a@", "От: Имя <a@b.example>\nДата: 1\n", "12.05.2026, 10:05 a@b.example:\n", "a@b."]
)
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    small, large = (partial(authors_named, piece * count) for count in (5_000, 20_000))
    assert is_in_proportion(small, large, 10)
