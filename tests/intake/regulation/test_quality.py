from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.regulation import Regulation, round_half_up


@pytest.mark.parametrize(
    ("figure", "rounded", "level"),
    [
        ("5", "5.0", "good"),
        ("4.7", "4.7", "good"),
        ("4.65", "4.7", "good"),
        ("4.6499999", "4.6", "normal"),
        ("4", "4.0", "normal"),
        ("3.95", "4.0", "normal"),
        ("3.9499", "3.9", "unacceptable"),
        ("3.9", "3.9", "unacceptable"),
        ("0", "0.0", "unacceptable"),
    ],
)
def test_a_figure_is_rounded_half_up_and_judged_then(
    regulation: Regulation, figure: str, rounded: str, level: str
) -> None:
    assert str(regulation.round_half_up(Decimal(figure))) == rounded
    assert regulation.quality_level(Decimal(figure)).key == level


@given(st.decimals(0, 5, places=4))
def test_nothing_falls_between_levels(regulation: Regulation, figure: Decimal) -> None:
    rounded = regulation.round_half_up(figure)
    bounds = regulation.rules.quality
    expected = {
        "good": rounded >= bounds.good.bound,
        "normal": bounds.normal.bound <= rounded < bounds.good.bound,
        "unacceptable": rounded <= bounds.unacceptable.bound,
    }
    assert [key for key, holds in expected.items() if holds] == [regulation.quality_level(figure).key]


def test_halves_go_up_at_any_step() -> None:
    assert [round_half_up(Decimal(n) / 8, Decimal("0.01")) for n in (1, 3)] == [Decimal("0.13"), Decimal("0.38")]
