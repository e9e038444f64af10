"""Who wrote a mail that somebody passed on: told by the head above it, or by the mail itself where it is attached."""

from __future__ import annotations

import re
from collections.abc import Iterator

from intake.mail.message import Address, Message
from intake.mail.quoting import dates
from intake.mail.quoting.dividers import divides, may_divide
from intake.mail.quoting.fields import NAMES, Field
from intake.mail.quoting.headers_block import split_field

_SUBJECT = re.compile(
    r"\s*(?:\[[^\[\]]{0,40}\]\s*)*(?:fwd?|fw|wg|tr|пересл|переслано|пересылка|пер|перенапр|rv|enc|doorst|vs|vb|i)\s?:",
    re.I,
)
_ADDRESS = re.compile(
    r"(?<![\w.+-])([A-Za-z0-9][\w.+'=&/-]{0,63}@[^\W_](?:[\w-]{0,62}\.){1,8}[^\W\d_]{2,24})", re.ASCII
)
_WIDE_ADDRESS = re.compile(r"(?<![\w.+-])([A-Za-z0-9][\w.+'=&/-]{0,63}@\w[\w.-]{1,120}\.\w{2,24})")
_BRACKET = re.compile(r"(?:<|[<\[(]mailto:)\s?$", re.I)
_AROUND = " \t\u00a0>|*_"
_PASSED_ON = ("forward", "пересл", "пересыл")
_NEAR = 6
_LINES, _LONGEST = 2_000, 1_000
_HEADS = 20


def is_forward(message: Message) -> bool:
    """Whether the sender passes a mail on: the subject says so, a divider does, or a mail is attached."""
    return (
        _SUBJECT.match(message.subject[:200]) is not None
        or any(one.content_type == "message/rfc822" for one in message.attachments)
        or any(_is_divider(line) for line in _lines(message.text))
    )


def authors_named(text: str) -> tuple[Address, ...]:
    """The authors that the heads of forwarded mails name, from the top: «От: Имя <a@b>» beside another field of a mail,
    or «12.10.2026, 18:45, Имя <a@b>:» as web mail programs put it. Only with an address; each once."""
    lines = _lines(text)
    found: dict[str, Address] = {}
    for at, line in enumerate(lines):
        author = _of_field(lines, at) or _of_introduction(line)
        if author is not None:
            found.setdefault(author.address, author)
        if len(found) >= _HEADS:
            break
    return tuple(found.values())


def _lines(text: str) -> list[str]:
    return [line[:_LONGEST].strip(_AROUND) for line in text.split("\n", _LINES)[:_LINES]]


def _is_divider(line: str) -> bool:
    folded = line.casefold()
    return any(word in folded for word in _PASSED_ON) and may_divide(line) and divides(line)


def _of_field(lines: list[str], at: int) -> Address | None:
    parts = split_field(lines[at])
    if parts is None or NAMES.get(parts[0]) is not Field.FROM:
        return None
    near = [*lines[max(0, at - _NEAR) : at], *lines[at + 1 : at + 1 + _NEAR]]
    if not any(_kind(line) in (Field.SENT, Field.DATE, Field.TO, Field.SUBJECT) for line in near):
        return None
    below = lines[at + 1] if at + 1 < len(lines) and _kind(lines[at + 1]) is None else ""
    return address_in(parts[1]) or address_in(f"{parts[1]} {below}")


def _kind(line: str) -> Field | None:
    parts = split_field(line)
    return NAMES.get(parts[0]) if parts else None


def _of_introduction(line: str) -> Address | None:
    """A line that ends with a colon, with a day, a time and an address."""
    if not line.endswith(":") or len(line) > 300 or not dates.has_address(line):
        return None
    return address_in(line) if dates.has_date(line) and dates.has_time(line.casefold()) else None


def address_in(value: str) -> Address | None:
    """The address of a text such as «"Имя" <a@b>», «a@b (Имя)» or «Имя [mailto:a@b]», with its name: the first in
    brackets, for a name may look like another's address; without brackets the first."""
    every = list(_ADDRESS.finditer(value)) or list(_WIDE_ADDRESS.finditer(value))
    if not every:
        return None
    found = next((one for one in every if _BRACKET.search(value[max(0, one.start() - 9) : one.start()])), every[0])
    local, _, domain = found.group(1).strip(".'").rpartition("@")
    before = re.sub(r"(?i)mailto:?\s*$|[<\[(]+(?:mailto:)?\s*$", "", value[: found.start()].rstrip()).strip()
    name = re.split(r"\d{1,2}:\d{2}(?::\d{2})?,?\s*", before)[-1]
    name = name.rstrip("<[( ").removesuffix("mailto:").strip(" \t\"'«»*_<[(,;")
    if not name:
        behind = re.match(r"\s*[>\]]?\s*\(([^()]{1,100})\)", value[found.end() :])
        name = behind.group(1).strip() if behind else ""
    return Address(name[:200], f"{local}@{domain.lower()}")


def original_author(message: Message, attached: Iterator[Message]) -> Address | None:
    """The author of what ``message`` passes on; ``attached`` reads the mails that are attached to it. None where it
    passes nothing on, or nobody is named. Whoever forwards is not its author."""
    if not is_forward(message):
        return None
    forwarder = {one.address.lower() for one in message.sender}
    named = (author for author in authors_named(message.text) if author.address.lower() not in forwarder)
    found = next(named, None)
    if found is not None:
        return found
    return next((one for mail in attached for one in mail.sender[:1] if one.address.lower() not in forwarder), None)
