"""The verdict: both judges' scores made into a type, a topic and a criticality that go together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from intake.typing.lexicon import Hit, Lexicon, scores, shipped
from intake.typing.verdict import LABELS, NONE, NOTHING, Evidence, Guess, Typing
from intake.typing.words import Reading, read

SURE: Final = {"type": 0.75, "topic": 0.65, "criticality": 0.6}
"""Below these the screen asks."""

TOGETHER: Final[dict[str, dict[str, float]]] = {
    "consultation": {"development": 0.02, "system_errors": 0.02},
    "bug": {
        "legal": 0.05,
        "promotion": 0.02,
        "development": 0.01,
        "joint_events": 0.01,
        "joint_pr": 0.01,
        "settlements": 0.5,
    },
    "improvement": dict.fromkeys(LABELS["topic"], 0.02) | {"development": 1.0},
}
"""How well a topic goes with a type (1 where not named): a wish is for the product's departments, a fault never is."""

_MOST_EVIDENCE: Final = 6


def softmax(values: Sequence[float]) -> list[float]:
    top = max(values)
    raised = [math.exp(value - top) for value in values]
    total = sum(raised)
    return [value / total for value in raised]


def judge(subject: str, text: str, lexicon: Lexicon) -> Typing:
    reading = read(subject, text)
    if not any(word.isalnum() or "-" in word for word in reading.words):
        return Typing(NOTHING, NOTHING, NOTHING)
    hits = lexicon.hits(reading)
    raw = {question: scores(hits, question) for question in LABELS}
    raw["type"]["consultation"] += 0.8
    raw["topic"][NONE] += 0.9
    raw["criticality"]["medium"] += 0.8
    chances = {question: softmax(list(raw[question].values())) for question in LABELS}
    type_, topic = together(chances["type"], chances["topic"])
    return Typing(
        _guess("type", type_, hits, reading),
        _guess("topic", topic, hits, reading),
        _guess("criticality", dict(zip(LABELS["criticality"], chances["criticality"], strict=True)), hits, reading)
        if max(type_, key=type_.__getitem__) == "bug"
        else NOTHING,
    )


def together(types: Sequence[float], topics: Sequence[float]) -> tuple[dict[str, float], dict[str, float]]:
    """Marginal chances of types and topics once they are judged as pairs."""
    by_type = dict.fromkeys(LABELS["type"], 0.0)
    by_topic = dict.fromkeys(LABELS["topic"], 0.0)
    for type_, chance in zip(LABELS["type"], types, strict=True):
        fits = TOGETHER[type_]
        for topic, weight in zip(LABELS["topic"], topics, strict=True):
            pair = chance * weight * fits.get(topic, 1.0)
            by_type[type_] += pair
            by_topic[topic] += pair
    total = sum(by_type.values()) or 1.0
    return {k: v / total for k, v in by_type.items()}, {k: v / total for k, v in by_topic.items()}


def _guess(question: str, chances: Mapping[str, float], hits: Iterable[Hit], reading: Reading) -> Guess:
    label = max(chances, key=chances.__getitem__)
    evidence = _evidence(question, label, hits, reading)
    confidence = round(chances[label], 4)
    return Guess(None if label == NONE else label, confidence, evidence, confidence >= SURE[question])


def _evidence(question: str, label: str, hits: Iterable[Hit], reading: Reading) -> tuple[Evidence, ...]:
    seen: dict[tuple[int, int], Evidence] = {}
    for hit in hits:
        weight = hit.rule.weights.get(question, {}).get(label, 0.0)
        if weight > 0 and (hit.first, hit.last) not in seen:
            seen[hit.first, hit.last] = Evidence(reading.shown(hit.first, hit.last), hit.rule.name, weight)
    ranked = sorted(seen.values(), key=lambda evidence: -evidence.weight)
    return tuple(ranked[:_MOST_EVIDENCE])


def classify(subject: str, text: str) -> Typing:
    return judge(subject, text, shipped())
