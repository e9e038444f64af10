"""The taxpayer's number (ИНН): 10 digits of an organisation, 12 of a person, the last ones a checksum."""

from __future__ import annotations

_TEN = ((2, 4, 10, 3, 5, 9, 4, 6, 8),)
_TWELVE = ((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8))


def why_no_inn(text: str) -> str | None:
    """Why a text is no INN; None where it is one. The first two digits are a region, and there is no region 00."""
    if not (text.isascii() and text.isdecimal()):
        return "an INN has digits only"
    if len(text) not in (10, 12):
        return f"an INN has 10 or 12 digits, not {len(text)}"
    if text.startswith("00"):
        return "no INN begins with 00"
    digits = [int(digit) for digit in text]
    for weights in _TEN if len(text) == 10 else _TWELVE:
        total = sum(weight * digit for weight, digit in zip(weights, digits, strict=False))
        if total % 11 % 10 != digits[len(weights)]:
            return "the checksum is wrong: a digit is mistyped"
    return None
