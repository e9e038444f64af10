"""A letter as its reader will get it: read back from the bytes that are about to leave."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default

HEADERS = {"From": "От", "To": "Кому", "Cc": "Копия", "Reply-To": "Отвечать на", "Subject": "Тема"}


@dataclass(frozen=True, slots=True)
class ReadLetter:
    """``headers`` are (title, value); ``files`` names of attachments."""

    headers: tuple[tuple[str, str], ...]
    text: str
    files: tuple[str, ...]


def read_letter(raw: bytes) -> ReadLetter:
    """Parse a composed letter."""
    message = message_from_bytes(raw, policy=default)
    headers = tuple((title, str(message[name])) for name, title in HEADERS.items() if message[name] is not None)
    plain = message.get_body(("plain",))
    text = plain.get_content() if plain is not None else ""
    files = tuple(part.get_filename() or "без имени" for part in message.iter_attachments())
    return ReadLetter(headers, text, files)
