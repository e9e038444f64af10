"""What is searched for, and by what it is compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.search import FREE, Term, parsed
from intake.stems import stems, words


@pytest.mark.parametrize(
    ("written", "sought"),
    [
        ("витрина не открывается", "Открываются ВИТРИНЫ не"),
        ("ёлка и счёт", "ЕЛКИ счетов и"),
        ("the orders failed", "Order fail THE"),
        ("VD-1042", "vd 1042"),
        ("Ольга@Роща.пример", "ольга роща пример"),
        ("кра\u0301сный мя\u00adч", "красный мяч"),
    ],
)
def test_forms_of_a_word_have_one_stem(written: str, sought: str) -> None:
    assert set(stems(written)) == set(stems(sought))


def test_numbers_and_mixed_names_are_kept_whole() -> None:
    assert stems("1с 2024 utf8 ошибка500") == ["1с", "2024", "utf8", "ошибка500"]


@given(st.text())
def test_stems_hold_letters_and_digits_only(text: str) -> None:
    """So none of them can be an operator of a database's query language."""
    assert all(stem and stem.isalnum() for stem in stems(text))
    assert len(stems(text)) == len(words(text))


@given(st.text() | st.from_regex(r'(статус|type|от|кому)?:?"?[а-я:"*()\' -]*', fullmatch=True))
def test_no_query_is_refused(text: str) -> None:
    query = parsed(text)
    assert query.void is (bool(text.strip()) and query == parsed("???"))


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("status:closed", "closed"),
        ("статус:процесс", "in_progress"),
        ('статус:"требуется информация"', "info_needed"),
        ("Статус:Оплаты", "payment"),
        ("status:info_needed", "info_needed"),
    ],
)
def test_a_status_is_named_by_key_or_in_russian(typed: str, key: str) -> None:
    query = parsed(typed)
    assert query.statuses == {key}
    assert not query.terms


def test_a_type_is_named_by_key_or_in_russian() -> None:
    assert parsed("тип:ошибка type:improvement").types == {"bug", "improvement"}


def test_what_is_no_field_is_words() -> None:
    assert parsed("статус:никакой").terms == (Term(("статус", "никак")),)
    assert parsed("время:10").terms == (Term(("врем", "10")),)


def test_quoted_words_stand_together_and_alone_words_may_be_beginnings() -> None:
    assert parsed("«не открывается» петр").terms == (
        Term((stems("не")[0], stems("открывается")[0])),
        Term(("петр",), "петр"),
    )


def test_keys_and_addresses_are_phrases() -> None:
    assert parsed("VD-1042 olga@roscha.example").terms == (
        Term(("vd", "1042")),
        Term((*stems("olga roscha example"),)),
    )


def test_nobody_is_an_assignee_too() -> None:
    assert parsed("кому:никому assignee:anna").assignees == {FREE, "anna"}
