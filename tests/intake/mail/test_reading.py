import base64

import pytest

from intake.mail.message import Address
from intake.mail.reading import attachment_bytes, read_header_only, read_message
from tests.intake.mail.mails import BASIC, encoded, file, mail, multipart, part

PNG = b"\x89PNG\r\n\x1a\nnot really"
HTML = part("Content-Type: text/html; charset=utf-8", body="<p>Привет из HTML</p>")
PLAIN = part("Content-Type: text/plain; charset=utf-8", body="Привет из текста")


def text(raw: bytes) -> str:
    return read_message(raw).text


def files(raw: bytes) -> list[str]:
    return [found.filename for found in read_message(raw).attachments]


def picture(*fields: str, kind: str = "image/png") -> bytes:
    return part(f"Content-Type: {kind}", "Content-Transfer-Encoding: base64", *fields, body=encoded(PNG))


def test_alternatives_give_the_plain_text_and_keep_the_html() -> None:
    message = read_message(multipart("alternative", PLAIN, HTML))
    assert message.text == "Привет из текста"
    assert message.html == "<p>Привет из HTML</p>"


@pytest.mark.parametrize(
    "stub",
    ["", " \r\n", "Your mail client does not support HTML messages.", "Ваш почтовый клиент не поддерживает HTML."],
)
def test_an_empty_or_stub_alternative_gives_way_to_the_html(stub: str) -> None:
    rich = part("Content-Type: text/html; charset=utf-8", body=f"<p>Привет из HTML</p>{'<br>' * 200}")
    raw = multipart("alternative", part("Content-Type: text/plain; charset=utf-8", body=stub), rich)
    assert text(raw) == "Привет из HTML"


def test_a_calendar_alternative_is_neither_text_nor_file() -> None:
    calendar = part("Content-Type: text/calendar; method=REQUEST", body="BEGIN:VCALENDAR")
    message = read_message(multipart("alternative", PLAIN, HTML, calendar))
    assert (message.text, message.attachments) == ("Привет из текста", ())


def test_text_parts_keep_their_order_with_one_newline_between() -> None:
    raw = multipart(
        "mixed", part(body="one\r\n"), picture("Content-Disposition: inline"), part(body="\r\ntwo"), part(body="three")
    )
    assert text(raw) == "one\n\ntwo\nthree"


def test_html_behind_plain_text_is_read_too() -> None:
    assert text(multipart("mixed", PLAIN, HTML)) == "Привет из текста\nПривет из HTML"


def test_html_that_repeats_the_plain_text_is_not_read_twice() -> None:
    again = part("Content-Type: text/html; charset=utf-8", body="<div>Привет <b>из</b> текста</div>")
    message = read_message(multipart("mixed", PLAIN, again))
    assert message.text == "Привет из текста"
    assert message.html is not None


def test_html_only_mail_is_rendered() -> None:
    message = read_message(
        mail("Content-Type: text/html; charset=koi8-r", body="<p>Да</p><p>нет</p>", charset="koi8-r")
    )
    assert message.text == "Да\n\nнет"


def test_html_without_a_label_says_its_charset_itself() -> None:
    body = (
        '<html><head><meta http-equiv=Content-Type content="text/html; charset=koi8-r"></head><body>№ Ж</body></html>'
    )
    assert text(mail("Content-Type: text/html", body=body.encode("koi8-r", "ignore"))) == "Ж"


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("utf-8", "base64"),
        ("koi8-r", "quoted-printable"),
        ("windows-1251", "8bit"),
        ("iso-8859-5", "base64"),
        ("utf-16", "base64"),
    ],
)
def test_bodies_in_every_charset_and_encoding(charset: str, encoding: str) -> None:
    import quopri

    octets = "Не работает выгрузка".encode(charset)
    body = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}.get(encoding, bytes)(octets)
    raw = mail(f"Content-Type: text/plain; charset={charset}", f"Content-Transfer-Encoding: {encoding}", body=body)
    assert text(raw) == "Не работает выгрузка"


