"""Introductions of a quotation: «On Mon, 5 Oct 2026 at 12:05, Anna <a@b.example> wrote:» in every manner and language.

Not the words are looked for but the parts: a day, a time, an address, a verb of writing, a colon. Which of them there
are tells how much an introduction is worth without quotation marks below it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from intake.mail.quoting import dates, verbs
from intake.mail.quoting.lines import Page

MOST_LINES = 5
_LONGEST = 420
_MOST_WORDS = 45
_ENDS_IN_ADDRESS = re.compile(r"@[\w\[][\w.\[\]-]{1,80}[>)\]»\"'\s*|]*[:：]$")
_SENTENCE_END = re.compile(r"[.!?…;:)\]]['\"»]?\s*$|[\U0001f300-\U0001faff\u2600-\u27bf]\s*$")
_ENDINGS = (
    ":",
    "：",
    "wrote",
    "написал",
    "написала",
    "написал(а)",
    "пишет",
    "schrieb",
    "a écrit",
    "escribió",
    "escreveu",
)
_OF_MESSAGE = re.compile(
    r"(?:in|dans|en|w|в)\s(?:(?:message|article|news|l'article|сообщении|письме|статье)\s)?<[^<>\s]{3,200}>"
)
_WITHOUT_COLON = tuple(ending for ending in _ENDINGS if len(ending) > 1)
_SIGNED = re.compile(r"[^\W\d_][^\d:]{2,80}\d[\d./-]{5,9} \d\d?:\d\d:\d\d(?: ?[AP]M)?:$", re.IGNORECASE)
_FRAMED = re.compile(r"-{2,}[^-].*[^-]-{2,}$")
_BRACKETED = re.compile(r"<[^<>@]{1,100}@[^<>]{1,100}>")
_WORD = re.compile(r"[^\s,;:<>()\"«»]+")
_NAME_FIRST = re.compile(r"[\"'«*_\[(<]*[A-ZА-ЯЁІЇЄҐ\u00c0-\u00de\u0370-\u03ff\u3040-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Introduction:
    """An introduction from character ``column`` of line ``start`` to the end of line ``end``."""

    start: int
    column: int
    end: int


@dataclass(frozen=True, slots=True)
class _Parts:
    low: str
    days: list[tuple[int, int]]
    time: bool
    address: bool
    verb: re.Match[str] | None

    @property
    def whole(self) -> bool:
        """Day and time with an author, or day and verb."""
        if not self.days:
            return False
        return (self.time and self.address) or self.verb is not None


def _look(text: str) -> _Parts:
    low = text.casefold()
    if len(low) != len(text):
        low = text.lower() if len(text.lower()) == len(text) else text
    return _Parts(low, dates.dates(low), dates.has_time(low), dates.has_address(low), verbs.VERB.search(low))


def may_introduce(key: str) -> bool:
    """Cheap question before the dear one: does the line end as introductions do?"""
    last = key[-1]
    if last in ":：" or ("@" in key and key.endswith(_WITHOUT_COLON)):
        return True
    if last == ">" and key[0].isdigit() and "@" in key[-80:]:
        return True
    return last in "-*>" and key[-30:].rstrip("-*> ").endswith(_ENDINGS)


def introduction_ending_at(page: Page, end: int, floor: int, marked: bool) -> Introduction | None:
    """The introduction whose last line is ``end``; it never reaches above line ``floor``.

    ``marked``: quotation marks follow, so that less is asked of it; without them it must be sure by itself.
    """
    joined = ""
    for start in range(end, max(floor, end - MOST_LINES + 1) - 1, -1):
        key = page.keys[start]
        if page.is_blank(start) and start == end - 1 and len(_WORD.findall(joined)) <= 3:
            continue
        if page.depth[start] or not key or len(key) + len(joined) > _LONGEST:
            break
        joined = f"{key} {joined}" if joined else key
        parts = _look(joined)
        if not parts.whole:
            continue
        column = _begin(joined, parts)
        if column is not None and column < len(key):
            return _weigh(joined[column:], start, column, end, marked)
    if _is_framed(page.keys[end]):
        return Introduction(end, 0, end)
    return _plain(page, end, floor) if marked else None


def _is_framed(key: str) -> bool:
    """``-----Anna Belova <belova@desk.example> wrote: -----``, as Notes has it; ``---- Anna Belova wrote ----``."""
    if len(key) > _LONGEST or not _FRAMED.match(key):
        return False
    parts = _look(key)
    if parts.verb is None or parts.address:
        return parts.verb is not None
    words = _WORD.findall(key.strip("- "))
    return 1 < len(words) <= 6 and parts.low.rstrip("-: ").endswith(parts.verb[0]) and _only_names(words)


def _begin(joined: str, parts: _Parts) -> int | None:
    """Where the introduction begins in ``joined``; None when it may begin further up."""
    for day in reversed(parts.days):
        column = dates.opening(parts.low, day[0])
        before = joined[:column].rstrip()
        if not before:
            return 0
        authored = dates.has_address(before) or (parts.verb is not None and parts.verb.start() < column)
        if not _look(joined[column:]).whole:
            if authored:
                return _name_start(before)
            continue
        if _SENTENCE_END.search(before) and not dates.has_address(before):
            return column
        if authored:
            return _name_start(before)
        return column if parts.verb is not None or not _small_words(before) else None
    return None


def _name_start(before: str) -> int | None:
    """A name stands before the day; a sentence that ended before that name is the sender's."""
    ends = [found.end() for found in re.finditer(r"[.!?…]\s+(?=[\"'«<A-ZА-ЯЁ])", before)]
    at = ends[-1] if ends else 0
    return at if len(_WORD.findall(before[at:])) <= 8 else None


