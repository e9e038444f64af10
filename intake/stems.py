"""Stems of words, the same on every database: what search compares instead of what people wrote.

A stem is lower case, ё as е, without marks above letters; Russian and English words lose their endings (Snowball),
numbers and mixed names stay whole. All else separates words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from threading import Lock
from typing import Any, Final

LONGEST: Final = 40
"""Characters of a word that count."""
_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile("[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]")
_CYRILLIC = re.compile(r"[а-я]+\Z")
_LATIN = re.compile(r"[a-z]+\Z")
_ONE_AT_A_TIME: Final = Lock()
"""A stemmer keeps its word in itself while it works."""


def words(text: str) -> list[str]:
    """The words of a text as they are compared, endings kept."""
    return [word[:LONGEST] for word in _WORD.findall(folded(text))]


def stems(text: str) -> list[str]:
    """The stems of a text, in order."""
    return [stem(word) for word in words(text)]


def folded(text: str) -> str:
    """Case, composition and marks taken away."""
    if text.isascii():
        return text.lower()
    composed = unicodedata.normalize("NFKC", text).casefold()
    return _MARKS.sub("", unicodedata.normalize("NFKC", composed)).replace("ё", "е")


@lru_cache(maxsize=131_072)
def stem(word: str) -> str:
    """The stem of one of `words`."""
    if _CYRILLIC.match(word):
        language = "russian"
    elif _LATIN.match(word):
        language = "english"
    else:
        return word
    with _ONE_AT_A_TIME:
        return str(_stemmer(language).stemWord(word)) or word


@lru_cache(maxsize=2)
def _stemmer(language: str) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer(language)
