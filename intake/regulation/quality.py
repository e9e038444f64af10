"""Levels of quality (§6) on exact decimals."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from intake.regulation.rules import Level, Quality


def round_half_up(figure: Decimal, step: Decimal = Decimal("0.1")) -> Decimal:
    """A figure rounded to a power of ten, halves up."""
    return figure.quantize(step, rounding=ROUND_HALF_UP)


def level_of(quality: Quality, figure: Decimal) -> Level:
    """The level of a figure, which is rounded first: nothing falls between two levels."""
    rounded = round_half_up(figure, quality.round_to)
    if rounded >= quality.good.bound:
        return quality.good
    return quality.normal if rounded >= quality.normal.bound else quality.unacceptable
