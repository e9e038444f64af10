"""Where the sender's words end and the signature begins, within one stretch of new text."""

from __future__ import annotations

import re

from intake.mail.quoting.devices import is_device_line, is_link
from intake.mail.quoting.dividers import is_rule
from intake.mail.quoting.lines import Page
from intake.mail.quoting.wordlists import words

_MOST_LINES = 25
_FEW_LINES = 7
_SHORT = 70
_DASHES = words("-- — – —— –- -– __ ___ --- —- -— –– *--* **--** --*") | {"- -", "- --"}
_SURE = frozenset({"--", "- -", "- --", "*--*", "**--**"})
_FOOTER = re.compile(
    r"mailing list|рассылк|unsubscribe|отписат|lists?\.|/options/|/mailman/|listinfo|google groups|listserv",
    re.IGNORECASE,
)
_AFTERTHOUGHT = re.compile(r"(?:p\.?\s?p?\.?s\.?|з\.?ы\.?|п\.\s?с\.|ps)(?=[\s:.,—–-])", re.IGNORECASE)
_OPENERS = frozenset("-—–_*")


def signature_lines(page: Page, lines: list[int]) -> tuple[set[int], set[int]]:
    """Of the new ``lines`` (in order, one stretch): those of the signature, and the delimiters to drop with it."""
    signed: set[int] = set()
    dropped: set[int] = set()
    at = _delimiter(page, lines)
    if at is not None:
        if len(page.keys[lines[at]]) < 5:
            dropped.add(lines[at])
        else:
            signed.add(lines[at])
        signed.update(_until_afterthought(page, lines[at + 1 :]))
    rest = lines if at is None else lines[:at]
    signed.update(_device_lines(page, rest))
    return signed, dropped


def _delimiter(page: Page, lines: list[int]) -> int | None:
    """Which of ``lines`` parts text and signature. Only the standard one may stand far from the end."""
    written = [at for at, line in enumerate(lines) if page.keys[line]]
    last = len(written) - _MOST_LINES - 1
    for rank, at in enumerate(written):
        line = lines[at]
        key = page.keys[line]
        if key[0] not in _OPENERS:
            continue
        if page.raw[line] == "-- ":
            return at
        if rank >= last and _parts(key, [page.keys[lines[later]] for later in written[rank + 1 :]]):
            return at
    return None


def _parts(key: str, below: list[str]) -> bool:
    """Whether line ``key`` parts off what is ``below`` it, as far as that can be a signature."""
    if key in _SURE:
        return not below or not (below[0].startswith("--") or any(map(_asks, below)))
    few = len(below) <= _FEW_LINES
    if key in _DASHES:
        return few and all(len(line) <= _SHORT and line[-1] not in "?!" for line in below)
    return few and len(key) >= 5 and key[0] == "_" and is_rule(key) and any(map(_FOOTER.search, below))


def _asks(key: str) -> bool:
    """A question of some length: slogans are shorter."""
    return len(key) > _SHORT // 2 and key[-1] == "?"


def _until_afterthought(page: Page, lines: list[int]) -> list[int]:
    """The signature without a P.S. below it: that is the sender's."""
    for at, line in enumerate(lines):
        if at and _AFTERTHOUGHT.match(page.keys[line]):
            return lines[:at]
    return lines


def _device_lines(page: Page, lines: list[int]) -> set[int]:
    """Device lines at the end, their wrapped links too, and those that are a paragraph of their own."""
    found: set[int] = set()
    at_end = True
    link: int | None = None
    for rank in range(len(lines) - 1, -1, -1):
        line = lines[rank]
        key = page.keys[line]
        if not key:
            continue
        if is_device_line(key):
            if at_end or _is_paragraph(page, lines, rank):
                found.add(line)
                found.update(() if link is None else (link,))
        elif at_end and link is None and is_link(key):
            link = line
            continue
        else:
            at_end = False
        link = None
    return found


def _is_paragraph(page: Page, lines: list[int], rank: int) -> bool:
    above, below = lines[rank - 1 : rank], lines[rank + 1 : rank + 2]
    return not any(page.keys[line] for line in above + below)
