"""Mails of the model's clients, machines and departments, each unlike the one before."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count

from intake.settings import DeskSettings
from tests.support.desks import DESK_ADDRESS, mail

OLGA = "Ольга Петрова <olga@roscha.example>"
IVAN = "Иван Лес <ivan@gmail.com>"
MARK = "Марк Лугов <mark@lug.example>"
STRANGER = "Ева Чужая <eve@elsewhere.example>"
CLIENTS = (OLGA, IVAN, MARK)
REQUESTS = (
    ("Не открывается витрина", "Добрый день! После обновления не открывается витрина, ошибка 500."),
    ("Как настроить рассылку", "Здравствуйте! Подскажите, пожалуйста, как настроить рассылку отчётов?"),
    ("Предложение", "Просим добавить выгрузку объектов в новый формат и тёмную тему."),
    ("Договор", "Просим прислать дополнительное соглашение к лицензионному договору."),
)
FOLLOW_UPS = ("Есть новости по нашему вопросу?", "Дополняю: ошибка возникает только в Москве.", "Нет, не помогло.")
THANKS = ("Спасибо!", "Спасибо, всё работает", "Благодарю за помощь")
ABSENT = "Меня нет в офисе до понедельника, отвечу по возвращении."


@dataclass
class Post:
    """Writes mails with Message-IDs of their own."""

    settings: DeskSettings
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def fresh(self, which: int, sender: str) -> bytes:
        """A request that belongs to nothing."""
        subject, body = REQUESTS[which % len(REQUESTS)]
        return mail(f"{subject} № {next(self._numbers)}", body, sender, message_id=self._id())

    def follow_up(
        self, body: str, sender: str, subject: str = "Re: обращение", to: str = DESK_ADDRESS, about: str | None = None
    ) -> bytes:
        """One more mail of a conversation; ``about`` is the Message-ID it answers."""
        thread = {} if about is None else {"In_Reply_To": about, "References": about}
        return mail(subject, f"{body} ({next(self._numbers)})", sender, to, self._id(), **thread)

    def short(self, body: str, sender: str, about: str) -> bytes:
        """A follow-up of these words alone."""
        return mail("Re: обращение", body, sender, message_id=self._id(), In_Reply_To=about, References=about)

    def absent(self, sender: str, about: str) -> bytes:
        """An out-of-office answer to a letter of ours."""
        return mail(
            "Автоответ: обращение",
            ABSENT,
            sender,
            message_id=self._id(),
            In_Reply_To=about,
            Auto_Submitted="auto-replied",
        )

    def returned(self, about: str, recipient: str) -> bytes:
        """A delivery report (RFC 3464) that a letter of ours did not arrive."""
        return (
            f"From: MAILER-DAEMON@mx.example\r\nTo: {DESK_ADDRESS}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
            f"Message-ID: {self._id()}\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
            "--b\r\nContent-Type: text/plain\r\n\r\nuser unknown\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
            f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
            "Diagnostic-Code: smtp; 550 user unknown\r\n\r\n"
            f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {about}\r\nSubject: x\r\n\r\n--b--\r\n"
        ).encode()

    def canary(self, kind: str) -> str:
        """A text with a word nobody outside may read."""
        return f"Внутреннее: {kind}{next(self._numbers)} проверьте."

    def _id(self) -> str:
        return f"<m{next(self._numbers)}@clients.example>"


def traced(raw: bytes) -> bytes:
    """The same mail as another server hands it on."""
    return b"Received: from relay.example by mx.example; Tue, 12 May 2026 11:00:00 +0300\r\n" + raw