def test_a_broken_encoding_keeps_what_can_be_read_and_says_so() -> None:
    raw = mail("Content-Transfer-Encoding: base64", body="0J/RgNC4*0LLQtdGC")
    message = read_message(raw)
    assert message.text == "Привет"
    assert message.warnings


def test_text_labelled_base64_that_is_none_is_kept() -> None:
    raw = mail("Content-Transfer-Encoding: base64", body="This is no base64 at all, it is plain text!\r\nReally so.")
    assert "plain text" in text(raw)


def test_text_labelled_base64_that_is_none_stands_there_once() -> None:
    body = "Добрый день! Отчёт за сентябрь пустой, проверьте выгрузку, пожалуйста."
    raw = mail("Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64", body=body)
    assert text(raw) == body


def test_the_footer_of_a_list_behind_base64_is_kept() -> None:
    body = (
        encoded("Здравствуйте, не работает вход".encode())
        + "\r\n_______________________________________\r\nlist mailing list - to leave: x@y\r\n"
    )
    found = text(mail("Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64", body=body))
    assert found.startswith("Здравствуйте, не работает вход")
    assert "mailing list" in found


def test_flowed_text_is_joined() -> None:
    assert text(mail("Content-Type: text/plain; format=flowed; delsp=yes", body="one \r\ntwo")) == "onetwo"


def test_every_line_end_becomes_a_line_feed_and_nuls_go() -> None:
    assert text(mail(body=b"a\r\nb\rc\nd\x00e")) == "a\nb\nc\nde"


def test_attachments_have_name_type_and_size_and_are_found_again() -> None:
    raw = multipart("mixed", PLAIN, file("a.pdf", b"%PDF-1", "application/pdf"), file("b.bin", bytes(range(256))))
    message = read_message(raw)
    assert [(found.filename, found.content_type, found.size, found.inline) for found in message.attachments] == [
        ("a.pdf", "application/pdf", 6, False),
        ("b.bin", "application/octet-stream", 256, False),
    ]
    assert [attachment_bytes(raw, found.part) for found in message.attachments] == [b"%PDF-1", bytes(range(256))]


@pytest.mark.parametrize("number", [0, 7, -1, 10_002, 10_000_000])
def test_a_number_of_no_attachment_is_an_error(number: int) -> None:
    with pytest.raises(LookupError):
        attachment_bytes(multipart("mixed", multipart("mixed", boundary="in"), file("a", b"x")), number)


def test_a_mail_that_is_nothing_but_an_attachment() -> None:
    raw = BASIC + file("scan.pdf", b"%PDF", "application/pdf")
    message = read_message(raw)
    assert (message.text, files(raw)) == ("", ["scan.pdf"])
    assert attachment_bytes(raw, message.attachments[0].part) == b"%PDF"


def test_parts_without_a_name_get_one() -> None:
    embedded = part("Content-Type: message/rfc822", body="Subject: inner\r\n\r\ninner text")
    unnamed = part("Content-Type: application/pdf", "Content-Transfer-Encoding: base64", body=encoded(b"%PDF"))
    raw = multipart(
        "mixed", PLAIN, picture(), embedded, unnamed, part("Content-Type: text/calendar", body="BEGIN:VCALENDAR")
    )
    assert files(raw) == ["image-2.png", "message.eml", "part-4.pdf", "invite.ics"]


def test_a_place_or_description_that_is_a_file_name_names_a_part() -> None:
    located = picture("Content-Location: https://x.example/images/logo.png")
    described = picture("Content-Description: chart.png")
    assert files(multipart("mixed", PLAIN, located, described)) == ["logo.png", "chart.png"]


def test_an_embedded_mail_is_one_attachment_and_its_parts_are_not() -> None:
    inner = multipart("mixed", PLAIN, file("inner.pdf", b"x"), boundary="inner")
    raw = multipart("mixed", PLAIN, part("Content-Type: message/rfc822; name=fwd.eml", body=inner))
    message = read_message(raw)
    assert [(found.filename, found.size) for found in message.attachments] == [("fwd.eml", len(inner))]
    assert message.text == "Привет из текста"


