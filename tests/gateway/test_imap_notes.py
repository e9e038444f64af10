"""The note in place of a mail that can't be taken whole."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.imap_notes import not_given, too_large
from intake.mail.reading import read_message


def test_a_note_has_the_mails_header_and_says_where_the_mail_is() -> None:
    header = (
        b"Received: from a\r\n by b\r\nFrom: Olga <olga@roscha.example>\r\n"
        b"Subject: Scans\r\nMessage-ID: <1@x>\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n boundary=x\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n"
    )
    read = read_message(too_large(header, "imap.example/support/INBOX", 80 << 20, 50 << 20))
    assert (read.subject, read.message_id, read.sender[0].address) == ("Scans", "<1@x>", "olga@roscha.example")
    assert "80 МБ при пределе 50 МБ" in read.text
    assert "imap.example/support/INBOX" in read.text
    assert read.attachments == ()


@given(
    st.lists(st.sampled_from([b"From: a", b"\r", b"\n", b"\r\n", b" x", b":", b"\xff", b"Content-Type: a/b", b"\0"]))
)
def test_any_header_makes_a_readable_note(pieces: list[bytes]) -> None:
    read = read_message(not_given(b"".join(pieces), "place"))
    assert read.text.startswith("Почтовый сервер не отдал это письмо")


def test_a_header_that_was_cut_off_leaves_the_text_readable() -> None:
    for cut in (b"", b"From: a@b.c", b"From: a@b.c\r\n", b"From: a@b.c\r\nContent-Type: text/html", b"X: 1\r\n folded"):
        assert read_message(not_given(cut, "p")).text.startswith("Почтовый сервер"), cut
