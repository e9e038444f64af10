"""Mails read a second on one core, beside the standard library's ``policy.default`` on the same mails in the same run.

Run: python -m tests.bench.reading [SECONDS]
"""

from __future__ import annotations

import email
import email.policy
import sys
import time
from collections.abc import Callable
from email.message import EmailMessage

from intake.mail.reading import read_message
from intake.model import Envelope
from intake.reading import judged, own_addresses
from intake.settings import DeskSettings

RUSSIAN = (
    "Здравствуйте!\n\nНе приходит чек жителю по заказу {number}: деньги списались, а чек на почту так и не пришёл. "
    "В кабинете в карточке заказа пусто.\n\nПодскажите, что делать?\n\n-- \nОльга Петрова\nСЗ Кедровая Роща\n"
)
QUOTE = (
    "\nСр, 14 окт. 2026 г. в 12:40, Поддержка <support@vitrina.example>:\n> Добрый день!\n> Пришлите номер заказа.\n"
)


def mails() -> list[bytes]:
    """A hundred: 70 plain, 25 alternative, 5 with 50 KB attached; utf-8, koi8-r, windows-1251; a fifth are replies."""
    return [_mail(number) for number in range(100)]


def _mail(number: int) -> bytes:
    message = EmailMessage(policy=email.policy.SMTP)
    message["Received"] = "from mail.firm.example ([192.0.2.1]) by mx.vitrina.example; Mon, 2 Nov 2026 10:11:30 +0300"
    message["From"] = f"Ольга Петрова <o.petrova{number}@firm.example>"
    message["To"] = "Служба поддержки <support@vitrina.example>"
    message["Subject"] = f"Не приходит чек жителю по заказу № {number}"
    message["Date"] = "Mon, 2 Nov 2026 10:11:22 +0300"
    message["Message-ID"] = f"<{number}.abcdef@firm.example>"
    text = RUSSIAN.format(number=number) + (QUOTE if number % 5 == 0 else "")
    message.set_content(text, charset=("utf-8", "koi8-r", "windows-1251")[number % 3], cte="base64")
    if number % 100 >= 70:
        paragraphs = "".join(f"<p>{line}</p>" for line in text.splitlines())
        message.add_alternative(f"<html><body>{paragraphs}</body></html>", subtype="html")
    if number % 100 >= 95:
        message.add_attachment(bytes(50_000), maintype="application", subtype="pdf", filename="Отчёт.pdf")
    return message.as_bytes()


def standard(raw: bytes) -> None:
    """What a program on the standard library does at the least."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    for name in ("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References"):
        str(message[name])
    body = message.get_body(("plain", "html"))
    assert body is not None
    body.get_content()
    for part in message.iter_attachments():
        part.get_filename()
        part.get_payload(decode=True)


def read_and_judge(raw: bytes) -> None:
    """All that intake does before it knows the tickets."""
    judged(read_message(raw), Envelope(), OWN)


OWN = own_addresses(DeskSettings())


def rate(function: Callable[[bytes], object], raws: list[bytes], seconds: float) -> float:
    """Mails a second of processor time."""
    done, start = 0, time.process_time()
    while time.process_time() - start < seconds:
        for raw in raws:
            function(raw)
        done += len(raws)
    return done / (time.process_time() - start)


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
    raws = mails()
    for function in (standard, read_message, read_and_judge):
        rate(function, raws, 0.2)
    print(f"policy.default, parse and use:  {rate(standard, raws, seconds):7.0f} mails/s")
    print(f"read (with new text, reports):  {rate(read_message, raws, seconds):7.0f} mails/s")
    print(f"read, screened and typed:       {rate(read_and_judge, raws, seconds):7.0f} mails/s")


if __name__ == "__main__":
    main()
