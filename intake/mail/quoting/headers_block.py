"""Header blocks: От/Отправлено/Кому/Тема, From/Sent/To/Subject, and what other languages make of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from intake.mail.quoting import dates
from intake.mail.quoting.fields import NAMES, RAW, Field
from intake.mail.quoting.lines import Page

_AROUND = "*_|- \t\u00a0"
_LONGEST_NAME = 36
_LONGEST_BLOCK = 30
_MOST_OWN = 8
_TIMES = frozenset((Field.SENT, Field.DATE))
_ADDRESS = re.compile(r"\w@\w")


@dataclass(frozen=True, slots=True)
class Block:
    """Header fields on lines ``start`` up to but not including ``end``, and which of them are there.

    ``raw``: some are never shown by mail programs; ``dated``: a day is given; ``machine_made``: an address or time is;
    ``in_small``: the sender's field is named in small letters, as settings are and no mail program does;
    ``addressed``: an address is given.
    """

    start: int
    end: int
    fields: frozenset[Field]
    raw: bool = False
    dated: bool = False
    machine_made: bool = False
    in_small: bool = False
    addressed: bool = False

    @property
    def is_sure(self) -> bool:
        """No person writes this by chance: who, when, and to whom or about what, as only mail programs list them."""
        if self.raw or self.in_small or Field.FROM not in self.fields or not self.dated:
            return False
        return Field.SENT in self.fields or (
            Field.DATE in self.fields and bool(self.fields & {Field.TO, Field.SUBJECT})
        )

    @property
    def is_whole(self) -> bool:
        """Every field a forwarded mail shows, as programs fill them: believed even with nothing above it."""
        return self.is_sure and self.machine_made and {Field.TO, Field.SUBJECT} <= self.fields

    @property
    def is_likely(self) -> bool:
        """Enough below a line that already announces an older mail."""
        about = {Field.SENT, Field.DATE, Field.TO, Field.SUBJECT}
        return not self.raw and not self.in_small and Field.FROM in self.fields and bool(self.fields & about)


def split_field(key: str) -> tuple[str, str] | None:
    """Name (lower case) and value of a line that may be a header field; bold marks are dropped."""
    colon = _colon(key)
    if colon < 1:
        return None
    return key[:colon].strip(_AROUND).casefold(), key[colon + 1 :].strip(_AROUND)


def _colon(key: str) -> int:
    colon, wide = key.find(":", 0, _LONGEST_NAME), key.find("：", 0, _LONGEST_NAME)
    return min(colon, wide) if colon >= 0 and wide >= 0 else max(colon, wide)


def field(key: str) -> Field | None:
    """Which header field the line is, None when it is none."""
    colon = _colon(key)
    return NAMES.get(key[:colon].strip(_AROUND).casefold()) if colon > 0 else None


def block_at(page: Page, start: int) -> Block | None:
    """The header block that begins on line ``start``, None when that line is no header field.

    A line that is no field goes on from a list of recipients or is folded; one blank line may stand between fields.
    """
    first = field(page.keys[start])
    if first is None:
        return None
    reader = _Reader(start)
    at = start
    while at < len(page) and at - start < _LONGEST_BLOCK and reader.take(page, at):
        at += 1
    return reader.block()


def is_own_line(page: Page, start: int) -> bool:
    """Whether the field on line ``start`` is the sender's last line and no part of the block below it.

    That block begins with a From field, and has this field once more, or keeps together below a blank line.
    """
    own = field(page.keys[start])
    if own is None or own is Field.FROM:
        return False
    below = start + 1
    while below < min(start + _MOST_OWN, len(page)) and _goes_before_from(page, start, below):
        below += 1
    if below >= len(page) or page.depth[below] != page.depth[start] or field(page.keys[below]) is not Field.FROM:
        return False
    block = block_at(page, below)
    if block is None or not block.is_sure:
        return False
    again = _TIMES & block.fields if own in _TIMES else {own} & block.fields
    apart = not page.keys[below - 1] and all(page.keys[below : block.end])
    return bool(again) or apart


def _goes_before_from(page: Page, start: int, at: int) -> bool:
    if page.depth[at] != page.depth[start]:
        return False
    return not page.keys[at] or field(page.keys[at]) not in (None, Field.FROM)


def is_pasted_raw(page: Page, start: int) -> bool:
    """Whether a field that no mail program shows stands right above line ``start``: raw headers, pasted."""
    if start < 1 or page.depth[start - 1] != page.depth[start]:
        return False
    parts = split_field(page.keys[start - 1])
    return parts is not None and (parts[0] in RAW or parts[0].startswith("x-"))


class _Reader:
    def __init__(self, start: int) -> None:
        self.start = self.end = start
        self.fields: list[Field] = []
        self.raw = self.dated = self.machine_made = self.in_small = self.addressed = False
        self._blanks = 0
        self._loose = 0

    def take(self, page: Page, at: int) -> bool:
        """Whether line ``at`` still belongs to the block (or may: it counts once a field follows)."""
        key = page.keys[at]
        if page.depth[at] != page.depth[self.start]:
            return False
        if not key:
            self._blanks += 1
            return self._blanks <= 1
        parts = split_field(key)
        known = NAMES.get(parts[0]) if parts else None
        if parts and known is not None and not (known in self.fields and known is not Field.CC):
            self._add(known, parts[1], at)
            self.in_small = self.in_small or (known is Field.FROM and key.lstrip(_AROUND)[:1].islower())
            return True
        if parts and (parts[0] in RAW or parts[0].startswith("x-")):
            self.raw = True
            self.end = at + 1
            return True
        return self._go_on(key, at)

    def _add(self, known: Field, value: str, at: int) -> None:
        self.fields.append(known)
        self.end = at + 1
        self._blanks = self._loose = 0
        if known in (Field.SENT, Field.DATE):
            self.dated = self.dated or dates.has_date(value)
            self.machine_made = self.machine_made or dates.has_time(value)
        self.addressed = self.addressed or dates.has_address(value)
        self.machine_made = self.machine_made or self.addressed

    def _go_on(self, key: str, at: int) -> bool:
        last = self.fields[-1]
        if len(key) > 2 and len(set(key)) == 1:
            return False
        if last in (Field.SENT, Field.DATE) and not self.dated:
            self.dated = dates.has_date(key)
        if self._blanks:
            return False
        if last in (Field.TO, Field.CC, Field.FROM) and (_ADDRESS.search(key) or key[-1] in ";,>"):
            self.end = at + 1
            return True
        self._loose += 1
        return self._loose <= 1

    def block(self) -> Block:
        return Block(
            self.start,
            self.end,
            frozenset(self.fields),
            raw=self.raw,
            dated=self.dated,
            machine_made=self.machine_made,
            in_small=self.in_small,
            addressed=self.addressed,
        )


_INLINE = re.compile(r"\s[*_]{0,2}([^\W\d_]{2,12})[*_]{0,2}\s?:[*_]{0,2}\s")


def inline_block(key: str) -> bool:
    """A whole header block on one line, its line breaks lost: ``From: A Sent: Monday To: B Subject: C``."""
    if field(key) is not Field.FROM:
        return False
    seen = {NAMES.get(name.casefold()) for name in _INLINE.findall(key)}
    return bool(seen & {Field.SENT, Field.DATE}) and bool(seen & {Field.TO, Field.SUBJECT}) and dates.has_date(key)
