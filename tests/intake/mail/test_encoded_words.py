import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mail.encoded_words import decode_words


def words(text: str, charset: str = "utf-8", size: int = 30, how: str = "B") -> bytes:
    """``text`` cut into words of ``size`` octets, in the middle of characters too."""
    octets = text.encode(charset)
    pieces = (octets[start : start + size] for start in range(0, len(octets), size))
    return b"\r\n ".join(
        b"=?%s?%s?%s?=" % (charset.encode(), how.encode(), base64.b64encode(piece)) for piece in pieces
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"plain", "plain"),
        (b"=?utf-8?B?0J/RgNC40LLQtdGC?=", "Привет"),
        (b"=?UTF-8?b?0J/RgNC40LLQtdGC?=", "Привет"),
        (b"=?utf-8?q?=D0=9F=D1=80_x?=", "Пр x"),
        (b"=?utf-8?Q?a b c?=", "a b c"),
        (b"=?iso-8859-1?Q?Andr=E9?= Pirard", "André Pirard"),
        (b"a =?utf-8?q?b?= c", "a b c"),
        (b"=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
        (b"=?utf-8?q?a?==?utf-8?q?b?=", "ab"),
        (b"=?utf-8?q?a?=\r\n =?koi8-r?b?0NLJ18XU?=", "aпривет"),
        (b"=?utf-8?Q?=D0?= =?utf-8?Q?=9F?=", "П"),
        (b"=?utf-8?B?0J/RgNC40LLQtdGC=?=", "Привет"),
        (b"=?utf-8?B?0J/RgNC40LLQtdGC", "Привет"),
        (b"=?utf-8?B?0J/RgNC4?=\r\n =?utf-8?B?0LLQtdGC?=", "Привет"),
        (b"=?utf-8?B?0J/RgNC40L\r\n LQtdGC?=", "Привет"),
        (b"=?utf-8*ru?B?0J/RgNC40LLQtdGC?=", "Привет"),
        (b"=?utf-8?B?z/Do4uXy?=", "Привет"),
        (b"=?nope?B?z/Do4uXy?=", "Привет"),
        (b"=?us-ascii?Q?=CF=F0=E8=E2=E5=F2?=", "Привет"),
        (b"=?utf-8?Q?what?_is_it?=", "what? is it"),
        (b"Re: =?gb2312?B?1tDOxA==?=", "Re: 中文"),
        (b"=?iso-2022-jp?B?GyRCJDMkcyRLJEEbKEI=?=", "こんにち"),
        (b"=?x?y?z?= stays", "=?x?y?z?= stays"),
        (b"=?utf-8?q??= empty", "empty"),
        ("Привет".encode("cp1251"), "Привет"),
        ("Привет".encode() + b" =?utf-8?q?x?=", "Привет x"),
        (b"long line\r\n\tgoes on", "long line goes on"),
        (b"=?utf-8?Q?one=0D=0ABcc:_x@y?=", "one Bcc: x@y"),
        (b"nul\x00 here", "nul here"),
    ],
)
def test_header_text_is_decoded(value: bytes, text: str) -> None:
    assert decode_words(value) == text


@pytest.mark.parametrize("size", [3, 7, 29, 45])
@pytest.mark.parametrize("charset", ["utf-8", "koi8-r", "windows-1251", "gb18030"])
def test_words_cut_inside_a_character_are_joined_first(charset: str, size: int) -> None:
    text = "Не приходит чек жителю по заказу 15207, что делать"
    assert decode_words(words(text, charset, size)) == text


def test_the_charset_of_the_mail_helps_raw_headers() -> None:
    assert decode_words("Счет".encode("koi8-r"), "koi8-r") == "Счет"


@given(st.binary(max_size=200))
def test_decoded_headers_are_one_clean_line(value: bytes) -> None:
    text = decode_words(value)
    assert not set(text) & set("\r\n\0\x0b\x0c\x85\u2028\u2029")
    text.encode("utf-8")


@given(
    st.lists(
        st.sampled_from([b"=?utf-8?q?", b"?=", b"=?", b"b?", b" ", b"\r\n ", b"=D0", b"\xff", b"=", b"?"]), max_size=30
    )
)
def test_scraps_of_words_never_raise(scraps: list[bytes]) -> None:
    decode_words(b"".join(scraps)).encode("utf-8")
