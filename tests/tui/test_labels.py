"""Names never stand without the address they came with, and files show what they are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.model import Delivery, Event, Source
from intake.regulation import shipped_regulation
from tui.labels import DELIVERIES, DELIVERY_MARKS, SOURCES, attachment_words, event_words, person, size_words

RULES = shipped_regulation()


@pytest.mark.parametrize(
    ("name", "address", "shown"),
    [
        ("Ольга Петрова", "olga@roscha.example", "Ольга Петрова <olga@roscha.example>"),
        ("", "olga@roscha.example", "olga@roscha.example"),
        ("olga@roscha.example", "olga@roscha.example", "olga@roscha.example"),
        ("Ольга", None, "Ольга (без адреса)"),
        ("", None, "без адреса"),
        ("boss@bank.example", "thief@evil.example", "boss@bank.example <thief@evil.example>"),
        ("A\u202eB", "a@b.example", "A⟨U+202E⟩B <a@b.example>"),
        ("Дом", "a@xn--7-gtbfs0aas.example", "Дом <a@xn--7-gtbfs0aas.example> (домен {}.example)"),
        ("Банк", "a@bаnk.example", "Банк <a@bаnk.example> (⚠ в домене буквы разных алфавитов)"),
        ("Рф", "a@почта.рф", "Рф <a@почта.рф>"),
        ("x", "a@xn--\u00ff.example", "x <a@xn--\u00ff.example>"),
    ],
)
def test_a_person_is_name_and_address(name: str, address: str | None, shown: str) -> None:
    decoded = b"7-gtbfs0aas".decode("punycode")
    assert person(name, address) == shown.replace("{}", decoded)


@given(st.text(max_size=400), st.text(max_size=400))
def test_no_name_or_address_breaks_the_line_or_grows_without_end(name: str, address: str) -> None:
    shown = person(name, address)
    assert "\n" not in shown
    assert "\x1b" not in shown
    assert len(shown) < 700


@pytest.mark.parametrize(
    ("filename", "shown"),
    [
        ("счёт.pdf", "[pdf] счёт.pdf"),
        ("invoice\u202efdp.exe", "[exe] invoice⟨U+202E⟩fdp.exe"),
        ("фото.jpg" + " " * 80 + ".scr", "[scr] фото.jpg"),
        ("", "[без расширения] без имени"),
        ("README", "[без расширения] README"),
    ],
)
def test_a_file_shows_its_real_ending_first(filename: str, shown: str) -> None:
    assert attachment_words(filename, "application/octet-stream", 10).startswith(shown)


def test_sizes_are_said_in_units() -> None:
    assert [size_words(size) for size in (0, 1023, 1024, 1536, 5 << 20)] == ["0 Б", "1023 Б", "1 КБ", "1,5 КБ", "5 МБ"]


def test_every_state_of_a_letter_and_every_source_has_words() -> None:
    assert set(DELIVERIES) == set(DELIVERY_MARKS) == set(Delivery)
    assert set(SOURCES) == set(Source)


@pytest.mark.parametrize(
    ("kind", "before", "after", "shown"),
    [
        ("status", "request", "in_progress", "статус: Запрос → Процесс"),
        ("assigned", None, "anna", "ответственный: — → Анна"),
        ("type", "bug", "improvement", "тип: Ошибка → Доработка"),
        ("topic", None, "legal", "тема второй линии: — → Правовые вопросы"),
        ("opened", None, "email", "обращение поступило: электронная почта"),
        ("replied", None, "17", "ответ клиенту"),
        ("letter_failed", "reply", "550 \x1b[2J", "письмо не доставлено: ответ, 550 ␛[2J"),
        ("something\x07new", "a", "b", "something␇new: a, b"),
        ("escalated", None, "legal", "отправлено во вторую линию: Правовые вопросы"),
        ("dept_wrote", "legal", "legal", "ответило смежное подразделение: Правовые вопросы"),
        ("breach", None, "reaction", "срок пропущен: реакция"),
        ("spam", None, None, "спам"),
        ("linked", None, "VD-7", "связано с: VD-7"),
    ],
)
def test_events_are_told_in_words(kind: str, before: str | None, after: str | None, shown: str) -> None:
    at = datetime(2026, 5, 12, tzinfo=UTC)
    assert event_words(RULES, Event(at, "anna", kind, before, after), {"anna": "Анна"}) == shown
