import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mail.reading import attachment_bytes, read_message
from intake.mail.rtf import decompress, rtf_to_text
from intake.mail.tnef import read_tnef
from tests.intake.mail.mails import file, multipart, part


def attribute(level: int, name: int, content: bytes) -> bytes:
    return struct.pack("<BHHI", level, name, 6, len(content)) + content + struct.pack("<H", sum(content) % 65536)


def properties(*entries: tuple[int, int, bytes]) -> bytes:
    """A MAPI block of (type, id, value); strings and binaries padded to four octets."""
    packed = b""
    for kind, key, value in entries:
        packed += struct.pack("<HH", kind, key)
        packed += value if kind == 3 else struct.pack("<II", 1, len(value)) + value + bytes(-len(value) % 4)
    return struct.pack("<I", len(entries)) + packed


def tnef(*attributes: bytes) -> bytes:
    return b"\x78\x9f\x3e\x22\x01\x00" + attribute(1, 0x9007, struct.pack("<II", 1251, 0)) + b"".join(attributes)


def attached(title: bytes, data: bytes, *entries: tuple[int, int, bytes]) -> bytes:
    parts = [attribute(2, 0x9002, bytes(14)), attribute(2, 0x8010, title), attribute(2, 0x800F, data)]
    return b"".join(parts) + (attribute(2, 0x9005, properties(*entries)) if entries else b"")


LONG_NAME = (31, 0x3707, "Протокол разногласий.docx\0".encode("utf-16-le"))
TWO_FILES = attached("Акт.txt\0".encode("cp1251"), b"one") + attached(b"PROTOK~1.DOC\0", b"two", LONG_NAME)


def test_files_and_their_long_names_are_unpacked() -> None:
    found = read_tnef(tnef(TWO_FILES))
    assert found is not None
    assert [(each.name, each.data) for each in found.files] == [
        ("Акт.txt", b"one"),
        ("Протокол разногласий.docx", b"two"),
    ]


@pytest.mark.parametrize(
    ("entries", "text", "html"),
    [
        ([(30, 0x1000, "Привет".encode("cp1251"))], "Привет", ""),
        ([(31, 0x1000, "Привет".encode("utf-16-le"))], "Привет", ""),
        ([(3, 0x3FDE, struct.pack("<I", 65001)), (258, 0x1013, "<p>Да</p>".encode())], "", "<p>Да</p>"),
    ],
)
def test_the_text_is_found_in_any_form(entries: list[tuple[int, int, bytes]], text: str, html: str) -> None:
    found = read_tnef(tnef(attribute(1, 0x9003, properties(*entries))))
    assert found is not None
    assert (found.text, found.html) == (text, html)


def test_the_mail_lists_winmail_and_what_is_in_it() -> None:
    raw = multipart("mixed", part(body="the text"), file("winmail.dat", tnef(TWO_FILES), "application/ms-tnef"))
    message = read_message(raw)
    assert [found.filename for found in message.attachments] == ["winmail.dat", "Акт.txt", "Протокол разногласий.docx"]
    assert [attachment_bytes(raw, found.part) for found in message.attachments[1:]] == [b"one", b"two"]
    assert message.text == "the text"


def test_the_text_of_winmail_serves_where_the_mail_has_none() -> None:
    body = attribute(1, 0x9003, properties((31, 0x1000, "Из TNEF".encode("utf-16-le"))))
    assert read_message(file("winmail.dat", tnef(body), "application/ms-tnef")).text == "Из TNEF"


def test_rtf_serves_where_there_is_nothing_else() -> None:
    rtf = rb"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0 A;}}\uc1 \'cf\'f0\'e8\'e2\'e5\'f2\par \u1084?\u1080?\u1088?{\*\no x}}"
    packed = struct.pack("<IIII", len(rtf) + 12, len(rtf), 0x414C454D, 0) + rtf
    body = attribute(1, 0x9003, properties((258, 0x1009, packed)))
    assert read_message(file("winmail.dat", tnef(body), "application/ms-tnef")).text == "Привет\nмир"


def test_compressed_rtf_is_unpacked() -> None:
    """The example of MS-OXRTFCP section 3.1.1."""
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert decompress(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


@given(st.binary(max_size=300))
def test_damaged_streams_never_raise(tail: bytes) -> None:
    read_tnef(b"\x78\x9f\x3e\x22\x01\x00" + tail)
    read_tnef(tnef(TWO_FILES)[: len(tail)] + tail)
    read_tnef(tnef(attribute(1, 0x9003, tail), attribute(2, 0x9002, b""), attribute(2, 0x9005, tail)))


@given(st.binary(max_size=200), st.integers(0, 2**32 - 1))
def test_damaged_rtf_never_raises(tail: bytes, size: int) -> None:
    rtf_to_text(struct.pack("<IIII", 0, size, 0x75465A4C, 0) + tail, "cp1251")
    rtf_to_text(struct.pack("<IIII", 0, size, 0x414C454D, 0) + b"{\\rtf1" + tail, "cp1251")
