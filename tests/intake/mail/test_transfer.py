import base64
import binascii
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mail.transfer import (
    decode_base64,
    decode_quoted_printable,
    decode_transfer,
    encoding_meant,
    text_after_base64,
)
from intake.mail.uuencode import find_files, without_files

UU = b"begin 644 cat.txt\n#0V%T\n`\nend\n"


@given(st.binary(max_size=500))
def test_sound_base64_comes_back(data: bytes) -> None:
    assert decode_base64(base64.encodebytes(data)) == (data, "")


@given(
    st.binary(min_size=1, max_size=300),
    st.integers(0, 400),
    st.sampled_from([b"*", b"!", b" ", b"\r\n", b"\xff", b"-"]),
)
def test_stray_characters_in_base64_are_skipped(data: bytes, place: int, stray: bytes) -> None:
    text = base64.b64encode(data)
    assert decode_base64(text[:place] + stray + text[place:])[0] == data


@pytest.mark.parametrize("cut", [1, 2, 3, 4, 5])
def test_cut_base64_is_read_as_far_as_it_goes(cut: int) -> None:
    data = bytes(range(200))
    decoded, _ = decode_base64(base64.b64encode(data)[:-cut])
    assert data.startswith(decoded)
    assert len(decoded) >= len(data) - 5


def test_streams_joined_end_to_end_are_all_read() -> None:
    assert decode_base64(base64.b64encode(b"one!") + b"\r\n" + base64.b64encode(b"two"))[0] == b"one!two"


def test_text_behind_base64_is_no_data_and_is_not_lost() -> None:
    data = (
        base64.encodebytes(b"hello " * 30)
        + b"_______________________________________________\nlist mailing list\nhttp://x.example\n"
    )
    decoded, warning = decode_base64(data)
    assert decoded == b"hello " * 30
    assert warning
    assert b"mailing list" in text_after_base64(data)


@given(st.binary(max_size=400))
def test_quoted_printable_comes_back(data: bytes) -> None:
    text = data.replace(b"\r", b"").replace(b"\0", b"")
    assert decode_quoted_printable(quopri.encodestring(text)) == text


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        (b"a=\r\nb", b"ab"),
        (b"a= \t\r\nb", b"ab"),
        (b"a=\nb", b"ab"),
        (b"=d0=9f", b"\xd0\x9f"),
        (b"50=% off", b"50=% off"),
        (b"x=ZZy", b"x=ZZy"),
        (b"end=", b"end"),
        (b"a=\rb\r\nc", b"ab\r\nc"),
    ],
)
def test_damaged_quoted_printable(text: bytes, decoded: bytes) -> None:
    assert decode_quoted_printable(text) == decoded


@pytest.mark.parametrize(
    ("label", "encoding"),
    [
        ("Base64", "base64"),
        ('"base64"', "base64"),
        ("base64;", "base64"),
        ("quoted printable", "quoted-printable"),
        ("Quoted-Printable (really)", "quoted-printable"),
        ("7-bit", "7bit"),
        ("8 bit", "8bit"),
        ("x-uuencode", "x-uuencode"),
        ("", ""),
    ],
)
def test_encodings_are_known_however_spelled(label: str, encoding: str) -> None:
    assert encoding_meant(label) == encoding


def test_a_uuencoded_file_is_found_and_cut_out() -> None:
    text = b"See the file.\n" + UU + b"Bye\n"
    (found,) = find_files(text)
    assert (found.name, found.data) == (b"cat.txt", b"Cat")
    assert without_files(text, [found]) == b"See the file.\nBye\n"


@pytest.mark.parametrize(
    "text", [b"begin 644 plan\nwe all agree\nend\n", b"begin 644 x\n", b"begin 644 x\nend\n", b"begin with me\nend"]
)
def test_prose_that_begins_is_no_file(text: bytes) -> None:
    assert find_files(text) == []


def test_a_uuencoded_line_may_end_in_bits_of_no_meaning() -> None:
    whole = binascii.b2a_uu(b"Cat and dog, cat and dog!!").rstrip(b"\n")
    (found,) = find_files(b"begin 644 cat.txt\n" + whole[:-1] + b"K\n`\nend\n")
    assert found.data[:-1] == b"Cat and dog, cat and dog!!"[: len(found.data) - 1]


@pytest.mark.parametrize(
    "text",
    ["Заказ 17 не пришёл, чек тоже.\nЧто делать?\n".encode(), b"Order 17 is late.\nPlease look into it\n"],
)
def test_text_labelled_base64_that_is_none_is_left_as_it_is(text: bytes) -> None:
    assert decode_transfer(text, "base64") == (text, "not base64 as labelled")
