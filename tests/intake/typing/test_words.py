"""How a mail's words are read: layout, translit, slips, places in the source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.typing.words import ENDS, LONGEST_TEXT, read, spelled


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ghbdtn", ("привет",)),
        ("yt hf,jnftn dbnhbyf", ("не", "работает", "витрина")),
        ("GHBDTN! Yt jnrhsdftncz", ("привет", "!", "не", "открывается")),
        ("pozhalujsta dobavte knopku", ("пожалуйста", "добавьте", "кнопку")),
        ("zakaz ne prishel", ("заказ", "не", "пришел")),
        ("nikto ne mozhet vojti u vseh", ("никто", "не", "может", "войти", "у", "всех")),
        ("nelzya sohranit telefon", ("нелзя", "сохранит", "телефон")),
        ("[jntkjcm ,s dct gj;fkeqcnf", ("хотелось", "бы", "все", "пожалуйста")),
        ("[error] no such file, see the log", ("error", "no", "such", "file", "see", "the", "log")),
        ("please add a new report", ("please", "add", "a", "new", "report")),
        ("push и webhook", ("push", "и", "webhook")),
        ("Ёлка ещё", ("елка", "еще")),
        ("не рабоатет", ("не", "работает")),
        ("загружаеться", ("загружается",)),
        ("что?! Где?", ("что", "?", "где", "?")),
        ("https://a.example/x?y=1 и a@b.example", ("<link>", "и", "<link>")),
        ("обмен с 1С, 152-ФЗ и 19л", ("обмен", "с", "1с", "152-фз", "и", "19л")),
        ("1C", ("1с",)),
        ("с 11:20 до 2026.10", ("с", "11:20", "до", "2026.10")),
        ("заказ 15402 на 1 900,50", ("заказ", "15402", "на", "1", "900,50")),
    ],
)
def test_words_are_read_as_they_were_meant(text: str, words: tuple[str, ...]) -> None:
    assert read("", text).words == words


@pytest.mark.parametrize("word", ["оплатам", "работника", "ошибкам", "житейский", "почта", "счёт"])
def test_a_rightly_spelled_word_is_left_alone(word: str) -> None:
    assert spelled(word) == word.replace("ё", "е")


def test_the_subject_is_told_from_the_text() -> None:
    reading = read("Не работает оплата", "Добрый день")
    assert reading.words[: reading.in_subject] == ("не", "работает", "оплата")


def test_what_lies_beyond_the_longest_text_is_not_read() -> None:
    assert "конец" not in read("", "слово " * LONGEST_TEXT + "конец").words


@given(st.text(), st.text())
def test_every_word_has_its_place_in_the_source(subject: str, text: str) -> None:
    reading = read(subject, text)
    assert len(reading.words) == len(reading.spans)
    assert all(0 <= first < last <= len(reading.source) for first, last in reading.spans)
    assert all(before[1] <= after[0] for before, after in zip(reading.spans, reading.spans[1:], strict=False))
    assert all(reading.shown(at, at) in subject + "\n\n" + text for at in range(len(reading.words)))
    assert not reading.words or reading.words[0] not in ENDS or len(reading.words) >= 1
