"""Notices of very few words: what makes one, and what makes a person of its writer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intake.mail.message import Address, Attachment, Message
from intake.screening import screen
from intake.screening.bare_notices import is_bare_absence, is_bare_receipt
from intake.screening.notice_days import with_days_marked

from .samples import OWN

NOTICE = Message(
    sender=(Address("", "anna@client.example"),),
    subject="Re: [VD-2500] Обращение принято",
    in_reply_to=("<vd-2500.1@vitrina.example>",),
    text="В отпуске до 1 ноября.",
    reply="В отпуске до 1 ноября.",
)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("в отпуске до 1 ноября", "в отпуске до §"),
        ("с 12.10.2026 по 25.10.2026 г", "с § по §"),
        ("im urlaub bis 3. november", "im urlaub bis §"),
        ("estaré ausente hasta el 20 de octubre", "estaré ausente hasta el §"),
        ("back on monday", "back on ¶"),
        ("до конца недели", "до ¶"),
        ("отпуск 12-25 октября", "отпуск §"),
        ("до 20-го", "до ¶"),
        ("до 18:00", "до 18:00"),
        ("доб. 114, +7 495 000-11-22", "доб. 114, +7 495 000-11-22"),
    ],
)
def test_days_are_marked_and_other_numbers_left(text: str, marked: str) -> None:
    assert with_days_marked(text) == marked


@pytest.mark.parametrize(
    "text",
    [
        "Im Urlaub bis 3. November.",
        "Я до пятницы в отпуске.",
        "Не работаю с 12 по 20 октября. Замещает Орлова О. П., доб. 114",
        "Сейчас на больничном до 20.10, вернусь 21.10.",
    ],
)
def test_an_absence_with_its_day_is_enough(text: str) -> None:
    assert is_bare_absence(text)


@pytest.mark.parametrize(
    "text",
    [
        "Я в отпуске.",
        "Меня нет.",
        "Отвечу в понедельник.",
        "По срочным вопросам — Иванов.",
        "Анна в отпуске до 3 ноября.",
        "",
    ],
)
def test_an_absence_without_its_day_or_of_somebody_else_is_none(text: str) -> None:
    assert not is_bare_absence(text)


@pytest.mark.parametrize(
    "text",
    ["Ваше письмо получено.", "Ответим в ближайшее время.", "Спасибо за письмо!", "Ваше письмо получено, спасибо."],
)
def test_a_receipt_both_thanks_and_promises(text: str) -> None:
    assert not is_bare_receipt(text)


def test_a_bare_notice_in_answer_to_us_is_automatic() -> None:
    assert screen(NOTICE, OWN).rule == "away-text"


@pytest.mark.parametrize(
    "touched",
    [
        replace(NOTICE, signature="Отправлено с iPhone"),
        replace(NOTICE, attachments=(Attachment(1, "акт.pdf", "application/pdf", 10),)),
        replace(
            NOTICE, text=NOTICE.text + "\n\n16.10.2026 12:30, Служба пишет:\n" + "> Уточните период, пожалуйста.\n" * 4
        ),
        replace(NOTICE, headers=(("x-mailer", "Apple Mail (2.3774)"),)),
        replace(NOTICE, in_reply_to=(), subject="Отпуск"),
    ],
    ids=["telephone", "file", "history", "mail program", "no answer"],
)
def test_a_trace_of_a_persons_hand_makes_a_person(touched: Message) -> None:
    assert screen(touched, OWN).rule == "ordinary"
