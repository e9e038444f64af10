"""The second judge: a linear model over `features`, its weights in one compact file.

One score for each label of each question; the scores of a question go through a softmax (multinomial logistic
regression). The file is JSON: feature names, one signed byte for each weight (base64) and what a byte is worth.
"""

from __future__ import annotations

import base64
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
    """

    weights: Mapping[str, Sequence[float]]
    bias: Sequence[float]
    lexicon_share: Mapping[str, float | None]
    sure: Mapping[str, float]
    trained_on: int = 0
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
        beside.write_text(json.dumps(self._packed(), ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
        beside.replace(path)

    def _packed(self) -> dict[str, object]:
        worth = max((abs(weight) for row in self.weights.values() for weight in row), default=1.0) / _BYTE or 1.0
        packed = {name: [round(weight / worth) for weight in row] for name, row in self.weights.items()}
        kept = {name: row for name, row in packed.items() if any(row)}
        return {
            "format": FORMAT,
            "labels": LABELS,
            "trained_on": self.trained_on,
            "lexicon_share": self.lexicon_share,
            "sure": self.sure,
            "worth": worth,
            "bias": [round(value, 4) for value in self.bias],
            "names": " ".join(kept),
            "weights": base64.b64encode(array("b", [v for row in kept.values() for v in row]).tobytes()).decode(),
        }


def model_path(storage_url: str) -> Path:
    """Where a desk keeps its own model: beside an SQLite file, else in ``var/``."""
    scheme, _, file = storage_url.partition(":///")
    folder = Path(file.partition("?")[0]).parent if scheme == "sqlite" and file else Path("var")
    return folder / "typing-model.json"


def load_model(path: Path | None = None) -> Model:
    """The model of a desk's file; the package's own when `path` is None or there is no such file.

    Raises ValueError when the file is no model of this version.
    """
    if path is None or not path.exists():
        return _shipped()
    return _unpacked(path.read_text("utf-8"), str(path))


@lru_cache(maxsize=1)
def _shipped() -> Model:
    return _unpacked(files(__package__).joinpath("model.json").read_text("utf-8"), "the package's model")


def _unpacked(text: str, origin: str) -> Model:
    try:
        packed: dict[str, Any] = json.loads(text)
        if packed["format"] != FORMAT or {q: tuple(labels) for q, labels in packed["labels"].items()} != LABELS:
            reason = "made by another version"
        else:
            return Model(_rows(packed), packed["bias"], packed["lexicon_share"], packed["sure"], packed["trained_on"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reason = repr(error)
    raise ValueError(f"{origin} can't be read as a typing model: {reason}; run `otklik typing train`")


def _rows(packed: dict[str, Any]) -> Rows:
    if len(packed["bias"]) != WIDTH:
        raise ValueError("cut short")
    names = packed["names"].split(" ") if packed["names"] else []
    return Rows(names, array("b", base64.b64decode(packed["weights"], validate=True)), float(packed["worth"]))
