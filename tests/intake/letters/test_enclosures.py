"""Files leave under their names and are found again."""

from __future__ import annotations

import email
import email.policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.letters.composing import compose
from intake.letters.enclosures import LONGEST_NAME, Enclosure, enclosure_parts, file_name
from intake.mail.reading import attachment_bytes, read_message
from tests.intake.letters.test_composing import HEAD


@pytest.mark.parametrize("html", ["<p>x</p>", None])
@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_reader_finds_enclosures_by_their_part_numbers(html: str | None, count: int) -> None:
    enclosures = [Enclosure(f"файл {n}.txt", "text/plain", f"octets {n}\n".encode()) for n in range(count)]
    raw = compose(HEAD, "text", html, enclosures)
    parts = enclosure_parts(html is not None, count)
    assert [attachment_bytes(raw, part) for part in parts] == [one.data for one in enclosures]
    found = read_message(raw).attachments
    assert [(one.part, one.filename) for one in found] == [
        (part, one.filename) for part, one in zip(parts, enclosures, strict=True)
    ]


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=120), st.sampled_from(["<>", '"a"', "=?utf-8?B?eA==?=", "x''y%20z", '\\"'])))
def test_both_readers_see_the_file_name(name: str) -> None:
    raw = compose(HEAD, "", None, [Enclosure(name, "application/pdf", b"x")])
    part = list(email.message_from_bytes(raw, policy=email.policy.default).walk())[-1]
    assert part["Content-Disposition"].params["filename"] == file_name(name)  # get_filename unquotes twice
    assert read_message(raw).attachments[0].filename == file_name(name)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\договор.pdf", "договор.pdf"),
        ("a\r\nX: y.txt", "a X: y.txt"),
        ("", "attachment"),
        ("dir/", "attachment"),
        ("я" * 300 + ".pdf", "я" * (LONGEST_NAME - 4) + ".pdf"),
        ("x" * 300, "x" * LONGEST_NAME),
    ],
)
def test_a_file_name_is_only_a_name(name: str, kept: str) -> None:
    assert file_name(name) == kept


@pytest.mark.parametrize(
    "kind",
    ["message/rfc822", "multipart/mixed", "text/html\r\nX: y", "", "nonsense", "text/plain; name=x", "a/b c"],
)
def test_a_content_type_can_not_change_the_structure(kind: str) -> None:
    inner = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n"
    raw = compose(HEAD, "x", None, [Enclosure("mail.eml", kind, inner)])
    parts = list(email.message_from_bytes(raw, policy=email.policy.default).walk())
    assert len(parts) == 3
    assert parts[2].get_content_type() in {"application/octet-stream", "text/plain"}
    assert parts[2].get_payload(decode=True) == inner
    assert not parts[2]["X"]


def test_an_inline_file_has_its_id() -> None:
    enclosures = [
        Enclosure("a.png", "image/png", b"1", inline=True, content_id="<logo@desk>"),
        Enclosure("b.png", "image/png", b"2", inline=True, content_id="x>\r\nBcc: y"),
    ]
    raw = compose(HEAD, "x", "<img src=cid:logo@desk>", enclosures)
    first, second = list(email.message_from_bytes(raw, policy=email.policy.default).walk())[-2:]
    assert first["Content-ID"] == "<logo@desk>"
    assert first.get_content_disposition() == "inline"
    assert second["Content-ID"] is None
