"""Learning: the same from the same, from corrections too, and only where it helps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from intake.typing import classify, load_model
from intake.typing.examples import Example, parse, read_examples, shipped_examples
from intake.typing.measure import choose_shares, choose_sure, cross_validate, tallies, train

DATA = Path(__file__).parents[2] / "data" / "typing"
SOME = shipped_examples()[::20]


def test_the_same_examples_give_the_same_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        train(SOME, folds=2).save(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_saved_model_judges_as_before(tmp_path: Path) -> None:
    model = train(SOME, folds=2)
    model.save(tmp_path / "model.json")
    again = load_model(tmp_path / "model.json")
    verdicts = [(classify(e.subject, e.text, model=model), classify(e.subject, e.text, model=again)) for e in SOME]
    same = [before.type.value == after.type.value for before, after in verdicts]
    assert sum(same) >= len(same) - 1
    assert (again.lexicon_share, again.sure, again.trained_on) == (model.lexicon_share, model.sure, len(SOME))


def test_what_agents_correct_is_learnt() -> None:
    mail = ("Бурундук", "Фиолетовый бурундук требует внимания")
    taught = [Example(f"Бурундук {n}", f"Фиолетовый бурундук номер {n}", "bug", "data_edit", "low") for n in range(12)]
    before, after = train(SOME, folds=2), train([*SOME, *taught], folds=2)
    assert classify(*mail, model=before).type.value != "bug"
    assert classify(*mail, model=after).type.value == "bug"
    assert classify(*mail, model=after).topic.value == "data_edit"


def test_the_shipped_model_was_trained_on_the_shipped_examples() -> None:
    assert load_model().trained_on == len(shipped_examples()) >= 600


def test_the_shipped_examples_are_varied_and_distinct() -> None:
    examples = shipped_examples()
    assert len({(e.subject, e.text) for e in examples}) == len(examples)
    for question, least in (("type", 100), ("topic", 30), ("criticality", 20)):
        met = [e.answer(question) for e in examples if e.answer(question) is not None]
        assert min(met.count(label) for label in set(met)) >= least


def test_no_check_mail_is_learnt_from() -> None:
    learnt = {e.text.strip().casefold() for e in shipped_examples() if e.text}
    for file in ("mails.jsonl", "voices.jsonl"):
        assert not [mail for mail in read_examples(DATA / file) if mail.text.strip().casefold() in learnt]


def test_held_back_examples_are_judged_well_and_better_than_by_the_lexicon() -> None:
    judged = cross_validate(shipped_examples()[::2], folds=2, model_alone=False)
    shares = choose_shares(judged)
    found = tallies(judged, shares)
    assert found["combined"]["type"].accuracy >= 0.85
    assert found["combined"]["topic"].accuracy >= 0.82
    assert found["combined"]["criticality"].accuracy >= 0.62
    for question, tally in found["combined"].items():
        assert tally.accuracy >= found["lexicon"][question].accuracy - 0.01
    assert all(0.5 <= threshold <= 0.95 for threshold in choose_sure(judged, shares).values())


def test_the_lexicon_judges_alone_where_the_model_does_not_beat_it() -> None:
    judged = cross_validate(SOME, folds=2, model_alone=False)
    poor = [
        type(case)(case.example, case.lexicon, case.model, {q: [0.0] * len(v) for q, v in case.stacked.items()})
        for case in judged
    ]
    assert choose_shares(poor)["type"] is None


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "line 1"),
        ("[]", "line 1"),
        ('{"body": "x"}', "type"),
        ('{"body": "x", "type": "wish"}', "unknown type 'wish'"),
        ('{"body": "x", "type": null}', "type is missing"),
        ('{"subject": "x", "type": "bug"}', "body"),
        ('{"body": "x", "type": "bug", "topic": "none"}', "unknown topic 'none'"),
    ],
)
def test_a_line_that_is_no_example_is_named(line: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"some file.*{reason}"):
        list(parse([line], "some file"))


def test_criticality_is_for_bugs_only() -> None:
    row = {"body": "x", "type": "consultation", "topic": None, "criticality": "high"}
    assert next(iter(parse([json.dumps(row)], "file"))).criticality is None


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 0}', '{"format": 1, "labels": {}}'])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "model.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ValueError, match="otklik typing train"):
        load_model(path)


def test_a_model_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    load_model().save(path)
    whole = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(whole | {"names": whole["names"] + " w:one-more"}), "utf-8")
    with pytest.raises(ValueError, match="cut short"):
        load_model(path)
