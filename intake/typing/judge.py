"""The verdict: both judges' scores made into a type, a topic and a criticality that go together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from intake.typing.features import look, stem
from intake.typing.lexicon import Hit, scores, shipped
from intake.typing.linear import SPANS, Model, load_model
from intake.typing.verdict import LABELS, NONE, NOTHING, Evidence, Guess, Typing
from intake.typing.words import ENDS, Reading, read

LEANING: Final[dict[str, dict[str, float]]] = {
    "type": {"consultation": 0.8},
    "topic": {NONE: 0.9},
    "criticality": {"medium": 0.8},
}
"""What the lexicon says of a mail in which it finds nothing."""

TOGETHER: Final[dict[str, dict[str, float]]] = {
    "consultation": {"development": 0.02, "system_errors": 0.02},
    "bug": dict.fromkeys(LABELS["topic"], 0.02)
    | {NONE: 1.0, "system_errors": 1.0, "data_edit": 1.0, "settlements": 0.7},
    "improvement": dict.fromkeys(LABELS["topic"], 0.02) | {"development": 1.0},
}
"""How well a topic goes with a type (1 where not named): a wish is for the product's departments, a fault never is."""

_FORM_OVERRULED: Final = 0.9
_MOST_EVIDENCE: Final = 6
_FEW_WORDS: Final = 3

Scores = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Heard:
    """A mail as both judges have it before them."""

    reading: Reading
    hits: tuple[Hit, ...]

    @property
    def says_something(self) -> bool:
        return any(word not in ENDS for word in self.reading.words)

    @property
    def says_little(self) -> bool:
        """A word or two that no rule knows: whatever the model makes of a greeting, nobody can be sure of it."""
        words = {word for word in self.reading.words if word not in ENDS}
        return len(words) < _FEW_WORDS and not any("type" in hit.rule.weights for hit in self.hits)


def classify(subject: str, text: str, *, form_type: str | None = None, model: Model | None = None) -> Typing:
    """What a mail is: `text` is only what the sender wrote this time, without quotes and signature.

    `form_type` is the type the person chose in the form; it stands, and is only not `sure` when the words speak
    clearly against it. Without `model` the package's own judges. Never raises; time grows with the text up to
    `words.LONGEST_TEXT` characters, the rest is not read.
    """
    model = model or load_model()
    heard = hear(subject, text)
    if not heard.says_something:
        return Typing(_as_chosen(NOTHING, form_type) if form_type else NOTHING, NOTHING, NOTHING)
    final = combined(heard, model)
    types, topics = together(softmax(final["type"]), softmax(final["topic"]), form_type)
    type_ = _guess("type", types, heard, model)
    if form_type is not None:
        free, _ = together(softmax(final["type"]), softmax(final["topic"]))
        type_ = _as_chosen(_guess("type", free, heard, model), form_type)
    topic = _guess("topic", topics, heard, model)
    if type_.value != "bug":
        return Typing(type_, topic, NOTHING)
    chances = dict(zip(LABELS["criticality"], softmax(final["criticality"]), strict=True))
    return Typing(type_, topic, _guess("criticality", chances, heard, model))


def hear(subject: str, text: str) -> Heard:
    """Reads a mail and looks up the lexicon."""
    reading = read(subject, text)
    return Heard(reading, tuple(shipped().hits(reading)))


def by_lexicon(heard: Heard) -> Scores:
    """The lexicon's scores by question, in the order of the labels."""
    found: Scores = {}
    for question in LABELS:
        total = scores(heard.hits, question)
        for label, weight in LEANING[question].items():
            total[label] += weight
        found[question] = list(total.values())
    return found


def by_model(heard: Heard, model: Model, *, with_lexicon: bool = True) -> Scores:
    """The linear model's scores by question."""
    total = model.scores(look(heard.reading, heard.hits, with_lexicon=with_lexicon))
    return {question: total[span] for question, span in SPANS.items()}


