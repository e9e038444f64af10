"""A letter as its reader will get it: read back from the bytes that are about to leave, with the desk's own reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from intake.mail.message import Address
from intake.mail.reading import read_message
from tui.labels import attachment_words, person


@dataclass(frozen=True, slots=True)
class ReadLetter:
    """``headers`` are (title, value); ``files`` attachments in words."""

    headers: tuple[tuple[str, str], ...]
    text: str
    files: tuple[str, ...]


def read_letter(raw: bytes) -> ReadLetter:
    """Parse a composed letter."""
    found = read_message(raw)
    headers = (
        ("От", _people(found.sender)),
        ("Кому", _people(found.to)),
        ("Копия", _people(found.cc)),
        ("Ответ придёт на", _people(found.reply_to)),
        ("Тема", found.subject),
    )
    files = tuple(attachment_words(one.filename, one.content_type, one.size) for one in found.attachments)
    return ReadLetter(tuple((title, value) for title, value in headers if value), found.text, files)


def _people(addresses: Iterable[Address]) -> str:
    return ", ".join(person(address.name, address.address) for address in addresses)
