"""The second judge: a linear model over `features`, its weights in one compact file.

One score for each label of each question; the scores of a question go through a softmax (multinomial logistic
regression). The file is JSON: feature names, one signed byte for each weight (base64) and what a byte is worth.
"""

from __future__ import annotations

import base64
import hashlib
import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from intake.typing.features import Seen, word_features
from intake.typing.verdict import LABELS

FORMAT: Final = 1
WIDTH: Final = sum(map(len, LABELS.values()))
_BYTE: Final = 127
_LARGEST: Final = 1e6


def _spans() -> dict[str, slice]:
    spans, at = {}, 0
    for question, labels in LABELS.items():
        spans[question] = slice(at, at + len(labels))
        at += len(labels)
    return spans


SPANS: Final = _spans()
"""Where the scores of each question stand among the `WIDTH` scores."""


class Rows(Mapping[str, Sequence[float]]):
    """Weights by feature name, unpacked row by row when asked for: most are never needed."""

    def __init__(self, names: Sequence[str], codes: Sequence[int], worth: float) -> None:
        if len(codes) != len(names) * WIDTH:
            raise ValueError("cut short")
        self._at = dict(zip(names, range(0, len(codes), WIDTH), strict=True))
        self._codes, self._worth = codes, worth

    def __getitem__(self, name: str) -> list[float]:
        at = self._at[name]
        return [code * self._worth for code in self._codes[at : at + WIDTH]]

    def __contains__(self, name: object) -> bool:
        return name in self._at

    def __iter__(self) -> Iterator[str]:
        return iter(self._at)

    def __len__(self) -> int:
        return len(self._at)


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Weights, and how they were judged on held-back mails.

    ``lexicon_share[question]``: how much of the lexicon's scores is added to the model's (None: the model did not beat
    the lexicon, which then judges alone). ``sure[question]``: the confidence below which a person is asked.
    ``held_back[question]``: the share of right answers on examples held back. ``package``: of which package's model it
    is a desk's own version, "" for the package's itself.
    """

    weights: Mapping[str, Sequence[float]]
    bias: Sequence[float]
    lexicon_share: Mapping[str, float | None]
    sure: Mapping[str, float]
    trained_on: int = 0
    held_back: Mapping[str, float] = field(default_factory=dict)
    package: str = ""
    _of_word: dict[str, list[float]] = field(default_factory=dict)

    def of_word(self, word: str) -> list[float]:
        """What a word alone adds to each score (before its share of the mail)."""
        known = self._of_word.get(word)
        if known is None:
            if len(self._of_word) > 32_768:
                self._of_word.clear()
            known = []
            for name, share in word_features(word):
                if name in self.weights:
                    row = self.weights[name]
                    known = [a + share * b for a, b in zip(known or [0.0] * WIDTH, row, strict=True)]
            self._of_word[word] = known
        return known

    def scores(self, seen: Seen) -> list[float]:
        """The `WIDTH` scores of a mail."""
        rows = [row for row in map(self.of_word, seen.words) if row]
        words = [sum(column) for column in zip(*rows, strict=True)] if rows else [0.0] * WIDTH
        total = [bias + seen.value * score for bias, score in zip(self.bias, words, strict=True)]
        for name, value in seen.further:
            if name in self.weights:
                row = self.weights[name]
                total = [score + value * weight for score, weight in zip(total, row, strict=True)]
        return total

    def save(self, path: Path) -> None:
        """Writes the file in one step, so that a reader never sees half of it."""
        beside = path.with_name(path.name + ".new")
        beside.write_text(self.packed(), "utf-8")
        beside.replace(path)

    def packed(self) -> str:
        """The model as text, one line; `unpacked` reads it."""
        return json.dumps(self._packed(), ensure_ascii=False, separators=(",", ":")) + "\n"

    def _packed(self) -> dict[str, object]:
        worth = max((abs(weight) for row in self.weights.values() for weight in row), default=1.0) / _BYTE or 1.0
        packed = {name: [round(weight / worth) for weight in row] for name, row in self.weights.items()}
        kept = {name: row for name, row in packed.items() if any(row)}
        return {
            "format": FORMAT,
            "labels": LABELS,
            "trained_on": self.trained_on,
            "package": self.package,
            "held_back": self.held_back,
            "lexicon_share": self.lexicon_share,
            "sure": self.sure,
            "worth": worth,
            "bias": [round(value, 4) for value in self.bias],
            "names": " ".join(kept),
            "weights": base64.b64encode(array("b", [v for row in kept.values() for v in row]).tobytes()).decode(),
        }


def load_model(path: Path | None = None) -> Model:
    """The package's own model, or that of a file. Raises ValueError when the file is no model of this version."""
    if path is None:
        return _shipped()
    return unpacked(path.read_text("utf-8"), str(path))


def package_mark() -> str:
    """Tells the package's model, and with it the lexicon and features it goes with, from another version's."""
    return hashlib.sha256(_shipped_text().encode()).hexdigest()[:16]


@lru_cache(maxsize=2)
def desk_model(text: str) -> Model:
    """The model of a desk as `Lessons.model` tells it, the package's own where it has none or where that
    `is_set_aside`. Never raises: a desk judges mail with any model rather than with none."""
    own = _of_this_package(text)
    return _shipped() if own is None else own


def is_set_aside(text: str) -> bool:
    """Whether a desk has a model of its own that does not judge: learnt beside another version of the package, whose
    lexicon and features it went with, or unreadable."""
    return bool(text) and _of_this_package(text) is None


def _of_this_package(text: str) -> Model | None:
    try:
        model = unpacked(text, "the desk's model") if text else None
    except ValueError:
        return None
    return model if model is not None and model.package == package_mark() else None


@lru_cache(maxsize=1)
def _shipped() -> Model:
    return unpacked(_shipped_text(), "the package's model")


@lru_cache(maxsize=1)
def _shipped_text() -> str:
    return files(__package__).joinpath("model.json").read_text("utf-8")


def unpacked(text: str, origin: str) -> Model:
    """The model that `Model.packed` wrote. Raises ValueError naming `origin` when it is none of this version."""
    try:
        packed: dict[str, Any] = json.loads(text)
        if packed["format"] != FORMAT or {q: tuple(labels) for q, labels in packed["labels"].items()} != LABELS:
            reason = "made by another version"
        else:
            return Model(
                _rows(packed),
                [_number(bias) for bias in packed["bias"]],
                {q: None if (share := packed["lexicon_share"][q]) is None else _number(share) for q in LABELS},
                {q: _number(packed["sure"][q]) for q in LABELS},
                packed["trained_on"],
                {q: _number(share) for q, share in packed.get("held_back", {}).items()},
                packed.get("package", ""),
            )
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        reason = repr(error)
    raise ValueError(f"{origin} can't be read as a typing model: {reason}; run `otklik typing train`")


def _number(value: object) -> float:
    """One that can be reckoned with: what is none would raise, or judge, with every mail."""
    if not isinstance(value, int | float) or not -_LARGEST < value < _LARGEST:
        raise ValueError(f"{str(value)[:20]} is no weight")
    return float(value)


def _rows(packed: dict[str, Any]) -> Rows:
    if len(packed["bias"]) != WIDTH:
        raise ValueError("cut short")
    names = packed["names"].split(" ") if packed["names"] else []
    return Rows(names, array("b", base64.b64decode(packed["weights"], validate=True)), _number(packed["worth"]))
