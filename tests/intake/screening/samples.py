"""The samples under tests/data/screening as raw mails with what they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email.header import Header
from pathlib import Path

from intake.screening import OwnAddresses

DATA = Path(__file__).parents[2] / "data" / "screening"
OWN = OwnAddresses(
    addresses=frozenset({"support@vitrina.example"}),
    own_lists=frozenset({"support-ru@groups.example", "vitrina-help@lists.example"}),
    form_senders=frozenset({"robot@site.example"}),
    message_id_domain="vitrina.example",
    ticket_prefix="VD",
)
_AUTOMATIC = frozenset(
    ("bounce", "delivery_receipt", "feedback_report", "receipt", "auto_reply", "calendar_answer", "challenge")
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A mail and what is told of it in its heading."""

    name: str
    told: dict[str, str]
    raw: bytes

    @property
    def automatic(self) -> bool:
        return self._flag("auto", self.told["kind"] in _AUTOMATIC)

    @property
    def no_auto_answer(self) -> bool:
        return self._flag("no", self.told["kind"] != "ordinary")

    @property
    def letter_allowed(self) -> bool:
        return self._flag("letter", not self.no_auto_answer)

    @property
    def bounce(self) -> bool:
        return self.told["kind"] == "bounce"

    def _flag(self, name: str, default: bool) -> bool:
        return bool(int(self.told.get(name, str(int(default)))))


def machines() -> Iterator[Sample]:
    """Mails of machines, lists and other senders that get no letter."""
    for path in sorted(DATA.glob("machines_*.txt")):
        for block in path.read_text("utf-8").split("#### ")[1:]:
            heading, _, mail = block.partition("\n")
            name, *told = heading.split()
            yield Sample(name, dict(entry.split("=", 1) for entry in told), _raw(mail))


def humans() -> Iterator[Sample]:
    """Mails that people wrote."""
    for path in sorted(DATA.glob("humans*.txt")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            subject, body, fields = (*line.split("¦"), "")[:3]
            head = [
                "Return-Path: <petrov@client.example>",
                "From: Пётр Петров <petrov@client.example>",
                "To: support@vitrina.example",
                f"Subject: {subject.strip()}",
                "Message-ID: <{number}@client.example>",
                *(field for field in fields.strip().split("⏎") if field),
            ]
            text = body.strip().replace("⏎", "\n")
            yield Sample(f"{path.stem}:{number} {subject}", {"kind": "ordinary"}, _raw("\n".join(head) + "\n\n" + text))


def _raw(mail: str) -> bytes:
    head, _, body = mail.partition("\n\n")
    fields = [_encoded(line) for line in head.splitlines()]
    if not any(field.lower().startswith("content-type:") for field in fields):
        fields += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    return ("\r\n".join(fields) + "\r\n\r\n" + body.replace("\n", "\r\n")).encode()


def _encoded(line: str) -> str:
    name, colon, value = line.partition(":")
    if line.isascii() or not colon:
        return line
    shown, bracket, address = value.strip().partition(" <")
    return f"{name}: {Header(shown, 'utf-8', maxlinelen=10_000).encode()}{bracket}{address}"
