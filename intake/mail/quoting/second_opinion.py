"""Lets the HTML decide where the text alone leaves open what is old."""

from __future__ import annotations

from intake.mail.quoting import html_quotes
from intake.mail.quoting.cutting import ANNOUNCEMENT, GUESSED, REST, Cut, drop_introduction_above
from intake.mail.quoting.html_quotes import Verdict


def apply(cut: Cut, html: str) -> None:
    """Change ``cut`` where the HTML is sure: its quotations are old, what stands below or beside them is new."""
    found = _filled(html_quotes.verdicts(html, cut.page.keys))
    _give_back(cut, found)
    for at, verdict in enumerate(found):
        if verdict is Verdict.OLD and not cut.old[at]:
            if not at or found[at - 1] is not Verdict.OLD:
                drop_introduction_above(cut, at)
            cut.old[at] = ANNOUNCEMENT
            cut.columns.pop(at, None)


def _filled(found: list[Verdict | None]) -> list[Verdict | None]:
    """Lines the HTML doesn't know, between two of one quotation, belong to it."""
    filled = list(found)
    before: Verdict | None = None
    start = 0
    for at, verdict in enumerate(found):
        if verdict is None:
            continue
        if verdict is Verdict.OLD and before is Verdict.OLD:
            filled[start:at] = [Verdict.OLD] * (at - start)
        before, start = verdict, at + 1
    return filled


def _give_back(cut: Cut, found: list[Verdict | None]) -> None:
    """New again: marked lines only guessed to be old, and lines below an older mail that has an end of its own."""
    ended = _begins_with_quotation(cut, found)
    for at, verdict in enumerate(found):
        if verdict is Verdict.NEW and (cut.old[at] == GUESSED or (ended and cut.old[at] == REST)):
            cut.old[at] = 0


def _begins_with_quotation(cut: Cut, found: list[Verdict | None]) -> bool:
    """Whether the first line of the older mail stands in a quotation: only then does its end mean anything."""
    first = next((at for at, why in enumerate(cut.old) if why == REST and cut.page.keys[at]), None)
    return first is not None and found[first] is Verdict.OLD
