"""What the fuzzer feeds: each target takes any bytes and holds the reader to what it promises."""

from __future__ import annotations

from collections.abc import Callable


def headers(data: bytes) -> None:
    """Header decoding (RFC 2047, 2231): total, and never a line end, NUL or lone surrogate in a value."""
    from intake.mail.reading import read_header_only

    message = read_header_only(data)
    for name, value in message.headers:
        _plain(name)
        _plain(value)
    for one in (*message.sender, *message.to, *message.cc, *message.reply_to):
        _plain(one.name)
        _plain(one.address)


def mime(data: bytes) -> None:
    """The whole reading: never raises, and every attachment is found again."""
    from intake.mail.reading import attachment_bytes, read_message

    message = read_message(data)
    for attachment in message.attachments:
        assert len(attachment_bytes(data, attachment.part)) == attachment.size
    _storable(message.text)
    _storable(message.reply)


def html(data: bytes) -> None:
    """HTML to text: no markup runs away, nothing hangs."""
    from intake.mail.html_text import html_to_text

    _storable(html_to_text(data.decode("utf-8", "replace")))


def quotes(data: bytes) -> None:
    """Quote cutting: the new text is of the text's characters, in their order."""
    from intake.mail.quoting import new_text

    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    reply = new_text(text).reply
    rest = iter("".join(text.split()))
    assert all(char in rest for char in "".join(reply.split()))


def reports(data: bytes) -> None:
    """Delivery reports and screening: a verdict for everything."""
    from intake.mail.reading import read_message
    from intake.model import Envelope
    from intake.reading import own_addresses
    from intake.screening import screen
    from intake.settings import DeskSettings

    verdict = screen(read_message(data), own_addresses(DeskSettings()), Envelope("", ("support@localhost",)))
    assert verdict.rule


TARGETS: dict[str, Callable[[bytes], None]] = {
    "headers": headers,
    "mime": mime,
    "html": html,
    "quotes": quotes,
    "reports": reports,
}


def _plain(value: str) -> None:
    assert not {"\r", "\n", "\0"} & set(value), repr(value)
    _storable(value)


def _storable(value: str) -> None:
    value.encode("utf-8")
    assert "\0" not in value
