"""The verdict as a whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.typing import classify
from intake.typing.examples import read_examples
from intake.typing.verdict import LABELS, NONE, Typing
from tests.support.growth import is_in_proportion

DATA = Path(__file__).parents[2] / "data" / "typing"
MAILS, VOICES = DATA / "mails.jsonl", DATA / "voices.jsonl"
SOME = "не работает как добавьте пожалуйста ошибка 502 счёт ? ! . yt hf,jnftn ne otkryvaetsya SOS ё"
WORDS = st.sampled_from(SOME.split())


@given(st.text(), st.text(), st.sampled_from([None, "bug", "consultation", "improvement"]))
def test_no_text_makes_it_raise(subject: str, text: str, form_type: str | None) -> None:
    assert_sound(classify(subject, text, form_type=form_type), subject, text)


@given(st.lists(WORDS, max_size=40), st.lists(WORDS, max_size=8))
def test_words_in_any_order_get_a_sound_verdict(text: list[str], subject: list[str]) -> None:
    assert_sound(classify(" ".join(subject), " ".join(text)), " ".join(subject), " ".join(text))


def assert_sound(verdict: Typing, subject: str, text: str) -> None:
    for question in LABELS:
        guess = getattr(verdict, question)
        assert guess.value is None or guess.value in LABELS[question]
        assert guess.value != NONE
        assert 0 <= guess.confidence <= 1
        assert all(e.words in subject or e.words in text or e.words in f"{subject}\n\n{text}" for e in guess.evidence)
    assert verdict.type.value == "bug" or verdict.criticality.value is None


@pytest.mark.parametrize(("subject", "text"), [("", ""), ("  ", "\n\n"), ("...", "?!"), ("", "🙏 —")])
def test_without_a_word_there_is_nothing_to_judge(subject: str, text: str) -> None:
    verdict = classify(subject, text)
    assert (verdict.type.value, verdict.topic.value, verdict.criticality.value) == (None, None, None)
    assert not verdict.type.sure


@pytest.mark.parametrize("text", ["Добрый день", "Здравствуйте!", "Hello", "Доброе утро!"])
def test_a_mail_that_says_little_is_a_consultation_and_not_sure(text: str) -> None:
    verdict = classify("", text)
    assert verdict.type.value == "consultation"
    assert not any(guess.sure for guess in (verdict.type, verdict.topic, verdict.criticality))


def test_the_subject_alone_is_enough() -> None:
    assert classify("Витрина не открывается ни у кого", "").type.value == "bug"


@pytest.mark.parametrize("chosen", ["consultation", "bug", "improvement"])
def test_the_type_chosen_in_the_form_stands(chosen: str) -> None:
    verdict = classify("Витрина не открывается", "Ошибка 502 у всех, ничего не работает", form_type=chosen)
    assert verdict.type.value == chosen
    assert verdict.type.sure is (chosen == "bug")
    assert verdict.type.evidence[0].rule == "form"


def test_a_chosen_improvement_is_for_the_departments_of_the_product() -> None:
    assert classify("", "Поменяйте цвет кнопки", form_type="improvement").topic.value == "development"


def test_the_same_mail_gets_the_same_verdict() -> None:
    rows = [json.loads(line) for line in MAILS.read_text("utf-8").splitlines()[:20]]
    first = [classify(row["subject"], row["body"]) for row in rows]
    assert first == [classify(row["subject"], row["body"]) for row in rows]


@pytest.mark.parametrize("file", [MAILS, VOICES])
def test_mails_that_were_never_learnt_from_are_judged_well(file: Path) -> None:
    mails = read_examples(file)
    verdicts = [classify(mail.subject, mail.text) for mail in mails]
    right = {q: [getattr(v, q).value == getattr(m, q) for m, v in zip(mails, verdicts, strict=True)] for q in LABELS}
    assert sum(right["type"]) / len(mails) >= 0.92
    assert sum(right["topic"]) / len(mails) >= 0.87
    bugs = [ok for ok, mail in zip(right["criticality"], mails, strict=True) if mail.type == "bug"]
    assert sum(bugs) / len(bugs) >= 0.7


@pytest.mark.parametrize("file", [MAILS, VOICES])
def test_sure_guesses_are_seldom_wrong_and_most_are_sure(file: Path) -> None:
    mails = read_examples(file)
    verdicts = [classify(mail.subject, mail.text) for mail in mails]
    for question, least in (("type", 0.95), ("topic", 0.9)):
        sure = [
            getattr(v, question).value == getattr(m, question)
            for m, v in zip(mails, verdicts, strict=True)
            if getattr(v, question).sure
        ]
        assert sum(sure) / len(sure) >= least
        assert len(sure) / len(mails) >= 0.7


@settings(deadline=None, max_examples=5)
@given(
    st.sampled_from(["не ", "как исправить ", "заказ <n> ", "а", "?", "yt ", "не не работает ", "\n\n", "ne rabotaet "])
)
def test_time_grows_with_the_text_and_no_faster(unit: str) -> None:
    def of(size: int) -> Callable[[], object]:
        return partial(classify, "", unit * (size // len(unit)))

    classify("", unit)
    assert is_in_proportion(of(2_500), of(10_000), 12, 0.005)
    assert is_in_proportion(of(12_000), of(10_000_000), 6, 0.02)