def test_pictures_shown_in_the_text_are_inline() -> None:
    html = part("Content-Type: text/html", body='<p>see <img src="cid:pic@x"></p>')
    raw = multipart(
        "related",
        html,
        picture("Content-ID: <pic@x>", 'Content-Disposition: attachment; filename="a.png"'),
        picture("Content-ID: <other@x>", 'Content-Disposition: attachment; filename="b.png"'),
        picture('Content-Disposition: inline; filename="c.png"'),
    )
    found = read_message(raw).attachments
    assert [(each.filename, each.inline, each.content_id) for each in found] == [
        ("a.png", True, "pic@x"),
        ("b.png", False, "other@x"),
        ("c.png", True, None),
    ]


@pytest.mark.parametrize(
    ("fields", "is_text"),
    [
        (["Content-Type: text/plain"], True),
        (["Content-Type: text/plain; name=body.txt"], True),
        (["Content-Type: text/plain", "Content-Disposition: inline"], True),
        (["Content-Type: text/plain", "Content-Disposition: attachment; filename=log.txt"], False),
        (["Content-Type: text/csv"], False),
        (["Content-Type: text/x-unknown"], True),
    ],
)
def test_what_is_text_and_what_a_file(fields: list[str], is_text: bool) -> None:
    raw = mail(*fields, body="words")
    assert (text(raw) == "words", bool(files(raw))) == (is_text, not is_text)


def test_a_named_text_part_beside_the_text_is_a_file() -> None:
    log = part("Content-Type: text/plain; name=run.log", "Content-Disposition: inline; filename=run.log", body="ERROR")
    raw = multipart("mixed", PLAIN, log)
    assert (text(raw), files(raw)) == ("Привет из текста", ["run.log"])


def test_parts_of_reports_and_signatures_are_no_files() -> None:
    status = part("Content-Type: message/delivery-status", body="Action: failed")
    returned = part("Content-Type: message/rfc822", body="Message-ID: <1@x>\r\n\r\n")
    signature = part("Content-Type: application/pgp-signature", body="-----BEGIN")
    assert files(multipart("report", PLAIN, status, returned)) == []
    assert files(multipart("signed", PLAIN, signature)) == []


def test_a_uuencoded_file_is_an_attachment_and_not_text() -> None:
    raw = BASIC + b"\r\nSee:\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\nBye"
    message = read_message(raw)
    assert message.text == "See:\nBye"
    assert [(found.filename, found.content_type, found.size) for found in message.attachments] == [
        ("cat.txt", "text/plain", 3)
    ]
    assert attachment_bytes(raw, message.attachments[0].part) == b"Cat"


@pytest.mark.parametrize("charset", ["koi8-r", "windows-1251", "utf-8"])
def test_raw_headers_are_read_in_the_charset_of_the_body(charset: str) -> None:
    raw = mail(
        "From: Анна Петрова <anna@firm.example>",
        "Subject: Счета",
        f"Content-Type: text/plain; charset={charset}",
        body="Добрый день",
        charset=charset,
    )
    message = read_message(raw)
    assert (message.sender, message.subject) == ((Address("Анна Петрова", "anna@firm.example"),), "Счета")


@pytest.mark.parametrize(
    "before",
    [b"From anna@firm.example Mon Nov  2 10:11:22 2026\r\n", b">From x\n", b"\r\n\r\n", b"\xef\xbb\xbf", b"\n \n"],
)
def test_what_stands_before_the_header_is_passed_over(before: bytes) -> None:
    message = read_message(before + BASIC + b"\r\nbody")
    assert (message.subject, message.text) == ("test", "body")


@pytest.mark.parametrize("change", [(b"\r\n", b"\n"), (b"\r\n", b"\r"), (b"\r\n", b"\r\r\n")])
def test_all_line_ends_do(change: tuple[bytes, bytes]) -> None:
    message = read_message((BASIC + b"\r\nline\r\nline").replace(*change))
    assert (message.subject, message.text) == ("test", "line\nline")


