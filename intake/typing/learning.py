"""Training of the linear model: multinomial logistic regression by averaged stochastic gradient, without libraries.

Deterministic: the same mails in the same order give the same weights.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from intake.typing.examples import Example
from intake.typing.linear import SPANS, WIDTH
from intake.typing.verdict import LABELS

EPOCHS: Final = 8
RATE: Final = 1.0
SHRINK: Final = 0.99
"""Weights are multiplied by this after each round, which keeps those of rare features small."""

_LEAST_SEEN: Final = 2
_LEAST_WRITERS: Final = 2
_SETTLED: Final = 0.005
_SEED: Final = 20_260_101

Row = Sequence[tuple[str, float]]


@dataclass(slots=True)
class _Case:
    features: list[tuple[int, float]]
    answers: list[tuple[int, int, int]]
    weight: int


def fit(
    rows: Sequence[Row], examples: Sequence[Example], bare: Sequence[Row] = ()
) -> tuple[dict[str, list[float]], list[float]]:
    """Weights by feature name, and the bias, for `rows` whose right answers `examples` hold.

    ``bare`` are the same mails seen without the lexicon, learnt from beside `rows`: the lexicon knows the mails it was
    written after better than any other, and a model that always sees both leans on it too much.
    A feature that only one person's words have is left out, so that nobody's words can be read back from a model.
    """
    names = _names(rows, [example.writer for example in examples])
    cases = [
        _Case([(names[name], value) for name, value in row if name in names], _answers(example), example.weight)
        for seen in (rows, bare)
        for row, example in zip(seen, examples, strict=False)
    ]
    weights = [[0.0] * WIDTH for _ in names]
    total = [[0.0] * WIDTH for _ in names]
    bias = [0.0] * WIDTH
    shuffled = random.Random(_SEED)
    averaged = range(EPOCHS // 2, EPOCHS)
    for epoch in range(EPOCHS):
        shuffled.shuffle(cases)
        for case in cases:
            bias = _step(case, weights, bias, RATE / (1 + 0.15 * epoch))
        weights = [[weight * SHRINK for weight in row] for row in weights]
        if epoch in averaged:
            total = [[a + b for a, b in zip(t, w, strict=True)] for t, w in zip(total, weights, strict=True)]
    mean = [[value / len(averaged) for value in row] for row in total]
    return dict(zip(names, mean, strict=True)), bias


def _names(rows: Sequence[Row], writers: Sequence[str | None]) -> dict[str, int]:
    seen = Counter(name for row in rows for name, _ in row)
    public = {name for row, writer in zip(rows, writers, strict=True) if writer is None for name, _ in row}
    private = {(name, writer) for row, writer in zip(rows, writers, strict=True) if writer for name, _ in row}
    written = Counter(name for name, _ in private)
    return {
        name: number
        for number, name in enumerate(
            name
            for name, times in seen.items()
            if times >= _LEAST_SEEN and (name in public or written[name] >= _LEAST_WRITERS)
        )
    }


def _answers(example: Example) -> list[tuple[int, int, int]]:
    found = []
    for question, span in SPANS.items():
        answer = example.answer(question)
        if answer is not None:
            found.append((span.start, span.stop, span.start + LABELS[question].index(answer)))
    return found


def _step(case: _Case, weights: list[list[float]], bias: list[float], rate: float) -> list[float]:
    """One mail's step down the gradient; returns the new bias."""
    scores = bias
    for number, value in case.features:
        scores = [score + value * weight for score, weight in zip(scores, weights[number], strict=True)]
    slope, settled = _slope(scores, case.answers, rate * case.weight)
    if settled:
        return bias
    for number, value in case.features:
        weights[number] = [weight + value * step for weight, step in zip(weights[number], slope, strict=True)]
    return [value + 0.1 * step for value, step in zip(bias, slope, strict=True)]


def _slope(scores: Sequence[float], answers: list[tuple[int, int, int]], rate: float) -> tuple[list[float], bool]:
    slope, settled = [0.0] * WIDTH, True
    for start, stop, right in answers:
        top = max(scores[start:stop])
        raised = [math.exp(score - top) for score in scores[start:stop]]
        total = sum(raised)
        for at in range(start, stop):
            off = (at == right) - raised[at - start] / total
            slope[at] = rate * off
            settled = settled and abs(off) < _SETTLED
    return slope, settled
