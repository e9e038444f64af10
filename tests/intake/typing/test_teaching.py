"""A desk's own model: learnt from corrections, taken over only where it judges better, without anybody's own words."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from intake.lessons import Lesson
from intake.typing import classify, desk_model, load_model
from intake.typing.examples import Example, shipped_examples
from intake.typing.linear import SPANS, WIDTH, package_mark, unpacked
from intake.typing.own_examples import examples_of
from intake.typing.teaching import Comparison, spliced, teach
from intake.typing.verdict import LABELS

NOW = datetime(2026, 5, 12, 8, 0, tzinfo=UTC)
SHIPPED = shipped_examples()[::20]
PACKAGE = replace(load_model(), held_back={})
"""The package's model, its figures left out: they are of all examples, not of a few."""


def lesson(number: int, text: str, **said: str | None) -> Lesson:
    return Lesson(number, "Бурундук", text, f"{number}@roscha.example", said, "anna", NOW)


def squirrels(*numbers: int, **said: str | None) -> list[Example]:
    return examples_of(lesson(n, f"Фиолетовый бурундук номер {n} требует зелени", **said) for n in numbers)


def test_the_same_words_from_two_tickets_are_one_example_with_the_last_word() -> None:
    (example,) = examples_of(
        [lesson(1, "Где  акт?", type="bug", topic="legal"), lesson(2, "где АКТ?", type="consultation")]
    )
    assert (example.type, example.topic, example.said) == ("consultation", "legal", frozenset(("type", "topic")))
    assert example.answer("criticality") is None


def test_a_question_nobody_answered_teaches_nothing_about_it() -> None:
    (example,) = examples_of([lesson(1, "Где акт?", topic=None)])
    assert (example.answer("type"), example.answer("topic")) == (None, "none")
    assert examples_of([lesson(1, "Где акт?", topic="no such topic")]) == []


def test_what_agents_teach_is_taken_over_where_it_judges_better() -> None:
    own = squirrels(*range(14), type="bug", topic="data_edit")
    taught = teach(SHIPPED, own, PACKAGE, folds=2)
    assert taught.model is not None
    assert taught.compared["topic"].taught_right > taught.compared["topic"].package_right
    again = desk_model(taught.model.packed())
    assert classify("Бурундук", "Фиолетовый бурундук", model=again).topic.value == "data_edit"


def test_nothing_is_taken_over_that_spoils_more_than_it_mends() -> None:
    own = squirrels(*range(6), topic="legal")
    confirmed = [
        Example("Бурундук", f"Фиолетовый бурундук, подскажите, как выгрузить заказы {n}?", "consultation", None)
        for n in range(30)
    ]
    taught = teach(SHIPPED, own, PACKAGE, confirmed=confirmed, folds=2)
    spoilt = taught.compared["topic"]
    assert spoilt.asked == 36
    assert spoilt.better is (spoilt.taught_right > spoilt.package_right)
    assert not taught.compared["criticality"].better


@pytest.mark.parametrize(
    ("corrected", "package", "taught", "shipped", "better"),
    [
        (5, 3, 4, (0.9, 0.9), True),
        (4, 3, 4, (0.9, 0.9), False),
        (9, 4, 4, (0.9, 0.9), False),
        (9, 3, 4, (0.9, 0.88), False),
        (9, 3, 4, (0.9, None), True),
    ],
)
def test_a_question_is_taken_over_for_good_reason_only(
    corrected: int, package: int, taught: int, shipped: tuple[float, float | None], better: bool
) -> None:
    assert Comparison(9, corrected, package, taught, *shipped).better is better


def test_words_of_one_person_alone_are_in_no_model() -> None:
    shared = [lesson(n, f"Фиолетовый бурундук {n}", topic="data_edit") for n in range(10, 20)]
    secret = [
        replace(lesson(30 + n, f"{said} Громозекина затопило", topic="legal"), writer="g@roscha.example")
        for n, said in enumerate(("Снова", "Опять", "Ещё раз"))
    ]
    fitted = teach(SHIPPED, examples_of([*secret, *shared]), PACKAGE, folds=2).fitted
    assert not [name for name in fitted.weights if "громоз" in name or "мозек" in name]
    assert "w:бурундук" in fitted.weights


def test_of_a_question_that_is_not_taken_over_nothing_changes() -> None:
    package = load_model()
    fitted = teach(SHIPPED, squirrels(*range(6), topic="legal"), package, folds=2).fitted
    model = spliced(package, fitted, ["topic"])
    span = SPANS["type"]
    assert model.bias[span] == package.bias[span]
    assert all(model.weights[name][span] == package.weights[name][span] for name in list(package.weights)[:50])
    assert (model.sure["type"], model.sure["topic"]) == (package.sure["type"], fitted.sure["topic"])


@pytest.mark.parametrize("text", ["", "{", '{"format": 0}'])
def test_a_desk_without_a_sound_model_judges_by_the_package(text: str) -> None:
    assert desk_model(text) is load_model()


@pytest.mark.parametrize(
    "broken",
    [
        {"bias": [None] * WIDTH},
        {"bias": ["0.1"] * WIDTH},
        {"worth": float("nan")},
        {"worth": 1e308},
        {"sure": {}},
        {"sure": dict.fromkeys(LABELS, "0.5")},
        {"lexicon_share": {}},
        {"lexicon_share": dict.fromkeys(LABELS, "0.5")},
        {"held_back": []},
    ],
)
def test_a_model_that_could_not_judge_is_not_used(broken: dict[str, object]) -> None:
    whole = json.loads(load_model().packed()) | {"package": package_mark()}
    assert desk_model(json.dumps(whole)) is not load_model()
    assert desk_model(json.dumps(whole | broken)) is load_model()


def test_a_model_nested_too_deep_is_not_used() -> None:
    assert desk_model("[" * 100_000) is load_model()


def test_a_model_learnt_beside_another_package_is_not_used() -> None:
    model = unpacked(load_model().packed(), "test")
    assert model.package == ""
    assert desk_model(model.packed()) is load_model()