def combined(heard: Heard, model: Model) -> Scores:
    """Both judges', in the shares that did best on held-back mails."""
    lexicon, linear = by_lexicon(heard), by_model(heard, model)
    return {question: mixed(lexicon[question], linear[question], model.lexicon_share[question]) for question in LABELS}


def mixed(lexicon: Sequence[float], linear: Sequence[float], share: float | None) -> list[float]:
    """The model's scores with a share of the lexicon's; the lexicon's alone where `share` is None."""
    if share is None:
        return list(lexicon)
    return [share * a + b for a, b in zip(lexicon, linear, strict=True)]


def softmax(values: Sequence[float]) -> list[float]:
    top = max(values)
    raised = [math.exp(value - top) for value in values]
    total = sum(raised)
    return [value / total for value in raised]


def together(
    types: Sequence[float], topics: Sequence[float], chosen: str | None = None
) -> tuple[dict[str, float], dict[str, float]]:
    """Chances of types and of topics once judged as pairs; with a `chosen` type, of topics that go with it."""
    by_type = dict.fromkeys(LABELS["type"], 0.0)
    by_topic = dict.fromkeys(LABELS["topic"], 0.0)
    for type_, chance in zip(LABELS["type"], types, strict=True):
        if chosen is not None:
            chance = float(type_ == chosen)
        fits = TOGETHER[type_]
        for topic, weight in zip(LABELS["topic"], topics, strict=True):
            pair = chance * weight * fits.get(topic, 1.0)
            by_type[type_] += pair
            by_topic[topic] += pair
    total = sum(by_type.values()) or 1.0
    return {k: v / total for k, v in by_type.items()}, {k: v / total for k, v in by_topic.items()}


def _as_chosen(guess: Guess, form_type: str) -> Guess:
    chosen = Evidence("", "form", 1.0)
    against = guess.value != form_type and guess.confidence >= _FORM_OVERRULED
    own = guess.evidence if guess.value == form_type else ()
    return Guess(form_type, 0.5 if against else 1.0, (chosen, *own), not against)


def _guess(question: str, chances: Mapping[str, float], heard: Heard, model: Model) -> Guess:
    label = max(chances, key=chances.__getitem__)
    evidence = _evidence(question, label, heard, model)
    confidence = round(chances[label], 4)
    sure = confidence >= model.sure[question] and not heard.says_little
    return Guess(None if label == NONE else label, confidence, evidence, sure)


def _evidence(question: str, label: str, heard: Heard, model: Model) -> tuple[Evidence, ...]:
    found = [*_of_rules(question, label, heard), *_of_words(question, label, heard, model)]
    found.sort(key=lambda evidence: -evidence.weight)
    distinct: dict[str, Evidence] = {}
    for evidence in found:
        distinct.setdefault(evidence.words.casefold(), evidence)
    return tuple(distinct.values())[:_MOST_EVIDENCE]


def _of_rules(question: str, label: str, heard: Heard) -> list[Evidence]:
    found = []
    for hit in heard.hits:
        weight = hit.rule.weights.get(question, {}).get(label, 0.0)
        if weight > 0:
            found.append(Evidence(heard.reading.shown(hit.first, hit.last), hit.rule.name, weight))
    return found


def _of_words(question: str, label: str, heard: Heard, model: Model) -> list[Evidence]:
    """Words that by themselves speak for the label, against the mean of the question's labels."""
    if model.lexicon_share[question] is None:
        return []
    span = SPANS[question]
    at = span.start + LABELS[question].index(label)
    places: dict[str, int] = {}
    for number, word in enumerate(heard.reading.words):
        places.setdefault(word, number)
    value = 1.0 / max(1, len(places)) ** 0.5
    found = []
    for word, number in places.items():
        row = model.of_word(word)
        if row and word not in ENDS:
            weight = value * (row[at] - sum(row[span]) / (span.stop - span.start))
            if weight > 0.1:
                found.append(Evidence(heard.reading.shown(number, number), f"w:{stem(word)}", round(weight, 3)))
    return found
