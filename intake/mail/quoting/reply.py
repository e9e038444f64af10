"""The new text of a mail, put together."""

from __future__ import annotations

import re
from dataclasses import dataclass

from intake.mail.quoting import armour, cutting, html_quotes, lines, second_opinion, signatures

_PLACEHOLDER = re.compile(r"\[cid:[^\]\s]{1,200}\]")
_IMAGE = re.compile(
    r"\[(?:image|изображение|зображення|bild|imagen|immagine|imagem|afbeelding|obraz)\s?:[^\]]{0,200}\]"
)


@dataclass(frozen=True, slots=True)
class NewText:
    """``reply``: what the sender newly wrote; ``signature``: what followed a delimiter, and device lines, or None.

    The words of both stand in the text they were taken from, in the same order.
    """

    reply: str
    signature: str | None


def new_text(text: str, html: str | None = None) -> NewText:
    """Take the sender's new words out of a decoded body.

    ``text`` is the plain body, or what was rendered from HTML with quotations as ``> `` lines; ``html`` the HTML body
    of the same mail if there is one, consulted where the text leaves open what is old. Never raises; linear time.
    """
    page = lines.read(text)
    cut = cutting.cut(page)
    if html and (not cut.announced or cut.open_end or cut.doubtful) and html_quotes.has_hints(html):
        second_opinion.apply(cut, html)
    if armour.MARK in text:
        for line in armour.frame_lines(page):
            cut.old[line] = cut.old[line] or cutting.ANNOUNCEMENT
    signed: set[int] = set()
    dropped: set[int] = set()
    for stretch in _stretches(cut):
        found, delimiters = signatures.signature_lines(page, stretch)
        signed |= found
        dropped |= delimiters
    kept = [
        _new_part(cut, at) for at in range(len(page)) if _is_new(cut, at) and at not in signed and at not in dropped
    ]
    signature = "\n".join(page.raw[at].rstrip() for at in sorted(signed)).strip("\n").strip()
    return NewText(_tidy(kept), signature or None)


def _is_new(cut: cutting.Cut, at: int) -> bool:
    return not cut.old[at] or at in cut.columns


def _new_part(cut: cutting.Cut, at: int) -> str:
    raw = cut.page.raw[at]
    if at not in cut.columns:
        return raw
    head = cut.page.keys[at][: cut.columns[at]]
    found = raw.find(head)
    return head if found < 0 else raw[: found + len(head)]


def _stretches(cut: cutting.Cut) -> list[list[int]]:
    """Runs of new lines with nothing old between them."""
    runs: list[list[int]] = [[]]
    for at in range(len(cut.page)):
        if not cut.old[at]:
            runs[-1].append(at)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _tidy(kept: list[str]) -> str:
    """Lines put together: no marks of pictures, no more than one blank line in a row, none at the ends."""
    out: list[str] = []
    for line in kept:
        if "[" in line:
            line = _PLACEHOLDER.sub("", line)
            if _IMAGE.fullmatch(line.strip()):
                continue
        line = line.rstrip()
        if line or (out and out[-1]):
            out.append(line)
    return "\n".join(out).strip("\n")
