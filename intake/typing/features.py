"""What the linear model sees of a mail: word stems, their pairs, runs of letters, the lexicon's rules, the form.

Names of features: ``w:`` stem, ``c:`` four letters of a word, ``s:`` stem in the subject, ``b:`` two stems in a row,
``r:`` a lexicon rule that hit, ``l:`` a lexicon score, ``f:`` the form of the mail.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from threading import Lock
from typing import Final

import snowballstemmer

from intake.typing.lexicon import Hit, scores
from intake.typing.verdict import LABELS
from intake.typing.words import ALARM, ENDS, QUESTION, Reading, vocabulary

_GRAM: Final = 4
_SHORT_BUT_TELLING: Final = frozenset(("не", "ни", "бы", "ли", "вы", "мы", "1с"))
_OF_GRAMS: Final = 0.4
_BESIDE_WORDS: Final = 0.2
"""Value of a feature that is not a word, against 1/√n for each of n words: found by cross-validation."""

_RUSSIAN: Final = snowballstemmer.stemmer("russian")
_ENGLISH: Final = snowballstemmer.stemmer("english")
_ONE_AT_A_TIME: Final = Lock()
"""A stemmer keeps its word in itself while it works."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A mail as the model sees it: distinct words, each standing for its own features, and further named features."""

    words: tuple[str, ...]
    value: float
    further: tuple[tuple[str, float], ...]

    def row(self) -> list[tuple[str, float]]:
        """Every feature with its value."""
        words = [(name, self.value * share) for word in self.words for name, share in word_features(word)]
        return words + list(self.further)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem of a word as `words.spelled` gives it; a number by its length, so that one order is like another."""
    if word[-1].isdigit():
        return "5xx" if len(word) == 3 and word[0] == "5" else f"<{min(len(word), 6)}>"
    with _ONE_AT_A_TIME:
        return str((_ENGLISH if word.isascii() else _RUSSIAN).stemWord(word))


@lru_cache(maxsize=65_536)
def word_features(word: str) -> tuple[tuple[str, float], ...]:
    """The features that hang on one word alone, each with its share of the word's value."""
    if word[-1].isdigit() or word in vocabulary().grammar or (len(word) < 3 and word not in _SHORT_BUT_TELLING):
        return ()
    framed = f"^{word}$"
    grams = [f"c:{framed[at : at + _GRAM]}" for at in range(len(framed) - _GRAM + 1)] if len(word) > 3 else []
    return ((f"w:{stem(word)}", 1.0), *((gram, _OF_GRAMS) for gram in grams))


def look(reading: Reading, hits: Iterable[Hit], *, with_lexicon: bool = True) -> Seen:
    """A reading and its lexicon hits as features."""
    words = [word for word in reading.words if word not in ENDS]
    stems = [stem(word) for word in words]
    distinct = tuple(dict.fromkeys(words))
    value = 1.0 / max(1, len(distinct)) ** 0.5
    subject = [f"s:{stem(word)}" for word in reading.words[: reading.in_subject] if word not in ENDS]
    pairs = [f"b:{first}_{second}" for first, second in pairwise(stems)]
    further = [(name, value) for name in dict.fromkeys(pairs + subject)]
    further += [(name, _BESIDE_WORDS) for name in _form(reading)]
    if with_lexicon:
        further += _of_lexicon(list(hits))
    return Seen(distinct, value, tuple(further))


def _form(reading: Reading) -> list[str]:
    """The form of the mail: questions, alarms, length, numbers, shouting."""
    words = reading.words
    size = len(words)
    capitals = sum(map(str.isupper, reading.source))
    return [
        f"f:asked={min(words.count(QUESTION), 3)}",
        f"f:alarms={min(words.count(ALARM), 3)}",
        f"f:numbers={min(sum(word[0].isdigit() for word in words), 12) // 3}",
        f"f:size={(size > 11) + (size > 29) + (size > 79)}",
        f"f:shouted={capitals * 3 > len(reading.source)}",
        f"f:ends={words[-1] if words and words[-1] in ENDS else '-'}",
    ]


def _of_lexicon(hits: list[Hit]) -> list[tuple[str, float]]:
    found = [(f"r:{name}", _BESIDE_WORDS) for name in dict.fromkeys(hit.rule.name for hit in hits)]
    for question in LABELS:
        for label, score in scores(hits, question).items():
            if score:
                found.append((f"l:{label}", _BESIDE_WORDS * score))
    return found
