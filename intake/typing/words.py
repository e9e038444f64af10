"""Words of a mail as the judges read them: lower case, ё as е, wrong layout and translit turned into Russian.

Every word keeps its place in the source, so that evidence can be shown as the sender wrote it.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

STOP: Final = "."
QUESTION: Final = "?"
ALARM: Final = "!"
ENDS: Final = frozenset((STOP, QUESTION, ALARM))
LONGEST_TEXT: Final = 12_000
_LONGEST_WORD: Final = 40

_PIECES = re.compile(
    r"(?P<link>https?://\S{1,300}|\b[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,190})"
    r"|(?P<word>(?:\d{1,4}-?)?[^\W\d_]+(?:[-’'][^\W\d_]+)*)"
    r"|(?P<number>\d+(?:[.,:/]\d+)*)"
    r"|(?P<end>[.?!…]+|\n\s*\n|(?<=[:;])\n|\n\s*[-–—•*>]\s)"
)
_LATIN_RUN = re.compile(r"(?:[\[{;:,.`](?=[A-Za-z]))?[A-Za-z][A-Za-z\[\]{};:'\",.<>`~ \t?!-]*")
_LATIN_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")
_LAYOUT: Final = str.maketrans(
    "qwertyuiop[]asdfghjkl;'zxcvbnm,.`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>~",
    "йцукенгшщзхъфывапролджэячсмитьбюёЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ",
)
_CLUSTERS: Final = (
    ("shch", "щ"), ("sch", "щ"), ("zh", "ж"), ("kh", "х"), ("ch", "ч"), ("sh", "ш"), ("ts", "ц"), ("yu", "ю"),
    ("ju", "ю"), ("iu", "ю"), ("ya", "я"), ("ja", "я"), ("yo", "е"), ("jo", "е"), ("ye", "е"), ("je", "е"),
)  # fmt: skip
_LETTERS: Final = str.maketrans("abvgdezijklmnoprstufhcywxq", "абвгдезийклмнопрстуфхцывхк")
_Y_AFTER_VOWEL = re.compile(r"(?<=[аеиоуыэюя])ы")


@dataclass(frozen=True, slots=True)
class Reading:
    """A subject and a text, read: ``words[i]`` stands at ``source[spans[i][0]:spans[i][1]]``.

    Sentence ends stand among the words as ``.``, ``?`` or ``!``; the first ``in_subject`` words are the subject's.
    """

    source: str
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    in_subject: int

    def shown(self, first: int, last: int) -> str:
        """The words from ``first`` to ``last`` as they stand in the source."""
        return self.source[self.spans[first][0] : self.spans[last][1]]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    english: frozenset[str]
    russian: frozenset[str]
    softless: frozenset[str]
    nouns: frozenset[str]
    grammar: frozenset[str]
    slips: dict[str, str]


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The word lists of ``lexicon/words.toml``; ``softless`` is Russian as it is transliterated in haste."""
    lists = tomllib.loads(files(__package__).joinpath("lexicon/words.toml").read_text("utf-8"))
    shared = frozenset(lists["shared"].split())
    russian = frozenset(lists["russian"].split())
    corrected = lists["corrected"].split()
    slips: dict[str, str] = {}
    for word in corrected:
        for slip in _with_one_letter_lost(word):
            slips.setdefault(slip, word)
    slips.update((word, word) for word in corrected)
    return Vocabulary(
        frozenset(lists["english"].split()) - shared,
        russian,
        frozenset(word.replace("ь", "") for word in russian),
        frozenset(lists["nouns"].split()),
        frozenset(lists["grammar"].split()),
        slips,
    )


def _with_one_letter_lost(word: str) -> list[str]:
    return [word[:i] + word[i + 1 :] for i in range(len(word))]


@lru_cache(maxsize=65_536)
def spelled(word: str) -> str:
    """`word` in lower case, ё as е, its commonest slips put right."""
    word = word[:_LONGEST_WORD].lower().replace("ё", "е").replace("’", "'")
    if len(word) < 6:
        return "1с" if word == "1c" else word
    slips = vocabulary().slips
    if word in slips and slips[word][0] == word[0]:
        return slips[word]
    for shorter in _with_one_letter_lost(word):
        meant = slips.get(shorter)
        if meant is not None and abs(len(meant) - len(word)) <= 1 and _keeps_ends(word, meant):
            return meant
    return word


