"""The first judge: phrases with weights, kept as readable TOML in ``lexicon/``.

A phrase is words in their order: ``работа*`` any word that begins so, ``a|b*`` either, ``~`` up to three words of the
same sentence in between, ``<inf>`` an infinitive, ``<ask>`` a request (сделайте, пришлите), ``<does>`` and ``<did>``
a verb's third person and past, ``<n>`` a number, ``<5xx>`` a server's error code. A rule counts once for each place
where it is found, twice at most.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Final

from intake.typing.verdict import LABELS
from intake.typing.words import ENDS, QUESTION, Reading, vocabulary

GAP: Final = 3
_MOST_HITS: Final = 2
_INFINITIVE = re.compile(r"[а-я]{2,}(?:ть|ться|ти|тись|чь|чься)$")
_DOES = re.compile(r"[а-я]{3,}(?:[еиую]т|[ая]т)(?:ся)?$")
_DID = re.compile(r"[а-я]{2,}[аеиыуя]л(?:а|о|и)?(?:с[ья])?$")
_REQUEST = re.compile(r"[а-я]{2,}(?:айте|яйте|ойте|уйте|ейте|ите|йте|ьте|ите-ка)$")


@dataclass(frozen=True, slots=True)
class Rule:
    """``weights[question][label]``; ``where`` is "", "question", "statement" or "subject"; ``mutes`` is an area
    whose rules are not heard later in the same sentence. The area of a rule is its name up to the first ``_``."""

    name: str
    weights: dict[str, dict[str, float]]
    where: str = ""
    mutes: str = ""

    @property
    def area(self) -> str:
        return self.name.partition("_")[0]


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of `rule` found from word `first` to word `last`."""

    rule: Rule
    first: int
    last: int


@dataclass(slots=True)
class _Node:
    next: dict[str, _Node] = field(default_factory=dict)
    near: dict[str, _Node] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)


class Lexicon:
    """Rules compiled for looking them up; read-only once built."""

    def __init__(self, rules: Iterable[tuple[Rule, list[str]]]) -> None:
        self.rules: dict[str, Rule] = {}
        self._root = _Node()
        self._exact: set[str] = set()
        self._prefixes: set[str] = set()
        for rule, phrases in rules:
            self.rules[rule.name] = rule
            for phrase in phrases:
                self._add(phrase.replace("ё", "е"), rule)
        self._lengths = sorted({len(prefix) for prefix in self._prefixes})
        self._atoms: dict[str, tuple[str, ...]] = {}

    def _add(self, phrase: str, rule: Rule) -> None:
        nodes, near = [self._root], False
        for element in phrase.split():
            if element == "~":
                near = True
                continue
            nodes, near = [self._step(node, atom, near) for atom in element.split("|") for node in nodes], False
        for node in nodes:
            node.rules.append(rule)

    def _step(self, node: _Node, atom: str, near: bool) -> _Node:
        if atom.endswith("*"):
            self._prefixes.add(atom[:-1])
        else:
            self._exact.add(atom)
        return (node.near if near else node.next).setdefault(atom, _Node())

    def atoms(self, word: str) -> tuple[str, ...]:
        """What of the phrases `word` can stand for."""
        known = self._atoms.get(word)
        if known is None:
            if len(self._atoms) > 65_536:
                self._atoms.clear()
            known = self._atoms[word] = tuple(self._atoms_of(word))
        return known

    def _atoms_of(self, word: str) -> Iterator[str]:
        if word in self._exact:
            yield word
        for length in self._lengths:
            if length > len(word):
                break
            if word[:length] in self._prefixes:
                yield word[:length] + "*"
        yield from _classes(word)

    def hits(self, reading: Reading) -> list[Hit]:
        """Every phrase found, in the order of the text, muted and misplaced ones left out."""
        words = [self.atoms(word) for word in reading.words]
        found = [hit for at in range(len(words)) if words[at] for hit in self._walk(self._root, words, at, at)]
        return _heard(found, reading)

    def _walk(self, node: _Node, words: list[tuple[str, ...]], at: int, first: int) -> Iterator[Hit]:
        for atom in words[at]:
            child = node.next.get(atom)
            if child is not None:
                yield from self._from(child, words, at, first)

    def _from(self, node: _Node, words: list[tuple[str, ...]], at: int, first: int) -> Iterator[Hit]:
        for rule in node.rules:
            yield Hit(rule, first, at)
        if node.next and at + 1 < len(words):
            yield from self._walk(node, words, at + 1, first)
        if node.near:
            for later in range(at + 1, min(at + GAP + 2, len(words))):
                if words[later] == _END:
                    break
                for atom in words[later]:
                    child = node.near.get(atom)
                    if child is not None:
                        yield from self._from(child, words, later, first)


