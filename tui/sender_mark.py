"""One short mark in words: what our relay found out about a sender."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intake.authentication import Authentication


def sender_mark(found: Authentication) -> tuple[str, str]:
    """The words with their style; ("", "") where nothing is known."""
    if found.verified:
        return f"отправитель подтверждён ({', '.join(found.passed)})", "dim"
    if found.verified is None:
        return "", ""
    if found.dmarc == "fail":
        return "⚠ подделка вероятна: DMARC не пройден", "bold $error"
    return f"⚠ проверка отправителя не пройдена ({', '.join(found.failed)})", "bold $warning"
