"""The figures of §6: rounding, levels, what is beside them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.quality import figures, fives_needed
from intake.quality.figures import median
from intake.regulation import shipped_regulation
from tests.intake.quality import slow_model

RULES = shipped_regulation()


@pytest.mark.parametrize(
    ("total", "rated", "average", "level"),
    [
        (186, 40, "4.7", "good"),
        (79, 20, "4.0", "normal"),
        (62, 16, "3.9", "unacceptable"),
        (97, 20, "4.9", "good"),
        (81, 20, "4.1", "normal"),
        (68, 16, "4.3", "normal"),
        (99, 25, "4.0", "normal"),
        (3949, 1000, "3.9", "unacceptable"),
        (3950, 1000, "4.0", "normal"),
        (4649, 1000, "4.6", "normal"),
        (4650, 1000, "4.7", "good"),
    ],
)
def test_averages_are_rounded_half_up_and_levels_read_off_them(
    total: int, rated: int, average: str, level: str
) -> None:
    low, more = divmod(total, rated)
    found = figures([low + 1] * more + [low] * (rated - more), RULES)
    assert (found.sum, found.rated, found.by_rated, found.by_rated_level) == (total, rated, Decimal(average), level)


@given(st.lists(st.none() | st.integers(1, 5), max_size=120))
def test_figures_are_those_of_the_slow_model(ratings: list[int | None]) -> None:
    found = figures(ratings, RULES).as_dict()
    assert {name: float(v) if isinstance(v, Decimal) else v for name, v in found.items()} == slow_model.figures(
        [{"rating": rating} for rating in ratings]
    )


@given(st.integers(0, 60), st.data(), st.sampled_from(["4.0", "4.3", "4.7", "5.0"]))
def test_fives_needed_is_the_least_number_that_lifts_the_average(rated: int, data: st.DataObject, text: str) -> None:
    total = data.draw(st.integers(rated, 5 * rated))
    target = Decimal(text)
    needed = fives_needed(total, rated, target)
    assert needed is not None

    def average(more: int) -> Decimal | None:
        return figures([5] * more, RULES).by_rated if not rated else _average(total + 5 * more, rated + more)

    reached = average(needed)
    assert reached is not None
    assert reached >= target
    if needed:
        before = average(needed - 1)
        assert before is None or before < target


def _average(total: int, rated: int) -> Decimal:
    return RULES.round_half_up(Decimal(total) / Decimal(rated))


def test_a_mark_above_the_scale_is_out_of_reach() -> None:
    assert fives_needed(8, 2, Decimal("5.2")) is None


@given(st.lists(st.integers(0, 10_000), max_size=30))
def test_the_median_has_as_many_below_as_above(minutes: list[int]) -> None:
    times = [timedelta(minutes=m) for m in minutes]
    found = median(times)
    if not times:
        assert found is None
        return
    assert found is not None
    assert 2 * sum(t < found for t in times) <= len(times)
    assert 2 * sum(t > found for t in times) <= len(times)