def _keeps_ends(word: str, meant: str) -> bool:
    """A slip in the ending is another form of the word, not a slip; the first letter is seldom wrong."""
    return word[0] == meant[0] and word[-2:] == meant[-2:]


def read(subject: str, text: str) -> Reading:
    """The words of a subject and a text; only the first `LONGEST_TEXT` characters of the text are read."""
    subject = subject[:1000]
    source = f"{subject}\n\n{text[:LONGEST_TEXT]}" if subject.strip() else text[:LONGEST_TEXT]
    russian = _in_russian_layout(source)
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    in_subject = 0
    limit = len(subject) if subject.strip() else 0
    translit = _translit_runs(russian)
    for piece in _PIECES.finditer(russian):
        word = _piece(piece, translit)
        if word == STOP and (not words or words[-1] in ENDS):
            continue
        words.append(word)
        spans.append(piece.span())
        if piece.start() < limit:
            in_subject = len(words)
    return Reading(source, tuple(words), tuple(spans), in_subject)


def _piece(piece: re.Match[str], translit: list[tuple[int, int]]) -> str:
    kind, word = piece.lastgroup, piece.group()
    if kind == "word":
        if word[0].isascii() and word.lower() not in vocabulary().english and _within(piece.start(), translit):
            return spelled(in_russian_letters(word.lower()))
        return spelled(word)
    if kind == "number":
        return word[:_LONGEST_WORD]
    if kind == "link":
        return "<link>"
    return QUESTION if "?" in word else ALARM if "!" in word else STOP


def _within(at: int, runs: list[tuple[int, int]]) -> bool:
    place = bisect_right(runs, (at, LONGEST_TEXT * 2)) - 1
    return place >= 0 and runs[place][0] <= at < runs[place][1]


def in_russian_letters(word: str) -> str:
    """Latin transliteration read back (any of the usual tables, soft signs often lost)."""
    for latin, letter in _CLUSTERS:
        word = word.replace(latin, letter)
    return _Y_AFTER_VOWEL.sub("й", word.replace("'", "ь").translate(_LETTERS)).replace("иы", "ий")


def _in_russian_layout(source: str) -> str:
    """`source`, same length, with what was typed in the English layout by mistake turned into Russian."""
    return _LATIN_RUN.sub(lambda run: _retyped(run.group()), source)


def _retyped(run: str) -> str:
    meant = run.translate(_LAYOUT)
    if _known(meant.lower().replace("ё", "е"), vocabulary().russian) > _known(run.lower(), vocabulary().english):
        return "".join(m if _is_key(r, i, run) else r for i, (r, m) in enumerate(zip(run, meant, strict=True)))
    return run


def _is_key(char: str, at: int, run: str) -> bool:
    """Whether a character of a wrongly typed run is a letter's key: a comma before a space stays a comma."""
    if char.isalpha() or char not in ",.;:'\"<>":
        return True
    after = run[at + 1 : at + 2]
    return after.isalpha() and (char in ",.;:" or (at > 0 and not run[at - 1].isspace()))


def _known(words: str, known: frozenset[str]) -> int:
    """How many words of a run are known: the letters of those that carry weight, so that в and and count little."""
    return sum(len(word) for word in re.findall(r"[^\W\d_]+", words) if word in known)


def _translit_runs(source: str) -> list[tuple[int, int]]:
    """Places of Latin runs that are Russian in Latin letters."""
    runs = []
    for run in _LATIN_RUN.finditer(source):
        words = _LATIN_WORD.findall(run.group().lower())
        meant = " ".join(in_russian_letters(word) for word in words if word not in vocabulary().english)
        hits = _known(meant.replace("ь", ""), vocabulary().softless)
        if hits > 4 and hits > _known(run.group().lower(), vocabulary().english):
            runs.append(run.span())
    if runs and sum(last - first for first, last in runs) * 3 > len(source):
        return [(0, len(source))]
    return runs
