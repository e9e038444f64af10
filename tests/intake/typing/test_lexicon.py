"""The lexicon: phrases, gaps, places, muting."""

from __future__ import annotations

import pytest

from intake.typing.lexicon import Lexicon, Rule, scores, shipped
from intake.typing.verdict import LABELS
from intake.typing.words import read

BUG = {"type": {"bug": 1.0}}


def hits(phrase: str, text: str, subject: str = "", **rule: str) -> list[str]:
    reading = read(subject, text)
    lexicon = Lexicon([(Rule("bug_it", BUG, **rule), [phrase])])
    return [reading.shown(hit.first, hit.last) for hit in lexicon.hits(reading)]


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("не работа*", "Сайт не работает", ["не работает"]),
        ("не работа*", "Сайт работает не очень", []),
        ("не ~ работа*", "Сайт не очень хорошо работает", ["не очень хорошо работает"]),
        ("не ~ работа*", "Сайт не мой. Он работает", []),
        ("акт|счет за", "Пришлите счёт за май", ["счёт за"]),
        ("как <inf>", "Подскажите, как выгрузить заказы", ["как выгрузить"]),
        ("как <inf>", "Как часть", []),
        ("<ask> отчет", "Пришлите отчёт", ["Пришлите отчёт"]),
        ("ошибка <5xx>", "Ошибка 502", ["Ошибка 502"]),
        ("ошибка <5xx>", "Ошибка 404", []),
        ("заказ <n>", "заказ 15402", ["заказ 15402"]),
        ("не <does>", "не открывается", ["не открывается"]),
        ("не <did>", "не открылась", ["не открылась"]),
    ],
)
def test_a_phrase_is_found_where_it_stands(phrase: str, text: str, found: list[str]) -> None:
    assert hits(phrase, text) == found


@pytest.mark.parametrize(
    ("where", "text", "subject", "found"),
    [
        ("question", "почему так?", "", True),
        ("question", "почему так. Верно?", "", False),
        ("statement", "почему так.", "", True),
        ("statement", "почему так?", "", False),
        ("subject", "всё", "почему", True),
        ("subject", "почему", "всё", False),
    ],
)
def test_a_rule_keeps_to_its_place(where: str, text: str, subject: str, found: bool) -> None:
    assert bool(hits("почему", text, subject, where=where)) is found


def test_of_overlapping_phrases_of_a_rule_the_longest_counts() -> None:
    lexicon = Lexicon([(Rule("r", BUG), ["не", "не работа*"])])
    reading = read("", "не работает и не ясно")
    assert [(hit.first, hit.last) for hit in lexicon.hits(reading)] == [(0, 1), (3, 3)]


def test_a_muting_phrase_silences_its_area_for_the_rest_of_the_sentence() -> None:
    lexicon = Lexicon([(Rule("bug_x", BUG), ["ошибк*"]), (Rule("ask_how", {}, mutes="bug"), ["как исправить"])])
    heard = [hit.rule.name for hit in lexicon.hits(read("", "Ошибка! Как исправить ошибку. Снова ошибка"))]
    assert heard == ["bug_x", "ask_how", "bug_x"]


def test_a_rule_counts_twice_at_most_and_less_the_second_time() -> None:
    lexicon = Lexicon([(Rule("r", BUG), ["да"])])
    assert scores(lexicon.hits(read("", "да нет да нет да нет да")), "type")["bug"] == 1.5


def test_every_shipped_rule_weighs_for_known_labels() -> None:
    for rule in shipped().rules.values():
        assert rule.weights
        assert rule.where in {"", "question", "statement", "subject"}
        for question, weights in rule.weights.items():
            assert set(weights) <= set(LABELS[question]), rule.name
