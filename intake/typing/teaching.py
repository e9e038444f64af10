"""The desk's own model: the package's, with every question taken over from what agents taught only where that judges
better on mails held back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from intake.typing.examples import Example
from intake.typing.judge import by_lexicon, by_model, hear, mixed
from intake.typing.linear import SPANS, WIDTH, Model, package_mark
from intake.typing.measure import FOLDS, Judged, cross_validate, decide, trained
from intake.typing.verdict import LABELS

FEWEST: Final = 5
"""So many answers of agents to a question are needed before a model may be taken over for it."""
LEAST_KEPT: Final = 0.01
"""By how much a taught model may be worse on the package's own examples: a desk's few mails are no reason to forget."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One question on the desk's mails, held back: how many were asked, how many of them corrected by agents, how many
    the model in the package and the taught one got right; shares of right answers on the package's examples."""

    asked: int
    corrected: int
    package_right: int
    taught_right: int
    package_shipped: float | None
    taught_shipped: float | None

    @property
    def better(self) -> bool:
        """Whether the taught model is to judge this question."""
        if self.corrected < FEWEST or self.taught_right <= self.package_right:
            return False
        if self.package_shipped is None or self.taught_shipped is None:
            return True
        return self.taught_shipped >= self.package_shipped - LEAST_KEPT


@dataclass(frozen=True, slots=True)
class Taught:
    """What came of teaching: the whole fitted model, the desk's (None: nothing judged better), and why."""

    fitted: Model
    model: Model | None
    compared: Mapping[str, Comparison]


def teach(
    shipped: Sequence[Example],
    own: Sequence[Example],
    package: Model,
    *,
    confirmed: Sequence[Example] = (),
    folds: int = FOLDS,
) -> Taught:
    """Learn from the package's examples and the desk's ``own``; compare with the ``package``'s model, which has seen
    none of ``own``. ``confirmed`` mails are judged, never learnt from: they show what a taught model would spoil."""
    examples = [*shipped, *own]
    judged = cross_validate(examples, folds=folds, model_alone=False, watched=confirmed)
    learnt = judged[: len(examples)]
    fitted = trained(examples, learnt)
    shares = dict(fitted.lexicon_share)
    desk = set(map(id, own)) | set(map(id, confirmed))
    ours = [case for case in judged if id(case.example) in desk]
    theirs = [case for case in learnt if id(case.example) not in desk]
    compared = _compared(ours, theirs, shares, package, set(map(id, own)))
    taken = [question for question, comparison in compared.items() if comparison.better]
    return Taught(fitted, spliced(package, fitted, taken) if taken else None, compared)


def _compared(
    ours: Sequence[Judged],
    theirs: Sequence[Judged],
    shares: dict[str, float | None],
    package: Model,
    corrected: set[int],
) -> dict[str, Comparison]:
    answers = [(case.example, _by_package(case.example, package), _by_taught(case, shares)) for case in ours]
    found = {}
    for question in LABELS:
        asked = [(e, p[question], t[question]) for e, p, t in answers if e.answer(question) is not None]
        found[question] = Comparison(
            len(asked),
            sum(id(example) in corrected for example, _, _ in asked),
            sum(given == example.answer(question) for example, given, _ in asked),
            sum(given == example.answer(question) for example, _, given in asked),
            package.held_back.get(question),
            _share_right(theirs, shares, question),
        )
    return found


def _by_taught(case: Judged, shares: dict[str, float | None]) -> dict[str, str]:
    return {question: label for question, (label, _) in decide(case.final(shares)).items()}


def _by_package(example: Example, package: Model) -> dict[str, str]:
    heard = hear(example.subject, example.text)
    lexicon, linear = by_lexicon(heard), by_model(heard, package)
    final = {q: mixed(lexicon[q], linear[q], package.lexicon_share[q]) for q in LABELS}
    return {question: label for question, (label, _) in decide(final).items()}


def _share_right(cases: Sequence[Judged], shares: dict[str, float | None], question: str) -> float | None:
    asked = [case for case in cases if case.example.answer(question) is not None]
    if not asked:
        return None
    right = sum(_by_taught(case, shares)[question] == case.example.answer(question) for case in asked)
    return round(right / len(asked), 4)


def spliced(package: Model, taught: Model, questions: Iterable[str]) -> Model:
    """The package's model with the scores of ``questions`` from the taught one."""
    taken = set(questions)
    columns = {at for question in taken for at in range(SPANS[question].start, SPANS[question].stop)}
    nothing = [0.0] * WIDTH

    def row(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
        return [theirs[at] if at in columns else ours[at] for at in range(WIDTH)]

    names = dict.fromkeys([*package.weights, *taught.weights])
    chosen = {question: taught if question in taken else package for question in LABELS}
    return replace(
        package,
        weights={name: row(package.weights.get(name, nothing), taught.weights.get(name, nothing)) for name in names},
        bias=row(package.bias, taught.bias),
        lexicon_share={question: model.lexicon_share[question] for question, model in chosen.items()},
        sure={question: model.sure[question] for question, model in chosen.items()},
        held_back={q: model.held_back[q] for q, model in chosen.items() if q in model.held_back},
        trained_on=taught.trained_on,
        package=package_mark(),
        _of_word={},
    )
