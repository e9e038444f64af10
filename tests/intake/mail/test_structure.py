import pytest

from intake.mail.structure import take_apart
from tests.intake.mail.mails import BASIC, mail, multipart, part

PLAIN = part("Content-Type: text/plain")


def types(raw: bytes) -> list[str]:
    return [found.content_type for found in take_apart(raw).parts]


def bodies(raw: bytes) -> list[bytes]:
    return [raw[found.start : found.end] for found in take_apart(raw).parts if not found.is_container]


def test_parts_are_counted_depth_first() -> None:
    raw = multipart("mixed", multipart("alternative", PLAIN, part("Content-Type: text/html"), boundary="in"), PLAIN)
    assert types(raw) == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/plain"]


def test_the_break_before_a_delimiter_belongs_to_it() -> None:
    assert bodies(multipart("mixed", part(body="one"), part(body="two\r\n"))) == [b"one", b"two\r\n"]


def test_line_feeds_alone_do_as_well() -> None:
    assert bodies(multipart("mixed", PLAIN, PLAIN).replace(b"\r\n", b"\n")) == [b"text", b"text"]


def test_an_unclosed_multipart_runs_to_the_end() -> None:
    assert bodies(multipart("mixed", part(body="one"), part(body="two")).removesuffix(b"\r\n--=_b--\r\n")) == [
        b"one",
        b"two",
    ]


def test_an_unclosed_inner_multipart_ends_with_its_parent() -> None:
    inner = multipart("alternative", PLAIN, boundary="in").removesuffix(b"--in--\r\n")
    raw = multipart("mixed", inner, part(body="after"))
    assert types(raw) == ["multipart/mixed", "multipart/alternative", "text/plain", "text/plain"]
    assert bodies(raw)[1] == b"after"


def test_a_boundary_that_begins_like_another_is_not_the_other() -> None:
    raw = multipart("mixed", multipart("alternative", PLAIN, boundary="b1"), PLAIN, boundary="b")
    assert types(raw) == ["multipart/mixed", "multipart/alternative", "text/plain", "text/plain"]


@pytest.mark.parametrize("wrong", ["Content-Type: multipart/mixed", 'Content-Type: multipart/mixed; boundary="other"'])
def test_a_missing_or_wrong_boundary_is_found_in_the_body(wrong: str) -> None:
    raw = multipart("mixed", PLAIN, part("Content-Type: text/html")).split(b"\r\n\r\n", 1)[1]
    structure = take_apart(mail(wrong, body=raw))
    assert [found.content_type for found in structure.parts] == ["multipart/mixed", "text/plain", "text/html"]
    assert structure.warnings


def test_a_multipart_without_parts_is_text() -> None:
    assert types(mail("Content-Type: multipart/mixed; boundary=x", body="only words")) == ["text/plain"]


def test_parts_are_found_when_the_header_that_announces_them_is_lost() -> None:
    raw = multipart("mixed", PLAIN, PLAIN).split(b"\r\n\r\n", 1)[1]
    assert types(BASIC + b"\r\n" + raw) == ["multipart/mixed", "text/plain", "text/plain"]


def test_an_embedded_mail_is_one_part() -> None:
    raw = multipart(
        "mixed", PLAIN, part("Content-Type: message/rfc822", body=multipart("mixed", PLAIN, boundary="other"))
    )
    assert types(raw) == ["multipart/mixed", "text/plain", "message/rfc822"]


def test_a_part_may_have_no_header_at_all() -> None:
    assert bodies(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n--b--\n") == [b"one", b""]


def test_lines_in_the_header_wrapped_without_indent_go_on() -> None:
    structure = take_apart(b"Subject: a long subject\nthat goes on\nFrom: a@b.example\nX-Other: y\n\nbody")
    assert structure.parts[0].field("from") == b"a@b.example"
    assert structure.parts[0].field("subject").split() == b"a long subject that goes on".split()


def test_a_field_that_ends_in_a_separator_goes_on_in_the_next_line() -> None:
    raw = b'From : a@b.example\nContent-Type: multipart/mixed;\nboundary="b"\n\n--b\n\none\n--b--\n'
    structure = take_apart(raw)
    assert [found.content_type for found in structure.parts] == ["multipart/mixed", "text/plain"]
    assert structure.parts[0].field("from") == b"a@b.example"


def test_text_right_after_the_header_is_the_body() -> None:
    raw = b"Subject: x\nFrom: a@b.example\nHello there, no blank line.\nBye\n"
    assert bodies(raw) == [b"Hello there, no blank line.\nBye\n"]


def test_more_than_a_thousand_parts_are_cut_and_said() -> None:
    structure = take_apart(multipart("mixed", *[PLAIN] * 1500))
    assert len(structure.parts) == 1000
    assert structure.truncated
    assert any("parts" in warning for warning in structure.warnings)


def test_depth_is_told_and_does_no_harm() -> None:
    raw = PLAIN
    for level in range(200):
        raw = multipart("mixed", raw, boundary=f"b{level}")
    structure = take_apart(raw)
    assert structure.parts[-1].depth == 200
    assert any("deeper" in warning for warning in structure.warnings)


def test_a_header_over_the_limit_is_cut_but_keeps_what_matters() -> None:
    raw = b"".join(b"X-%d: %s\r\n" % (number, b"v" * 50) for number in range(5000)) + b"Subject: kept\r\n\r\nbody"
    structure = take_apart(raw)
    assert len(structure.parts[0].fields) <= 1001
    assert structure.parts[0].field("subject") == b"kept"
    assert bodies(raw) == [b"body"]


@pytest.mark.parametrize(
    ("label", "type_"),
    [
        ("text/plain", "text/plain"),
        ("TEXT/Html; charset=utf-8", "text/html"),
        ("text", "text/plain"),
        ("html", "text/html"),
        ("application", "application/octet-stream"),
        ("???", "application/octet-stream"),
        ("", "text/plain"),
    ],
)
def test_labels_of_types(label: str, type_: str) -> None:
    assert types(mail(f"Content-Type: {label}"))[0] == type_
