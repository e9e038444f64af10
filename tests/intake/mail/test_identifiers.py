import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mail.identifiers import parse_identifiers, parse_message_id


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        (b"<a@b>", ("<a@b>",)),
        (b"<a@b> <c@d>", ("<a@b>", "<c@d>")),
        (b"<a@b><c@d>\r\n\t<e@f>", ("<a@b>", "<c@d>", "<e@f>")),
        (b"<a@b>, <a@b>", ("<a@b>",)),
        (b"<a\r\n @b>", ("<a@b>",)),
        (b"(comment) <a@b> (other)", ("<a@b>",)),
        (b'Message from "X" of Mon <a@b>', ("<a@b>",)),
        (b"a@b c@d", ("<a@b>", "<c@d>")),
        (b"no ids here", ()),
        (b"<", ()),
        (b"<>", ()),
        (b"", ()),
        (b"=?utf-8?Q?=3Ca=40b=3E?=\r\n =?utf-8?Q?_=3Cc=40d=3E?=", ("<a@b>", "<c@d>")),
        (b"=?utf-8?Q?<vd-1@x>=0D=0ABcc:_y@z?=", ()),
        ("<привет@x>".encode(), ("<привет@x>",)),
    ],
)
def test_ids_are_found_in_whatever_form(value: bytes, ids: tuple[str, ...]) -> None:
    assert parse_identifiers(value) == ids


@pytest.mark.parametrize(
    ("value", "id_"),
    [
        (b"<a@b>", "<a@b>"),
        (b" <a@b> ", "<a@b>"),
        (b"a@b", "<a@b>"),
        (b"20010803162810.0CA8AA7ACC", "<20010803162810.0CA8AA7ACC>"),
        (b"<a@b", "<a@b>"),
        (b"<", None),
        (b"", None),
    ],
)
def test_the_message_id_is_one(value: bytes, id_: str | None) -> None:
    assert parse_message_id(value) == id_


def test_some_hundreds_at_most() -> None:
    assert len(parse_identifiers(b"".join(b"<%d@b>" % number for number in range(5000)))) == 300


@given(st.binary(max_size=120))
def test_ids_are_clean(value: bytes) -> None:
    for found in (*parse_identifiers(value), parse_message_id(value) or "<x>"):
        found.encode("utf-8")
        assert not set(found) & set("\r\n\0\t ")
        assert found[0] == "<"
        assert found[-1] == ">"
