"""Answers as mail programs write them, made from a letter as it was delivered: headers, dividers, quoting and HTML in
the manner of each."""

from __future__ import annotations

import base64
import email
import email.policy
import html
import quopri
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.header import Header
from email.message import EmailMessage

LONG_DATE = "вт, 12 мая 2026 г. в 11:00"
BOUNDARY = "=_otklik-manner"


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a program shows of a letter it answers."""

    subject: str
    message_id: str
    name: str
    address: str
    text: str
    html: str

    @classmethod
    def read(cls, raw: bytes) -> Delivered:
        """From a mailbox."""
        said = email.message_from_bytes(raw, policy=email.policy.default)
        assert isinstance(said, EmailMessage)
        plain, rich = said.get_body(("plain",)), said.get_body(("html",))
        assert plain is not None
        assert rich is not None
        body = re.search(r"<body[^>]*>(.*)</body>", str(rich.get_content()), re.DOTALL)
        assert body is not None
        author = said["From"].addresses[0]
        return cls(
            str(said["Subject"]),
            str(said["Message-ID"]),
            author.display_name,
            author.addr_spec,
            str(plain.get_content()),
            body[1],
        )


Manner = Callable[[Delivered, list[str]], tuple[str, bytes]]
"""From the letter answered and the lines written to (prefix of the subject, the rest of the mail from MIME-Version)."""


def answered(manner: str, delivered: bytes, words: str, sender: str, to: str, message_id: str, **headers: str) -> bytes:
    """The answer one program sends."""
    letter = Delivered.read(delivered)
    prefix, rest = MANNERS[manner](letter, words.split("\n"))
    name, _, address = sender.rpartition(" ")
    head = {
        "From": f"{Header(name, 'utf-8').encode()} {address}" if name else address,
        "To": to,
        "Subject": Header(f"{prefix} {letter.subject}", "utf-8").encode(),
        "Date": "Tue, 12 May 2026 14:00:00 +0300",
        "Message-ID": message_id,
        "In-Reply-To": letter.message_id,
        "References": letter.message_id,
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return lines.encode("ascii") + b"MIME-Version: 1.0\r\n" + rest


def _part(text: str, kind: str = "plain", charset: str = "utf-8", encoding: str = "base64", extra: str = "") -> bytes:
    raw = text.replace("\r\n", "\n").replace("\n", "\r\n").encode(charset, "xmlcharrefreplace")
    packed = raw
    if encoding == "base64":
        packed = base64.encodebytes(raw)
    elif encoding == "quoted-printable":
        packed = quopri.encodestring(raw.replace(b"\r\n", b"\n"))
    head = f"Content-Type: text/{kind}; charset={charset}{extra}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode("ascii") + re.sub(rb"\r?\n", b"\r\n", packed)


def _both(plain: bytes, rich: bytes) -> bytes:
    line = f"--{BOUNDARY}".encode()
    head = f'Content-Type: multipart/alternative; boundary="{BOUNDARY}"\r\n\r\n'.encode()
    return head + b"\r\n".join([line, plain, line, rich, line + b"--", b""])


def _quoted(text: str, mark: str = "> ") -> str:
    return "\n".join(f"{mark}{line}".rstrip() for line in text.splitlines())


def _from(letter: Delivered) -> str:
    return html.escape(f"{letter.name} <{letter.address}>")


def _outlook_fields(letter: Delivered) -> list[tuple[str, str]]:
    return [
        ("От:", f"{letter.name} <{letter.address}>"),
        ("Отправлено:", "12 мая 2026 г. 11:00"),
        ("Кому:", "legal@licensor.example"),
        ("Тема:", letter.subject),
    ]


def outlook_text(letter: Delivered, words: list[str]) -> tuple[str, bytes]:
    """Outlook in plain text: a header block and the letter as it was, nothing marked."""
    fields = "\n".join(f"{name} {value}" for name, value in _outlook_fields(letter))
    text = "\n".join([*words, "", "-----Исходное сообщение-----", fields, "", letter.text])
    return "RE:", _part(text, charset="windows-1251")


def outlook_word(letter: Delivered, words: list[str]) -> tuple[str, bytes]:
    """Outlook with Word as editor: MsoNormal paragraphs, a line above the header block, both parts."""
    fields = _outlook_fields(letter)
    said = "".join(f"<p class=MsoNormal>{html.escape(line) or '&nbsp;'}<o:p></o:p></p>" for line in words)
    shown = "<br>\n".join(f"<b>{name}</b> {html.escape(value)}" for name, value in fields)
    rich = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">'
        "<head><meta name=Generator content='Microsoft Word 15 (filtered medium)'>"
        "<style><!-- p.MsoNormal {margin:0cm;font-size:11.0pt;} --></style>"
        "<!--[if gte mso 9]><xml><o:shapedefaults v:ext='edit' spidmax='1026' /></xml><![endif]--></head>"
        "<body lang=RU link='#0563C1' vlink='#954F72' style='word-wrap:break-word'><div class=WordSection1>"
        f"{said}<p class=MsoNormal><o:p>&nbsp;</o:p></p>"
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>"
        f"<p class=MsoNormal>{shown}<o:p></o:p></p></div><p class=MsoNormal><o:p>&nbsp;</o:p></p>"
        f"{letter.html}</div></body></html>"
    )
    plain = "\n".join([*words, "", *(f"{name} {value}" for name, value in fields), "", letter.text])
    return "RE:", _both(_part(plain), _part(rich, "html", "koi8-r", "quoted-printable"))


def outlook_web(letter: Delivered, words: list[str]) -> tuple[str, bytes]:
    """Outlook on the web: a rule, then the header block in divRplyFwdMsg."""
    said = "".join(f'<div class="elementToProof">{html.escape(line) or "<br>"}</div>' for line in words)
    shown = "<br>".join(f"<b>{name}</b> {html.escape(value)}" for name, value in _outlook_fields(letter))
    rich = (
        f'<html><body dir="ltr">{said}<div id="appendonsend"></div><hr style="display:inline-block;width:98%">'
        f'<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri">{shown}</font><div>&nbsp;</div></div>'
        f"{letter.html}</body></html>"
    )
    return "Re:", _part(rich, "html")


def yandex(letter: Delivered, words: list[str]) -> tuple[str, bytes]:
    """Yandex: HTML only, the attribution above a blockquote."""
    said = "".join(f"<div>{html.escape(line) or '&nbsp;'}</div>" for line in words)
    date = "12.05.2026, 11:00, "
    rich = (
        f"{said}<div>&nbsp;</div><div>{date}&quot;{html.escape(letter.name)}&quot; &lt;{letter.address}&gt;:</div>"
        f"<blockquote><div>{letter.html}</div></blockquote>"
    )
    return "Re:", _part(rich, "html")


def gmail(letter: Delivered, words: list[str]) -> tuple[str, bytes]:
    """Gmail: both parts; the attribution of the plain one is folded."""
    plain = "\n".join([*words, "", f"{LONG_DATE}, {letter.name} <", f"{letter.address}>:", "", _quoted(letter.text)])
    said = "<br>".join(html.escape(line) for line in words)
    link = f'<a href="mailto:{letter.address}">{letter.address}</a>'
    rich = (
        f'<div dir="ltr">{said}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" '
        f'class="gmail_attr">{LONG_DATE}, {html.escape(letter.name)} &lt;{link}&gt;:<br></div>'
        '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204)">'
        f"{letter.html}</blockquote></div>"
    )
    return "Re:", _both(_part(plain), _part(rich, "html", encoding="quoted-printable"))


def mail_ru(letter: Delivered, words: list[str]) -> tuple[str, bytes]:
    """Mail.ru: the attribution is inside what is quoted."""
    intro = f"Вторник, 12 мая 2026, 11:00 +03:00 от {letter.name} <{letter.address}>:"
    plain = "\n".join([*words, " ", "--", "Юлия Правова", " ", f">{intro}", "> ", _quoted(letter.text, ">")])
    said = "".join(f"<div>{html.escape(line) or '&nbsp;'}</div>" for line in words)
    rich = (
        f'<HTML><BODY>{said}<div>&nbsp;</div><div data-signature-widget="container">'
        '<div data-signature-widget="content"><div>--<br>Юлия Правова</div></div></div><div>&nbsp;</div>'
        '<blockquote style="border-left:1px solid #0857A6;margin:10px;padding:0 0 0 10px;">'
        f'{html.escape(intro)}<br>&nbsp;<div id=""><div class="js-helper js-readmsg-msg">{letter.html}</div></div>'
        "</blockquote></BODY></HTML>"
    )
    return "Re:", _both(_part(plain), _part(rich, "html"))


def thunderbird(letter: Delivered, words: list[str]) -> tuple[str, bytes]:
    """Thunderbird in plain text, flowed (RFC 3676)."""
    plain = "\n".join([*words, "", f"12.05.2026 11:00, {letter.name} пишет:", _quoted(letter.text)])
    return "Re:", _part(plain, encoding="8bit", extra="; format=flowed")


def apple_mail(letter: Delivered, words: list[str], device: str = "") -> tuple[str, bytes]:
    """Apple Mail: the attribution is marked as quoted too."""
    intro = f"12 мая 2026 г., в 11:00, {letter.name} <{letter.address}> написал(а):"
    said = [*words, *(["", device] if device else [])]
    plain = "\n".join([*said, "", f"> {intro}", ">", _quoted(letter.text)])
    shown = "<br>".join(html.escape(line) for line in said)
    rich = (
        '<html><head></head><body style="overflow-wrap: break-word; -webkit-nbsp-mode: space;" dir="auto">'
        f'{shown}<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite"><div>{html.escape(intro)}'
        f'</div><br class="Apple-interchange-newline"><div>{letter.html}</div></blockquote></div></body></html>'
    )
    packed = "quoted-printable"
    return "Re:", _both(_part(plain, encoding=packed), _part(rich, "html", encoding=packed))


def iphone(letter: Delivered, words: list[str]) -> tuple[str, bytes]:
    """Mail on an iPhone: a line about the device above what is quoted."""
    return apple_mail(letter, words, "Отправлено с iPhone")


MANNERS: dict[str, Manner] = {
    "outlook text": outlook_text,
    "outlook word": outlook_word,
    "outlook web": outlook_web,
    "yandex": yandex,
    "gmail": gmail,
    "mail.ru": mail_ru,
    "thunderbird": thunderbird,
    "apple mail": apple_mail,
    "iphone": iphone,
}