def test_a_mail_saved_as_utf16_is_read() -> None:
    message = read_message((BASIC + b"\r\nbody").decode().encode("utf-16"))
    assert (message.subject, message.text) == ("test", "body")


def test_a_field_with_a_blank_before_its_colon_is_no_mbox_line() -> None:
    assert read_message(b"From : a@b.example\r\nSubject : x\r\n\r\ny").sender == (Address("", "a@b.example"),)


@pytest.mark.parametrize("fold", ["\n\t", "\r\n ", " \r\n\t"])
def test_a_field_folded_before_its_colon_has_no_line_end_in_its_name(fold: str) -> None:
    message = read_message(f"From: a@b.example\r\nX-Odd{fold}: value\r\n\r\nwords".encode())
    assert ("x-odd", "value") in message.headers


def test_several_from_fields_and_senders_are_all_kept() -> None:
    raw = mail("From: a@b.example, C <c@d.example>", "From: e@f.example", body="")
    assert [sender.address for sender in read_message(raw).sender] == ["a@b.example", "c@d.example", "e@f.example"]


@pytest.mark.parametrize("raw", [b"", b"\r\n", b"\0", b" ", b":", b"\r\n\r\n\r\n", b"--", b"From "])
def test_next_to_nothing_is_still_a_message(raw: bytes) -> None:
    message = read_message(raw)
    assert message.sender == ()
    assert not message.text.strip("-: From")


def test_a_mail_without_header_is_text() -> None:
    assert text("Просто текст\nбез заголовков".encode()) == "Просто текст\nбез заголовков"


def test_text_over_the_limit_is_cut_and_said() -> None:
    message = read_message(BASIC + b"\r\n" + b"line of text\r\n" * 300_000)
    assert len(message.text) == 2_000_000
    assert message.truncated
    assert any("cut" in warning for warning in message.warnings)


def test_the_header_alone_is_read_when_reading_was_stopped() -> None:
    message = read_header_only(BASIC + b"\r\n" + b"x" * 1000)
    assert (message.subject, message.sender[0].address, message.text) == ("test", "anna@firm.example", "")
    assert message.truncated
    assert message.warnings == ("could not be read within limits",)


def test_a_delivery_report_is_read_from_its_parts() -> None:
    status = part(
        "Content-Type: message/delivery-status",
        body="Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1",
    )
    returned = part("Content-Type: text/rfc822-headers", body="Message-ID: <1@vitrina.example>")
    message = read_message(multipart("report", PLAIN, status, returned, fields=("From: MAILER-DAEMON@x.example",)))
    assert message.report is not None
    assert message.report.original_ids == ("<1@vitrina.example>",)


@pytest.mark.parametrize(
    ("field", "content"),
    [
        ("Content-Type: text/calendar; method=REPLY", "BEGIN:VCALENDAR\r\n"),
        ("Content-Type: text/calendar; charset=utf-8", "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n"),
    ],
)
def test_a_calendar_keeps_its_method(field: str, content: str) -> None:
    message = read_message(multipart("mixed", PLAIN, part(field, body=content)))
    assert message.content_types[2] == "text/calendar; method=reply"


def test_a_named_text_among_files_is_text_and_file() -> None:
    named = part('Content-Type: text/plain; name="note.txt"', "Content-Disposition: inline", body="Note")
    raw = multipart("mixed", named, file("a.pdf", b"%PDF"))
    assert (text(raw), files(raw)) == ("Note", ["note.txt", "a.pdf"])


def test_a_named_alternative_is_text_only() -> None:
    plain = part('Content-Type: text/plain; charset=utf-8; name="m.txt"', body="Привет из текста")
    assert files(multipart("alternative", plain, HTML)) == []


def test_a_binary_file_that_is_no_mail_is_an_attachment() -> None:
    raw = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 8
    message = read_message(raw)
    assert (message.text, [found.size for found in message.attachments]) == ("", [len(raw)])
    assert attachment_bytes(raw, message.attachments[0].part) == raw
