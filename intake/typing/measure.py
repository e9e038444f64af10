"""How good the judges are on mails they have not seen: cross-validation, and the training that rests on it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from intake.typing.examples import Example
from intake.typing.features import look
from intake.typing.judge import Heard, Scores, by_lexicon, by_model, hear, mixed, softmax, together
from intake.typing.learning import fit
from intake.typing.linear import Model
from intake.typing.verdict import LABELS

FOLDS: Final = 5
SHARES: Final = (0.0, 0.5, 1.0)
WORTH_A_SHARE: Final = 0.005
"""What a share of the lexicon's scores must gain on examples, which the lexicon was written after."""
WANTED: Final = {"type": 0.98, "topic": 0.97, "criticality": 0.85}
"""How often a sure guess should be right."""

_SEED: Final = 7
_LEAST_SURE, _MOST_SURE = 0.5, 0.95


@dataclass(frozen=True, slots=True)
class Judged:
    """An example and the scores each judge gave it unseen."""

    example: Example
    lexicon: Scores
    model: Scores
    stacked: Scores

    def final(self, shares: dict[str, float | None]) -> Scores:
        return {q: mixed(self.lexicon[q], self.stacked[q], shares[q]) for q in LABELS}


@dataclass(slots=True)
class Tally:
    """Right and wrong answers to one question by one judge."""

    question: str
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def asked(self) -> int:
        return self.pairs.total()

    @property
    def accuracy(self) -> float:
        return sum(n for (right, given), n in self.pairs.items() if right == given) / max(1, self.asked)

    def labels(self) -> list[str]:
        """Those of the question's labels that were right or given at least once."""
        met = {label for pair in self.pairs for label in pair}
        return [label for label in LABELS[self.question] if label in met]

    def precision(self, label: str) -> float | None:
        given = sum(n for (_, got), n in self.pairs.items() if got == label)
        return self.pairs[label, label] / given if given else None

    def recall(self, label: str) -> float | None:
        wanted = sum(n for (right, _), n in self.pairs.items() if right == label)
        return self.pairs[label, label] / wanted if wanted else None


def cross_validate(
    examples: Sequence[Example], *, folds: int = FOLDS, model_alone: bool = True, watched: Sequence[Example] = ()
) -> list[Judged]:
    """Every example judged by models that were trained without its fold, in a fixed order; ``watched`` ones are judged
    too, last, and never learnt from."""
    heard = [hear(example.subject, example.text) for example in examples]
    order = list(range(len(examples)))
    random.Random(_SEED).shuffle(order)
    judged: list[Judged] = []
    beside: list[Judged] = []
    for fold in range(folds):
        held_back = [(examples[n], heard[n]) for n in order[fold::folds]]
        learnt = [number for at, number in enumerate(order) if at % folds != fold]
        apart = [(example, hear(example.subject, example.text)) for example in watched[fold::folds]]
        found = list(_judge_fold(examples, heard, learnt, held_back + apart, model_alone))
        judged += found[: len(held_back)]
        beside += found[len(held_back) :]
    return judged + beside


def _judge_fold(
    examples: Sequence[Example],
    heard: Sequence[Heard],
    learnt: list[int],
    held_back: list[tuple[Example, Heard]],
    model_alone: bool,
) -> Iterator[Judged]:
    known, seen = [examples[n] for n in learnt], [heard[n] for n in learnt]
    stacked = learn(seen, known)
    alone = learn(seen, known, with_lexicon=False) if model_alone else stacked
    for example, mail in held_back:
        yield Judged(
            example,
            by_lexicon(mail),
            by_model(mail, alone, with_lexicon=not model_alone),
            by_model(mail, stacked),
        )