_END: Final = ("<end>",)


def _classes(word: str) -> Iterator[str]:
    if word in ENDS:
        yield "<end>"
    elif word[0].isdigit():
        yield "<n>"
        if len(word) == 3 and word[0] == "5" and word.isdigit():
            yield "<5xx>"
    elif _INFINITIVE.search(word) and word not in vocabulary().nouns and not word.endswith("ость"):
        yield "<inf>"
    elif _DOES.search(word) and word not in vocabulary().nouns:
        yield "<does>"
    elif _DID.search(word):
        yield "<did>"
    elif _REQUEST.search(word) and word not in vocabulary().nouns:
        yield "<ask>"


def _heard(found: list[Hit], reading: Reading) -> list[Hit]:
    """Of hits of one rule that overlap the longest; none that is out of place or muted earlier in its sentence."""
    sentence, asked = _sentences(reading.words)
    found = [hit for hit in found if not hit.rule.where or _in_place(hit, reading, asked[sentence[hit.first]])]
    muted = _muted(found, sentence)
    heard: dict[tuple[str, int], Hit] = {}
    latest: dict[str, tuple[str, int]] = {}
    for hit in found:
        rule = hit.rule
        if rule.area in muted and muted[rule.area].get(sentence[hit.first], hit.first) < hit.first:
            continue
        key = latest.get(rule.name)
        before = heard[key] if key is not None else None
        if key is None or before is None or before.last < hit.first:
            latest[rule.name] = key = (rule.name, hit.first)
            heard[key] = hit
        elif hit.last - hit.first > before.last - before.first:
            heard[key] = hit
    return list(heard.values())


def _muted(found: list[Hit], sentence: list[int]) -> dict[str, dict[int, int]]:
    """For each muted area, from which word of a sentence on its rules are not heard."""
    muted: dict[str, dict[int, int]] = {}
    for hit in found:
        if hit.rule.mutes:
            muted.setdefault(hit.rule.mutes, {}).setdefault(sentence[hit.first], hit.first)
    return muted


def _in_place(hit: Hit, reading: Reading, asked: bool) -> bool:
    match hit.rule.where:
        case "question":
            return asked
        case "statement":
            return not asked
        case _:
            return hit.first < reading.in_subject


def _sentences(words: tuple[str, ...]) -> tuple[list[int], list[bool]]:
    """For each word the number of its sentence, and for each sentence whether it ends in a question mark."""
    of: list[int] = []
    asked: list[bool] = []
    number = 0
    for word in words:
        of.append(number)
        if word in ENDS:
            asked.append(word == QUESTION)
            number += 1
    asked.append(False)
    return of, asked


def scores(hits: Iterable[Hit], question: str) -> dict[str, float]:
    """The weights of the rules that hit, summed by label."""
    total = dict.fromkeys(LABELS[question], 0.0)
    times: dict[str, int] = {}
    for hit in hits:
        weights = hit.rule.weights.get(question)
        if not weights:
            continue
        times[hit.rule.name] = seen = times.get(hit.rule.name, 0) + 1
        if seen <= _MOST_HITS:
            for label, weight in weights.items():
                total[label] += weight / seen
    return total


@lru_cache(maxsize=1)
def shipped() -> Lexicon:
    """The lexicon of the package: every rule of ``lexicon/*.toml`` but the word lists."""
    folder = files(__package__).joinpath("lexicon")
    rules: list[tuple[Rule, list[str]]] = []
    for file in sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name):
        if file.name != "words.toml":
            rules.extend(_rules(tomllib.loads(file.read_text("utf-8"))))
    return Lexicon(rules)


def _rules(table: dict[str, dict[str, object]]) -> Iterator[tuple[Rule, list[str]]]:
    for name, body in table.items():
        weights = {question: _weights(body[question]) for question in LABELS if question in body}
        says = body["says"]
        if not isinstance(says, list):
            raise TypeError(f"lexicon rule {name}: says must be a list of phrases")
        yield Rule(name, weights, str(body.get("where", "")), str(body.get("mutes", ""))), [str(p) for p in says]


def _weights(table: object) -> dict[str, float]:
    if not isinstance(table, dict):
        raise TypeError("a rule's weights are a table of label = weight")
    return {str(label): float(weight) for label, weight in table.items()}
