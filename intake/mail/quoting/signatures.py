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
_DASHES = words("-- — – —— –- -– __ ___ --- —- -— –– *--* **--** --*") | {"- -"}
_SURE = frozenset({"--", "- -", "*--*", "**--**"})
_FOOTER = re.compile(
    r"mailing list|рассылк|unsubscribe|отписат|lists?\.|/options/|/mailman/|listinfo|google groups|listserv",
    re.IGNORECASE,
)
_AFTERTHOUGHT = re.compile(r"(?:p\.?\s?p?\.?s\.?|з\.?ы\.?|п\.\s?с\.|ps)(?=[\s:.,—–-])", re.IGNORECASE)
_STOP = re.compile(r"[?!]\s*$")
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
    candidates = [at for at, line in enumerate(lines) if page.keys[line][:1] in _OPENERS and page.keys[line]]
    for at in candidates:
        key = page.keys[lines[at]]
        if page.raw[lines[at]] == "-- " or (key in _DASHES and _follows(page, lines[at + 1 :], key in _SURE)):
            return at
        if len(key) >= 5 and key[0] == "_" and is_rule(key) and _is_footer(page, lines[at + 1 :]):
            return at
    return None


def _follows(page: Page, lines: list[int], sure: bool) -> bool:
    """Whether what comes after a delimiter can be a signature."""
    written = [page.keys[line] for line in lines if page.keys[line]]
    if not written:
        return True
    if sure:
        return len(written) <= _MOST_LINES
    return len(written) <= _FEW_LINES and all(len(key) <= _SHORT and not _STOP.search(key) for key in written)


def _is_footer(page: Page, lines: list[int]) -> bool:
    """What a mailing list puts under every letter."""
    written = [page.keys[line] for line in lines if page.keys[line]]
    return 0 < len(written) <= _FEW_LINES and any(_FOOTER.search(key) for key in written)


def _until_afterthought(page: Page, lines: list[int]) -> list[int]:
    """The signature without a P.S. below it: that is the sender's."""
    for at, line in enumerate(lines):
        if at and page.keys[line] and _AFTERTHOUGHT.match(page.keys[line]) and not page.keys[lines[at - 1]]:
            return lines[:at]
    return lines


def _device_lines(page: Page, lines: list[int]) -> set[int]:
    found: set[int] = set()
    for at, line in enumerate(lines):
        key = page.keys[line]
        if not key or not is_device_line(key):
            continue
        tail = _tail(page, lines[at + 1 :])
        if tail is not None:
            found.add(line)
            found.update(tail)
        elif (at == 0 or not page.keys[lines[at - 1]]) and not page.keys[lines[at + 1]]:
            found.add(line)
    return found


def _tail(page: Page, lines: list[int]) -> list[int] | None:
    """What may stand below a device line at the end: its wrapped link, further such lines; None if more does."""
    written = [line for line in lines if page.keys[line]]
    if len(written) > 3:
        return None
    if all(is_link(page.keys[line]) or is_device_line(page.keys[line]) for line in written):
        return written
    return None
