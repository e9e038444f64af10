import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mail.parameters import split_value, text, token


@pytest.mark.parametrize(
    ("value", "main", "charset"),
    [
        (b'text/plain; charset="utf-8"', "text/plain", "utf-8"),
        (b"Text/HTML; Charset=UTF-8; format=flowed", "text/html", "UTF-8"),
        (b"text/plain charset=utf-8", "text/plain", "utf-8"),
        (b"text/plain;charset = utf-8 (comment)", "text/plain", "utf-8"),
        (b"text/plain; charset='utf-8'", "text/plain", "utf-8"),
        (b"text/plain;;; charset=utf-8;", "text/plain", "utf-8"),
        (b'text/plain; name="a;b" charset=utf-8', "text/plain", "utf-8"),
        (b"text/plain; charset*=us-ascii''utf-8", "text/plain", "utf-8"),
        (b"text/plain; charset=", "text/plain", ""),
        (b"", "", ""),
    ],
)
def test_values_and_words(value: bytes, main: str, charset: str) -> None:
    found, parameters = split_value(value)
    assert (found, token(parameters, "charset")) == (main, charset)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (b'attachment; filename="a b.txt"', "a b.txt"),
        (b"attachment; filename=a b.txt", "a b.txt"),
        (b"attachment; filename=a.txt; size=5", "a.txt"),
        (b"attachment; filename*=UTF-8''%D0%BE%D1%82%D1%87%D1%91%D1%82.pdf", "отчёт.pdf"),
        (b"attachment; filename*=koi8-r''%CF%D4.txt", "от.txt"),
        (b"attachment; filename*0*=UTF-8''%D0%BE%D1%82; filename*1*=%D1%87%D1%91%D1%82; filename*2=.pdf", "отчёт.pdf"),
        (b"attachment; filename*1=b.txt; filename*0=a-", "a-b.txt"),
        (b"attachment; filename*0*=UTF-8''%D0; filename*1*=%BE.pdf", "о.pdf"),
        (b'attachment; filename="=?UTF-8?B?0L7RgtGH0ZHRgi5wZGY=?="', "отчёт.pdf"),
        (b'attachment; filename="=?UTF-8?B?0L7RgtGH?=\r\n =?UTF-8?B?0ZHRgi5wZGY=?="', "отчёт.pdf"),
        (b"attachment; filename==?UTF-8?B?0L7RgtGH0ZHRgi5wZGY=?=", "отчёт.pdf"),
        (b'attachment; filename*0="=?UTF-8?B?0L7RgtGH?="; filename*1="=?UTF-8?B?0ZHRgi5wZGY=?="', "отчёт.pdf"),
        (b"attachment; filename=\"x.txt\"; filename*=UTF-8''%D1%85.txt", "х.txt"),
        ('attachment; filename="Реестр.csv"'.encode("cp1251"), "Реестр.csv"),
        ('attachment; filename="Реестр.csv"'.encode(), "Реестр.csv"),
        ("attachment; filename=Отчёт за май.csv".encode(), "Отчёт за май.csv"),
        (b'attachment; filename="..\\\\..\\\\boot.ini"', "..\\..\\boot.ini"),
        (b'attachment; filename="say \\"hi\\".txt"', 'say "hi".txt'),
        (b'attachment; filename="a.txt', "a.txt"),
        (b'attachment; filename="a\r\n b.txt"', "a b.txt"),
        (b"attachment; filename*=UTF-8''a%0D%0Ab.txt", "a b.txt"),
        (b"attachment; filename*=a%20b.txt", "a b.txt"),
        (b"attachment; FileName=A.TXT", "A.TXT"),
        (b"filename=a.txt", "a.txt"),
        (b'; filename="a.txt"', "a.txt"),
        (b"attachment", ""),
    ],
)
def test_file_names_as_programs_write_them(value: bytes, name: str) -> None:
    assert text(split_value(value)[1], "filename") == name


@pytest.mark.parametrize("name", ["х", "Р", "à", "Отчёт Р", "Р.txt"])
@pytest.mark.parametrize(
    "form", ['attachment; filename="{}"', "attachment; filename={}", "attachment; filename={} ; size=1"]
)
def test_no_octet_of_a_raw_name_is_taken_for_a_blank(name: str, form: str) -> None:
    assert text(split_value(form.format(name).encode())[1], "filename") == name


@given(st.text("fname*=\"';\\ 01%?utf-8", max_size=80))
def test_any_scrap_is_read_without_line_breaks(scrap: str) -> None:
    _, parameters = split_value(b"attachment; " + scrap.encode())
    assert not set(text(parameters, "name") + token(parameters, "f")) & set("\r\n\0")
