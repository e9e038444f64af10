"""A letter says what was meant, whatever it was made of."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import UTC, datetime, timedelta, timezone
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.errors import Refused
from intake.letters.composing import LetterHead, compose
from intake.letters.enclosures import Enclosure
from intake.letters.headers import LONGEST_VALUE, single_line

WHEN = datetime(2026, 5, 8, 18, 30, tzinfo=timezone(timedelta(hours=3)))
HEAD = LetterHead(
    from_name="Служба поддержки «Витрина Домиленд»",
    from_address="support@desk.example",
    to=(("Иван Петров", "ivan@client.example"),),
    subject="[VD-1042] Не загружаются документы",
    message_id="<vd-1042.abc@desk.example>",
    date=WHEN,
)
NASTY = [
    "\r\nBcc: victim@x.org",
    "a\nSubject: other\n\nbody",
    "\x0b\x0cx\x85y\u2028z\u2029",
    "=?utf-8?B?QmNj?=",
    "x =?utf-8?q?=0d=0aBcc:_v@x.org?= y",
    '" <v@x.org>, "',
    "a@b.org, c@d.org;",
    "(comment) group: x;",
    "\ud800\udfff lone",
    "\0nul\x1b[2J",
    "слово" * 60,
    "я " * 90,
    "word " * 60,
    "x" * 300,
    "👩‍👩‍👧‍👦" * 12,
    "\u202egnp.exe",
    "",
    "   ",
    "\\",
    '"',
]
values = st.one_of(st.text(max_size=80), st.text(st.characters(), max_size=20), st.sampled_from(NASTY))
ids = st.one_of(values, st.from_regex(r"<[a-z0-9.]{1,30}@[a-z.]{1,20}>", fullmatch=True))


def parsed(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)


def raw_fields(raw: bytes) -> list[tuple[str, str]]:
    """Field names and unfolded, undecoded values."""
    message = email.message_from_bytes(raw)
    return [(name, re.sub(r"\r?\n(?=[ \t])", "", value)) for name, value in message.items()]


def decoded(value: str) -> str:
    return str(make_header(decode_header(value)))


def body_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return cast(bytes, part.get_payload(decode=True)).decode("utf-8").replace("\r\n", "\n")


def as_meant(text: str) -> str:
    clean = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in clean)


@settings(max_examples=400, deadline=None)
@given(values, values, values, ids, st.lists(ids, max_size=4), values)
def test_no_value_becomes_another_field_or_recipient(
    from_name: str, to_name: str, subject: str, answered: str, references: list[str], extra: str
) -> None:
    head = LetterHead(
        from_name=from_name,
        from_address="support@desk.example",
        to=((to_name, "ivan@client.example"), ("", "second@client.example")),
        subject=subject,
        message_id=HEAD.message_id,
        date=WHEN,
        reply_to="support+vd-1@desk.example",
        in_reply_to=answered,
        references=tuple(references),
        extra=(("X-Otklik-Ticket", "VD-1042"), ("X-Extra", extra)),
    )
    raw = compose(head, "text", "<p>html</p>")
    names = [name for name, _ in raw_fields(raw)]
    optional = [name for name in ("In-Reply-To", "References") if name in names]
    assert names == [
        *("From", "To", "Subject", "Date", "Message-ID", "Reply-To"),
        *optional,
        *("X-Otklik-Ticket", "X-Extra", "MIME-Version", "Content-Type"),
    ]
    message = parsed(raw)
    assert [a.addr_spec for a in message["From"].addresses] == ["support@desk.example"]
    assert [a.addr_spec for a in message["To"].addresses] == ["ivan@client.example", "second@client.example"]
    fields = dict(raw_fields(raw))
    assert decoded(fields["Subject"]) == single_line(subject)
    assert decoded(fields["X-Extra"]) == single_line(extra)
    assert set(fields.get("References", "").split()) <= set(references)
    assert fields.get("In-Reply-To", answered) == answered
    assert not message.defects


@settings(max_examples=300, deadline=None)
@given(values)
def test_a_display_name_arrives_whole(name: str) -> None:
    raw = compose(LetterHead(name, "a@b.org", (("", "c@d.org"),), "x", HEAD.message_id, WHEN), "x", None)
    shown = decoded(dict(raw_fields(raw))["From"]).removesuffix("a@b.org>").removesuffix("<").removesuffix(" ")
    meant = single_line(name)
    if not meant:
        assert dict(raw_fields(raw))["From"] == "a@b.org"
    elif shown.startswith('"') and meant.isascii():
        assert re.sub(r"\\(.)", r"\1", shown[1:-1]) == meant
    else:
        assert shown == meant


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.text(max_size=300), st.text(st.characters(), max_size=50), st.sampled_from(NASTY)),
    st.one_of(st.none(), st.text(max_size=300)),
    st.lists(st.tuples(values, st.binary(max_size=300)), max_size=3),
)
def test_bodies_and_files_arrive_as_they_were(text: str, html: str | None, files: list[tuple[str, bytes]]) -> None:
    enclosures = [Enclosure(name, "application/pdf", data) for name, data in files]
    raw = compose(HEAD, text, html, enclosures)
    message = parsed(raw)
    assert body_of(message, "plain") == as_meant(text)
    if html is not None:
        assert body_of(message, "html") == as_meant(html)
    found = [part.get_payload(decode=True) for part in message.walk() if part.get_content_type() == "application/pdf"]
    assert found == [data for _, data in files]


@settings(max_examples=200, deadline=None)
@given(values, values, st.text(max_size=400), st.lists(st.tuples(values, st.binary(max_size=99)), max_size=2))
def test_the_wire_sees_short_ascii_lines_only(
    name: str, subject: str, text: str, files: list[tuple[str, bytes]]
) -> None:
    head = LetterHead(name, "a@b.org", ((name, "c@d.org"),), subject, HEAD.message_id, WHEN)
    raw = compose(head, text, text, [Enclosure(file, "text/plain", data) for file, data in files])
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert raw.endswith(b"\r\n")
    header = raw.partition(b"\r\n\r\n")[0]
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    for word in re.findall(rb"=\?utf-8\?B\?[^?]*\?=", header):
        assert len(word) <= 75
        assert decode_header(word.decode("ascii"))[0][0].decode("utf-8")


def test_the_same_letter_is_the_same_bytes() -> None:
    files = [Enclosure("a.txt", "text/plain", b"x")]
    assert compose(HEAD, "a", "b", files) == compose(HEAD, "a", "b", files)


def test_a_boundary_is_in_no_body_and_tells_letters_apart() -> None:
    raw = compose(HEAD, "a", "b", [Enclosure("a", "text/plain", b"")])
    boundaries = re.findall(rb'boundary="([^"]+)"', raw)
    assert len(boundaries) == 2
    text = b"\r\n".join(b"--" + boundary for boundary in boundaries).decode("ascii")
    again = parsed(compose(HEAD, text, text, [Enclosure(text, "text/plain", text.encode())]))
    assert [part.get_content_type() for part in again.walk()] == [
        *("multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/plain")
    ]
    other = LetterHead("", "a@b.org", HEAD.to, "", "<other@desk.example>", WHEN)
    assert boundaries[0] not in compose(other, "a", "b", [Enclosure("a", "text/plain", b"")])


def test_a_letter_without_html_is_one_part() -> None:
    message = parsed(compose(HEAD, "Здравствуйте\n", None))
    assert message.get_content_type() == "text/plain"
    assert body_of(message, "plain") == "Здравствуйте\n"
    assert str(message["Date"]) == "Fri, 08 May 2026 18:30:00 +0300"


def test_of_many_references_the_first_and_the_last_stay() -> None:
    all_of_them = tuple(f"<{n}@x.org>" for n in range(50))
    head = LetterHead("", "a@b.org", HEAD.to, "", HEAD.message_id, WHEN, references=all_of_them)
    assert str(parsed(compose(head, "", None))["References"]).split() == ["<0@x.org>", *all_of_them[-20:]]


def test_a_value_has_an_end() -> None:
    assert len(single_line("я" * 5000)) == LONGEST_VALUE
    head = LetterHead("", "a@b.org", HEAD.to, "я" * 5000, HEAD.message_id, WHEN)
    assert len(compose(head, "", None)) < 8000


@pytest.mark.parametrize(
    "wrong",
    [
        {"from_address": "a@b\r\nBcc: c@d.org"},
        {"to": (("x", "a@b>, <c@d.org"),)},
        {"to": ()},
        {"reply_to": "a@b c"},
        {"message_id": "<a@b>\r\nBcc: x@y.org"},
        {"message_id": "no brackets"},
        {"extra": (("X-A\r\nBcc", "x"),)},
        {"extra": (("Bcc", "x@y.org"),)},
        {"extra": (("Content-Type", "text/html"),)},
        {"extra": (("", "x"),)},
    ],
    ids=str,
)
def test_what_can_not_be_written_is_refused(wrong: dict[str, object]) -> None:
    fields = {name: getattr(HEAD, name) for name in LetterHead.__slots__} | wrong
    with pytest.raises(Refused, match=r"^[\x20-\x7e]+$"):
        compose(LetterHead(**fields), "", None)


def test_a_date_without_a_zone_is_a_mistake() -> None:
    naive = datetime(2026, 5, 8, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(ValueError, match="aware"):
        compose(LetterHead("", "a@b.org", HEAD.to, "", HEAD.message_id, naive), "", None)
