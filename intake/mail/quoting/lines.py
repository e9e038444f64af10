"""A text as numbered lines: what is looked at, and how deep each line is quoted.

Only the first `LOOK` characters of a line are ever matched against a pattern, so that time grows with the number of
lines and never with the length of one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LOOK = 500

_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_MOST = 30_000
_GAP = "\n" * 8
_GAPS = re.compile(r"\n{8,}+")
_MARKS = re.compile(r">(?:[ \t\u00a0]?>)*+[ \t\u00a0]*+")
_INITIALS = re.compile(r"([A-ZА-ЯЁІЇЄҐ][A-Za-zА-Яа-яЁёІіЇїЄєҐґ]{0,3})(>{1,5})(?!>)[ \t\u00a0]?")
_PROMPTS = frozenset({"PS", "SQL", "CMD", "GDB", "CLI", "Q", "R", "C", "SSH", "FTP", "PHP", "TSQL", "DOS", "MIT"})
_WORD = re.compile(r"[^\W\d_]{2,}")
_ADDRESS_END = re.compile(r">[ \t]?[^\W\d_][^>]{0,30}[:：]$")
_ADDRESS_OPEN = re.compile(r"<(?:mailto:)?[^<>\s]{1,120}@[^<>\s]{1,120}$")


@dataclass(slots=True)
class Page:
    """Lines of one text, in parallel lists.

    ``raw``: as written. ``keys``: the trimmed first `LOOK` characters without invisible ones, and for a quoted line
    without its marks; "" is a blank line. ``depth``: number of quotation marks, 0 for an unquoted line.
    """

    raw: list[str]
    keys: list[str]
    depth: list[int]

    def __len__(self) -> int:
        return len(self.raw)

    def is_blank(self, at: int) -> bool:
        """An unquoted line with nothing on it."""
        return not self.depth[at] and not self.keys[at]

    def next_written(self, at: int) -> int:
        """The first line from ``at`` on that isn't blank; the number of lines when there is none."""
        count = len(self.raw)
        while at < count and not self.keys[at] and not self.depth[at]:
            at += 1
        return at

    def last_written(self, at: int, floor: int = 0) -> int:
        """The last line up to ``at`` that isn't blank, -1 when there is none from ``floor`` on."""
        while at >= floor and not self.keys[at] and not self.depth[at]:
            at -= 1
        return at if at >= floor else -1


def read(text: str) -> Page:
    """Split ``text`` into lines and see how deep each is quoted.

    More than seven empty lines in a row become seven; what follows line `_MOST` is one line, unmarked.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _GAP in text:
        text = _GAPS.sub(_GAP, text)
    raw = text.split("\n", _MOST)
    keys = [line[:LOOK].strip() for line in raw]
    if _INVISIBLE.search(text):
        keys = [_INVISIBLE.sub("", key).strip() for key in keys]
    depth = [0] * len(raw)
    if ">" in text:
        _unquote(keys[:_MOST], keys, depth)
    return Page(raw, keys, depth)


def _unquote(looked_at: list[str], keys: list[str], depth: list[int]) -> None:
    initialled: dict[str, list[int]] = {}
    for at, key in enumerate(looked_at):
        if key[:1] == ">" and not _closes_address(looked_at, at):
            marks = _MARKS.match(key)
            assert marks is not None
            depth[at] = marks[0].count(">")
            keys[at] = key[marks.end() :]
        elif ">" in key[:10] and (found := _INITIALS.match(key)) and found[1] not in _PROMPTS:
            initialled.setdefault(found[1], []).append(at)
    for places in initialled.values():
        _unquote_initials(places, keys, depth)


def _closes_address(keys: list[str], at: int) -> bool:
    """``<anna@desk.example`` on the line above and ``> wrote:`` on this one: an introduction folded inside it."""
    return at > 0 and _ADDRESS_END.match(keys[at]) is not None and _ADDRESS_OPEN.search(keys[at - 1][-250:]) is not None


def _unquote_initials(places: list[int], keys: list[str], depth: list[int]) -> None:
    """The Bat! and FidoNet editors put the author's initials before the mark; a lone such line proves nothing."""
    prose = sum(len(_WORD.findall(keys[at])) >= 3 for at in places)
    if len(places) < 2 and not prose:
        return
    for at in places:
        found = _INITIALS.match(keys[at])
        assert found is not None
        depth[at] = len(found[2])
        keys[at] = keys[at][found.end() :].strip()
