"""Small mails that stop or burn readers built on the standard library, each in a worker with limits."""

from collections.abc import Iterator

import pytest

from gateway.reading import Limits, ReadingPool
from intake.mail.message import Message
from intake.mail.reading import UNREADABLE, read_header_only, read_message
from tests.intake.mail.mails import BASIC


def nested(depth: int) -> bytes:
    opened = b"".join(
        b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (i, i + 1) for i in range(depth)
    )
    return BASIC + b"Content-Type: multipart/mixed; boundary=b0\r\n\r\n" + opened + b"--b%d\r\n\r\nthe text\r\n" % depth


TRAPS = {
    "unknown charset": BASIC + b"Content-Type: text/plain; charset=nope\r\n\r\nthe text",
    "lone angle in Message-ID": b"Message-ID: <\r\n" + BASIC + b"\r\nthe text",
    "lone quote in From": b'From: "\r\n\r\nthe text',
    "line break in a word of From": b"From: =?utf-8?q?a=0D=0Ab?= <a@b.example>\r\n\r\nthe text",
    "32 KB of semicolons": b"Content-Type: text/plain" + b";" * 32768 + b"\r\n\r\nthe text",
    "50,000 parameters": b"Content-Type: text/plain"
    + b"".join(b"; p%d=v" % i for i in range(50_000))
    + b"\r\n\r\nthe text",
    "100,000 parts": BASIC
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nthe text\r\n"
    + b"--b\r\n\r\n" * 100_000,
    "100,000 fields": b"".join(b"X-%d: v\r\n" % i for i in range(70_000)) + b"\r\nthe text",
    "300 deep": nested(300),
    "1000 deep": nested(990),
    "1000 comments deep": b"To: " + b"(" * 1000 + b"\r\n\r\nthe text",
    "20,000 open tags": BASIC + b"Content-Type: text/html\r\n\r\nthe text " + b"<a " * 20_000,
    "40,000 open tags": BASIC + b"Content-Type: text/html\r\n\r\nthe text " + b"<a " * 40_000,
    "50,000 nested divs": BASIC + b"Content-Type: text/html\r\n\r\nthe text " + b"<div>" * 50_000,
    "formatting left open": BASIC
    + b"Content-Type: text/html\r\n\r\nthe text "
    + b"".join(b"<font color=%d>" % i for i in range(200))
    + b"<p>x" * 9000,
    "a codec that is no charset": BASIC
    + b"Content-Type: text/plain; charset=punycode\r\n\r\nthe text"
    + b"a" * 300_000,
}


@pytest.fixture(scope="module")
def pool() -> Iterator[ReadingPool[bytes, Message]]:
    with ReadingPool(
        read_message, read_header_only, processes=1, limits=Limits(cpu_seconds=2, memory_megabytes=512)
    ) as made:
        yield made


@pytest.mark.parametrize("trap", TRAPS)
def test_traps_are_read_within_limits(trap: str, pool: ReadingPool[bytes, Message]) -> None:
    message = pool.read(TRAPS[trap])
    assert UNREADABLE not in message.warnings
    assert message.text.startswith("the text")


def test_an_ambiguous_address_is_not_read_as_somebody_elses() -> None:
    message = read_message(b"From: alice@a)bob@b\r\n\r\nx")
    assert [sender.address for sender in message.sender] == [""]
