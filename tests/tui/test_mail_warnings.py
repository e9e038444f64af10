"""What was odd about a mail is told in Russian."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from intake.forms import UNPROVEN
from intake.mail.reading import UNREADABLE, read_message
from tui.mail_warnings import warning_words

DATA = Path(__file__).resolve().parents[1]
ODD = {
    b"": "письмо пустое",
    b"\x7fELF\x00\x01\x02" * 50: "это не письмо, а двоичный файл",
    b"only words\n": "в письме нет заголовков",
    b"Content-Type: text/plain; charset=x-odd\n\n\xcf\xf0\xe8\xe2\xe5\xf2 \xe2\xf1\xe5\xec": "кодировка «x-odd»",
    b"Content-Type: text/plain\n\n\xcf\xf0\xe8\xe2\xe5\xf2 \xe2\xf1\xe5\xec": "кодировка не указана",
    b"Content-Transfer-Encoding: base64\n\n0J/RgNC40LLQtdG": "base64 обрывается",
    b"Content-Type: multipart/mixed; boundary=x\n\nwords": "письмо из частей, а частей нет",
}


def is_russian(words: str) -> bool:
    return re.search("[а-яё]{3}", words) is not None


@pytest.mark.parametrize(("raw", "words"), ODD.items(), ids=list(ODD.values()))
def test_an_odd_mail_is_told_in_russian(raw: bytes, words: str) -> None:
    assert [said for said in map(warning_words, read_message(raw).warnings) if words in said]


def test_every_warning_of_the_samples_is_told_in_russian() -> None:
    files = [path for folder in ("data", "fuzz/corpus") for path in (DATA / folder).rglob("*") if path.is_file()]
    mails = [path for path in files if path.suffix == ".eml" or "corpus" in path.parts]
    told = {warning for path in mails for warning in read_message(path.read_bytes()).warnings} | {UNPROVEN, UNREADABLE}
    assert len(told) >= 8
    assert [warning for warning in sorted(told) if not is_russian(warning_words(warning))] == []


def test_one_inside_another_is_told_too() -> None:
    assert warning_words("attachment: base64 is cut short") == "вложение: base64 обрывается"


def test_what_is_not_known_stays_as_it_is_and_harmless() -> None:
    assert warning_words("odd {0}\x1b[31m") == "odd {0}␛[31m"
