from __future__ import annotations

from itertools import product

import pytest

from intake.regulation import Regulation, UnknownKey
from intake.regulation.rules import STATUSES


@pytest.mark.parametrize(
    ("status", "category"),
    [
        ("request", "desk"),
        ("in_progress", "desk"),
        ("analysis", "desk"),
        ("info_needed", "client"),
        ("payment", "client"),
        ("verification", "client"),
        ("closed", "done"),
    ],
)
def test_every_status_says_who_is_waited_for(regulation: Regulation, status: str, category: str) -> None:
    assert regulation.category(status) == category


def test_whatever_is_not_allowed_says_why_in_russian(regulation: Regulation) -> None:
    transitions = regulation.rules.statuses.transitions
    for left, entered in product(STATUSES, STATUSES):
        refusal = regulation.why_not(left, entered)
        assert (refusal is None) == (entered in transitions[left]), (left, entered)
        assert refusal is None or refusal.startswith(("Из статуса «", "Обращение уже в статусе «"))


def test_a_refusal_names_the_reason_and_the_way_out(regulation: Regulation) -> None:
    assert regulation.why_not("closed", "payment") == (
        "Из статуса «Завершено» нельзя перейти в «Оплата»: завершённое обращение сначала открывают заново. "
        "Можно: «Процесс»"
    )
    refusal = regulation.why_not("payment", "request")
    assert refusal
    assert "только поступает" in refusal
    assert regulation.why_not("in_progress", "in_progress") == "Обращение уже в статусе «Процесс»"


def test_every_status_a_client_is_waited_for_in_can_return_and_every_open_one_can_close(regulation: Regulation) -> None:
    statuses = regulation.rules.statuses
    for status in STATUSES[:-1]:
        assert regulation.why_not(status, "closed") is None
        if regulation.why_not(status, "info_needed") is None:
            assert regulation.why_not("info_needed", status) is None
    assert regulation.why_not("closed", statuses.reopens_to) is None


def test_an_unknown_status_is_an_error(regulation: Regulation) -> None:
    with pytest.raises(UnknownKey, match="status 'lost'"):
        regulation.why_not("lost", "closed")
    with pytest.raises(UnknownKey, match="status 'lost'"):
        regulation.category("lost")
