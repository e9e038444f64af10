"""Replies that are votes, and those that are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.vote_words import vote_in


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("5", 5),
        ("5!", 5),
        (" 4. ", 4),
        ("Оценка: 4, спасибо", 4),
        ("Оценка - 3", 3),
        ("5/5", 5),
        ("4 из 5", 4),
        ("Ставлю 5, спасибо за помощь!", 5),
        ("пять", 5),
        ("Твёрдая пятёрка", 5),
        ("5 баллов", 5),
        ("Здравствуйте! Моя оценка 2.", 2),
        ("1", 1),
        ("5\ufe0f\u20e3", 5),
        ("5+", 5),
        ("4\n\nС уважением,\nОльга Петрова, дом 12", 4),
        ("Спасибо, 5", 5),
        ("5 stars, thanks", 5),
    ],
)
def test_a_mark_and_nothing_beside_it_is_a_vote(text: str, score: int) -> None:
    assert vote_in(text) == score


@pytest.mark.parametrize(
    "text",
    [
        "",
        "спасибо",
        "4-5",
        "4,5",
        "-5",
        "0",
        "6",
        "10",
        "55",
        "5 5",
        "4 или 5",
        "4, но отвечали долго",
        "2. Опять не работает выгрузка",
        "5?",
        "Через 5 минут всё снова упало",
        "Оценка 5 Марии, 3 Ивану",
        "Осталось 3 вопроса",
        "5 дней ждали ответа",
        "3 не решили",
        "5 сентября",
        "1) не работает чек 2) не работает касса",
        "два дня ждали",
        "Позвоните 8 495 000-00-00",
        "5\n\nИ ещё: не открывается отчёт",
    ],
)
def test_anything_else_is_a_letter_to_be_read(text: str) -> None:
    assert vote_in(text) is None


@given(st.text(max_size=400))
def test_no_text_breaks_it(text: str) -> None:
    assert vote_in(text) in (None, 1, 2, 3, 4, 5)


@given(st.integers(-20, 200), st.integers(0, 3), st.integers(4, 10))
def test_only_marks_of_the_scale_count(number: int, lowest: int, highest: int) -> None:
    assert vote_in(str(number), lowest, highest) == (number if lowest <= number <= highest else None)
