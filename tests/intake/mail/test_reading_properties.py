"""Whatever the bytes: a message comes out, and its values are clean."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.mail.message import Message
from intake.mail.reading import attachment_bytes, read_header_only, read_message

SAMPLES = [path.read_bytes() for path in sorted((Path(__file__).parents[2] / "data" / "eml").glob("*.eml"))]
SCRAPS = [
    *(
        b"\r\n",
        b"\n",
        b"\r",
        b"\r\n\r\n",
        b"\0",
        b"\xff",
        b"\x1b$B",
        b"\xed\xa0\x80",
        b"=ED=A0=80",
        b"&#xD800;",
        b"&#0;",
    ),
    *(
        b"=?utf-8?q?",
        b"=?koi8-r?b?",
        b"?=",
        b"=",
        b"--",
        b"<",
        b">",
        b'"',
        b"(",
        b")",
        b",",
        b";",
        b":",
        b"*0*=",
        b"''",
    ),
    *(
        b"boundary=",
        b"charset=utf-16",
        b"charset=utf-7",
        b"charset=iso-2022-jp",
        b"name=",
        b"From ",
        b"begin 644 x\n#0V%T\n`\nend\n",
    ),
    *(b"Content-Type: multipart/mixed\r\n", b"Content-Type: message/rfc822\r\n", b"Content-Type: text/html\r\n"),
    *(
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Type: application/ms-tnef\r\n\r\n\x78\x9f\x3e\x22",
        b"<!--",
        b"<div>",
    ),
]
ONE_LINE = set("\r\n\0")
relaxed = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(message: Message) -> None:
    people = (*message.sender, *message.to, *message.cc, *message.reply_to)
    lines = [
        *(message.subject, message.message_id or "", *message.references, *message.in_reply_to, *message.warnings),
        *(text for person in people for text in (person.name, person.address)),
        *(text for field in message.headers for text in field),
        *(text for file in message.attachments for text in (file.filename, file.content_type, file.content_id or "")),
    ]
    assert not any(set(line) & ONE_LINE for line in lines)
    texts = [message.text, message.reply, message.signature or "", message.html or ""]
    assert not any(set(text) & {"\0", "\r"} for text in texts)
    for text in (*lines, *texts):
        text.encode("utf-8")
    assert message.date is None or message.date.utcoffset() is not None
    assert not any(warning.startswith("could not be read") for warning in message.warnings)
    assert len(message.content_key) == 64


def check_files(raw: bytes, message: Message) -> None:
    assert [len(attachment_bytes(raw, file.part)) for file in message.attachments] == [
        file.size for file in message.attachments
    ]


@relaxed
@given(st.binary(max_size=400))
def test_any_bytes_give_a_clean_message(raw: bytes) -> None:
    check(read_message(raw))


@relaxed
@given(st.lists(st.sampled_from(SCRAPS) | st.binary(max_size=6), max_size=60))
def test_scraps_of_mail_give_a_clean_message(scraps: list[bytes]) -> None:
    raw = b"".join(scraps)
    message = read_message(raw)
    check(message)
    check_files(raw, message)


@relaxed
@given(
    st.sampled_from(SAMPLES),
    st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 40), st.sampled_from(SCRAPS) | st.binary(max_size=8)), max_size=8
    ),
)
def test_damaged_mails_give_a_clean_message(sample: bytes, damages: list[tuple[float, int, bytes]]) -> None:
    raw = sample[:20_000]
    for place, length, scrap in damages:
        start = int(place * len(raw))
        raw = raw[:start] + scrap + raw[start + length :]
    message = read_message(raw)
    check(message)
    check_files(raw, message)


@relaxed
@given(st.binary(max_size=300))
def test_the_header_alone_is_always_read(raw: bytes) -> None:
    message = read_header_only(raw)
    assert message.truncated
    assert not any(set(value) & ONE_LINE for _, value in message.headers)