def _weigh(text: str, start: int, column: int, end: int, marked: bool) -> Introduction | None:
    parts = _look(text)
    if len(_WORD.findall(text)) > _MOST_WORDS or not parts.whole:
        return None
    if _stands_alone(text, parts) or (marked and (parts.address or _small_words(text) <= 1)):
        return Introduction(start, column, end)
    return None


def _small_words(text: str) -> int:
    """How many words are neither name, day nor verb: a sentence of the sender's has some."""
    words = [word for word in _WORD.findall(text) if len(word) > 3 and word.isalpha() and word[0].islower()]
    return sum(not _belongs(word.casefold()) for word in words)


def _belongs(word: str) -> bool:
    return word in verbs.SIMPLE or verbs.VERB.search(word) is not None or dates.names_a_day(word)


def introduction_within(key: str) -> int | None:
    """Where an introduction begins on a line that goes on with the older mail, as Yahoo's Android program has it."""
    colon = re.search(r"\w\s?:\s", key[key.find("@") :]) if "@" in key else None
    if colon is None:
        return None
    head = key[: key.find("@") + colon.end()].rstrip()
    parts = _look(head)
    if not parts.whole or parts.verb is None:
        return None
    column = _begin(head, parts)
    if column is None or not _stands_alone(head[column:], _look(head[column:])):
        return None
    return column


def _stands_alone(text: str, parts: _Parts) -> bool:
    """A day, its time, an author and the end of a phrase: what people write about a mail lacks one of these."""
    if not parts.days or not text.rstrip("-* ").endswith(_ENDINGS):
        return False
    leads = dates.opening(parts.low, parts.days[0][0]) == 0
    bracketed = _BRACKETED.search(text) is not None
    if parts.address and parts.verb is not None:
        dated = parts.time or (bracketed and dates.has_year(text))
        return dated and (leads or _NAME_FIRST.match(text) is not None)
    if parts.address:
        known = _ENDS_IN_ADDRESS.search(text) is not None and (bracketed or not _small_words(text))
        return parts.time and leads and known
    return parts.time and parts.verb is not None and (_is_named(text, parts) if leads else _is_signed(text))


def _is_signed(text: str) -> bool:
    """``Anna Belova/DESK wrote on 10/05/2026 12:05:33:``: Notes, which also writes the seconds."""
    return _SIGNED.match(text) is not None


def _is_named(text: str, parts: _Parts) -> bool:
    """Only names between the day and the verb: «жительница написала» is a sentence, «Ivan Petrov wrote» is none."""
    assert parts.verb is not None
    low, high = sorted((parts.days[-1][1], parts.verb.start()))
    words = [word for word in _WORD.findall(text[low:high]) if not any(char.isdigit() for char in word)]
    names = [word for word in words if word[0].isupper()]
    small = [word for word in words if not word[0].isupper() and len(word) > 3 and word.casefold() not in verbs.SIMPLE]
    return bool(names) and not small and dates.has_year(text)


def _plain(page: Page, at: int, floor: int) -> Introduction | None:
    """«Вы писали:», «Anna Belova wrote:», «12.10.2026, 14:20, Anna:»: believed only above quotation marks."""
    key = page.keys[at]
    start = at
    if len(_WORD.findall(key)) <= 2 and at > floor and _look(key).verb is not None and _is_author(page.keys[at - 1]):
        start, key = at - 1, f"{page.keys[at - 1]} {key}"
    return Introduction(start, 0, at) if len(key) <= _LONGEST and _is_plain(key) else None


def _is_author(key: str) -> bool:
    words = _WORD.findall(key)
    return dates.has_address(key) and len(words) <= 8 and _only_names(words)


def _is_plain(key: str) -> bool:
    parts = _look(key)
    words = _WORD.findall(key)
    if parts.time and (parts.days or (parts.address and dates.has_year(key))) and len(words) <= 14:
        signed = bool(parts.days) and len(words) <= 6 and _only_names(_WORD.findall(key[: parts.days[0][0]]))
        return not parts.days or dates.opening(parts.low, parts.days[0][0]) == 0 or parts.address or signed
    if parts.verb is not None and _OF_MESSAGE.match(parts.low) and len(words) <= 10:
        return True
    if addressed := verbs.ADDRESSED.search(parts.low):
        return addressed.start() <= 2 and len(words) <= 12
    if parts.verb is not None and len(words) <= 9 and (parts.address or " via " in key or _only_names(words)):
        return True
    known = parts.address and (key[-1] in ":：" or bool(parts.days)) and len(words) <= 8
    return known and (bool(parts.days) or _only_names(words))


def _only_names(words: list[str]) -> bool:
    return all(
        word[0].isupper()
        or "@" in word
        or word.casefold() in verbs.SIMPLE
        or verbs.VERB.search(word.casefold())
        or any(char.isdigit() for char in word)
        or len(word) <= 2
        for word in words
    )
