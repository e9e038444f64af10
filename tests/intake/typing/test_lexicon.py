"""The lexicon alone: phrases, gaps, muting, evidence."""

import pytest

from intake.typing import classify

CLEAR = [
    ("", "Витрина не открывается ни у кого, белый экран", "bug"),
    ("", "Подскажите, как выгрузить заказы за квартал?", "consultation"),
    ("", "Добавьте, пожалуйста, фильтр по подъезду в список заказов", "improvement"),
    ("", "vitrina ne otkryvaetsya, oshibka 502 pri oplate", "bug"),
    ("", "ghbdtn! yt hf,jnftn dbnhbyf", "bug"),
]


@pytest.mark.parametrize(("subject", "text", "expected"), CLEAR)
def test_a_clear_request_gets_its_type(subject: str, text: str, expected: str) -> None:
    assert classify(subject, text).type.value == expected


@pytest.mark.parametrize(("subject", "text", "expected"), CLEAR)
def test_evidence_stands_in_the_mail(subject: str, text: str, expected: str) -> None:
    verdict = classify(subject, text)
    assert verdict.type.evidence
    assert all(evidence.words in text for evidence in verdict.type.evidence)
