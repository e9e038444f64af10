"""Letters word for word: golden files, and strangers' text that stays text. GOLDEN=write renews the files."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from intake.letters.contexts import (
    AcknowledgementContext,
    Context,
    DepartmentContext,
    Question,
    ReplyContext,
    Said,
    StaffContext,
    StatusContext,
)
from templates import render_letter
from templates.environment import environment, quoted

GOLDEN = Path(__file__).parent / "golden"
LINK = "https://desk.example/t/vd-1042.abc"
ACKNOWLEDGEMENT = AcknowledgementContext(
    key="VD-1042",
    subject="Не приходит чек",
    type_name="Ошибка",
    received="8 мая, 18:30 МСК",
    reaction="до 10:30 МСК во вторник, 12 мая: 9–11 мая выходные",
    completion="до 18:30 МСК в пятницу, 22 мая",
    hours="по рабочим дням с 10:00 до 19:00 МСК",
    desk_name="Служба поддержки «Витрина Домиленд»",
    desk_address="support@vitrina-domiland.example",
)
REPLY = ReplyContext(
    key="VD-1042",
    subject="Не приходит чек",
    text="Добрый день!\n\nЧек отправлен повторно, проверьте, пожалуйста.",
    agent_name="Анна Белова",
    desk_name="Служба поддержки «Витрина Домиленд»",
    quoted="Чек так и не пришёл.\n> а это цитата",
    quoted_intro="12 мая, 10:05 МСК вы писали:",
)
STATUS = StatusContext(
    key="VD-1042",
    subject="Не приходит чек",
    status="info_needed",
    status_name="Требуется информация",
    text="Пришлите, пожалуйста, номер заказа.",
    agent_name="Анна Белова",
    desk_name="Служба поддержки «Витрина Домиленд»",
    confirm="https://desk.example/confirm/vd-1042.abc",
    reopen="26 мая",
)
DEPARTMENT = DepartmentContext(
    key="VD-1042",
    subject="Расторжение договора",
    topic="Правовые вопросы",
    department="Юридический департамент",
    due="до 19:00 МСК четверга, 14 мая, 3 рабочих дня, §7",
    question="Можно ли расторгнуть договор без пени?",
    agent_name="Анна Белова",
    desk_name="Служба поддержки «Витрина Домиленд»",
    client="ООО «Роща», Ольга Петрова",
    product="Витрина",
    conversation=(
        Said("Ольга Петрова", "8 мая, 18:30 МСК", "Хотим расторгнуть договор.", client=True),
        Said("поддержка", "12 мая, 10:05 МСК", "Уточняем у юристов.\n> цитата", client=False),
    ),
    left_out=2,
    files=("Договор №1.pdf",),
    not_enclosed=("скан.zip",),
)
MARKS = ((5, "отлично"), (4, "хорошо"), (3, "удовлетворительно"), (2, "плохо"), (1, "очень плохо"))
QUESTION = Question(
    tuple((mark, words, f"https://desk.example/rate/0a1b.xyz?score={mark}") for mark, words in MARKS),
    "19 мая, 11:00 МСК",
)
BARE_QUESTION = replace(QUESTION, marks=tuple((mark, words, None) for mark, words in MARKS))
CASES: dict[str, Context] = {
    "acknowledgement": ACKNOWLEDGEMENT,
    "acknowledgement-improvement": replace(
        ACKNOWLEDGEMENT,
        type_name="Доработка",
        completion=None,
        link="https://desk.example/t/vd-1042.abc",
        older_key="VD-7",
    ),
    "reply": REPLY,
    "status-info_needed": STATUS,
    "status-payment": replace(STATUS, status="payment", text=""),
    "status-verification": replace(STATUS, status="verification", text=""),
    "status-closed": replace(STATUS, status="closed", text="", link=LINK),
    "status-closed-asking": replace(STATUS, status="closed", text="", link=LINK, question=QUESTION),
    "status-closed-asking-bare": replace(STATUS, status="closed", text="", question=BARE_QUESTION),
    "staff": StaffContext("VD-1042: срок реакции через 15 мин", ("Не приходит чек", "Никто не взял."), "VD-1042", "СП"),
    "department": DEPARTMENT,
    "department-reminder": replace(
        DEPARTMENT,
        reminder="Напоминаем: срок ответа сегодня.",
        earlier=True,
        question="",
        product="",
        others=("Департамент ИТ",),
        conversation=(),
        left_out=0,
        files=(),
        not_enclosed=(),
    ),
    "reply-bare": replace(REPLY, quoted=None, quoted_intro=None, link=LINK),
}


@pytest.mark.parametrize("name", CASES)
def test_a_letter_reads_as_agreed(name: str) -> None:
    made = render_letter(CASES[name])
    for ending, text in (("txt", f"{made.subject}\n\n{made.text}"), ("html", made.html)):
        file = GOLDEN / f"{name}.{ending}"
        if os.environ.get("GOLDEN") == "write":
            file.write_text(text, encoding="utf-8")
        assert text == file.read_text(encoding="utf-8")


HOSTILE = "{{ 7*7 }} {% raw %} <script>alert(1)</script> & \"'"


@pytest.mark.parametrize(
    "context",
    [
        replace(ACKNOWLEDGEMENT, subject=HOSTILE),
        replace(REPLY, text=HOSTILE, quoted=HOSTILE),
        replace(STATUS, subject=HOSTILE, text=HOSTILE),
        replace(DEPARTMENT, subject=HOSTILE, question=HOSTILE, conversation=(Said(HOSTILE, "8 мая", HOSTILE, True),)),
    ],
)
def test_strangers_text_is_never_a_template_or_markup(context: Context) -> None:
    made = render_letter(context)
    whole = made.subject + made.text
    assert "{{ 7*7 }}" in whole
    assert "49" not in whole
    assert "<script>" not in made.html


def test_a_name_the_context_lacks_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        environment().from_string("{{ nobody }}").render()


@pytest.mark.parametrize(("text", "shown"), [("a\n\nb", "> a\n>\n> b"), ("> a", ">> a"), ("", ">")])
def test_quoting_follows_the_format_of_mail(text: str, shown: str) -> None:
    assert quoted(text) == shown