def learn(heard: Sequence[Heard], examples: Sequence[Example], *, with_lexicon: bool = True) -> Model:
    """A model fitted to `examples`, its shares and thresholds not yet measured."""
    bare = [look(mail.reading, mail.hits, with_lexicon=False).row() for mail in heard]
    rows = [look(mail.reading, mail.hits).row() for mail in heard] if with_lexicon else bare
    weights, bias = fit(rows, examples, bare if with_lexicon else ())
    return Model(weights, bias, dict.fromkeys(LABELS, 0.0), dict.fromkeys(LABELS, _LEAST_SURE), len(examples))


def train(examples: Sequence[Example], *, folds: int = FOLDS) -> Model:
    """A model of all examples that judges only where it beat the lexicon on held-back ones."""
    return trained(examples, cross_validate(examples, folds=folds, model_alone=False))


def trained(examples: Sequence[Example], judged: Sequence[Judged]) -> Model:
    """A model of all examples, its shares and thresholds as they did best on the held-back ones in `judged`."""
    shares = choose_shares(judged)
    fitted = learn([hear(example.subject, example.text) for example in examples], examples)
    told = tallies(judged, shares)["combined"]
    held_back = {question: round(tally.accuracy, 4) for question, tally in told.items()}
    return Model(fitted.weights, fitted.bias, shares, choose_sure(judged, shares), len(examples), held_back)


def choose_shares(judged: Sequence[Judged]) -> dict[str, float | None]:
    """For each question the lexicon's share that did best; None where nothing beat the lexicon alone."""
    shares: dict[str, float | None] = {}
    for question in LABELS:
        best, best_accuracy = None, _accuracy(judged, question, None)
        for share in SHARES:
            accuracy = _accuracy(judged, question, share) - (WORTH_A_SHARE if share else 0.0)
            if accuracy > best_accuracy:
                best, best_accuracy = share, accuracy
        shares[question] = best
    return shares


def _accuracy(judged: Sequence[Judged], question: str, share: float | None) -> float:
    tally = Tally(question)
    for case in judged:
        right = case.example.answer(question)
        if right is not None:
            values = mixed(case.lexicon[question], case.stacked[question], share)
            tally.pairs[right, _top(question, values)[0]] += 1
    return tally.accuracy


def _top(question: str, values: Sequence[float]) -> tuple[str, float]:
    chances = dict(zip(LABELS[question], softmax(values), strict=True))
    label = max(chances, key=chances.__getitem__)
    return label, chances[label]


def decide(given: Scores) -> dict[str, tuple[str, float]]:
    """The label and its chance for each question, type and topic judged together."""
    types, topics = together(softmax(given["type"]), softmax(given["topic"]))
    return {
        "type": max(types.items(), key=lambda item: item[1]),
        "topic": max(topics.items(), key=lambda item: item[1]),
        "criticality": _top("criticality", given["criticality"]),
    }


def choose_sure(judged: Sequence[Judged], shares: dict[str, float | None]) -> dict[str, float]:
    """For each question the lowest confidence from which on guesses are right as often as `WANTED`."""
    sure = {}
    for question, wanted in WANTED.items():
        ranked = sorted(
            ((decide(case.final(shares))[question], case.example.answer(question)) for case in judged),
            key=lambda item: -item[0][1],
        )
        right, lowest = 0, _MOST_SURE
        asked = [item for item in ranked if item[1] is not None]
        for number, ((label, chance), answer) in enumerate(asked, 1):
            right += label == answer
            if right / number >= wanted:
                lowest = chance
        sure[question] = round(min(_MOST_SURE, max(_LEAST_SURE, lowest)), 3)
    return sure


def tallies(judged: Sequence[Judged], shares: dict[str, float | None]) -> dict[str, dict[str, Tally]]:
    """Tallies by judge (lexicon, model, combined) and question."""
    found = {name: {question: Tally(question) for question in LABELS} for name in ("lexicon", "model", "combined")}
    for case in judged:
        for name, given in (("lexicon", case.lexicon), ("model", case.model), ("combined", case.final(shares))):
            for question, (label, _) in decide(given).items():
                right = case.example.answer(question)
                if right is not None:
                    found[name][question].pairs[right, label] += 1
    return found
