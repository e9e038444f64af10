"""Ceilings of letters that incoming mail sets off: only a ceiling stops a loop whose headers were stripped."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.model import Delivery, Letter

if TYPE_CHECKING:
    from intake.ports import Transaction
    from intake.settings import Limits

HELD = timedelta(hours=1)
HELD_REASON = "held:"
"""How the reason of a letter begins that the desk's ceiling holds back."""


def held_or_suppressed(
    tx: Transaction, letter: Letter, limits: Limits, now: datetime, *, unproven: bool = False
) -> Letter:
    """The letter as it may leave: suppressed above an address's ceiling, held back above the desk's, no more than that
    ceiling for each hour to come.

    ``unproven``: anybody could have typed the address into the form, so that its ceiling is much lower.
    """
    for address in letter.recipients:
        for span, ceiling in _ceilings(limits, unproven):
            if tx.outbox.automatic_since(now - span, address) >= ceiling:
                reason = f"more than {ceiling} automatic letters to this address within {span}"
                return replace(letter, state=Delivery.SUPPRESSED, reason=reason)
    if tx.outbox.automatic_since(now - timedelta(hours=1)) >= limits.letters_per_hour:
        reason = f"{HELD_REASON} more than {limits.letters_per_hour} automatic letters an hour from this desk"
        hours = 1 + tx.gauges.held(now).letters // max(1, limits.letters_per_hour)
        return replace(letter, not_before=now + HELD * hours, reason=reason)
    return letter


def _ceilings(limits: Limits, unproven: bool) -> tuple[tuple[timedelta, int], ...]:
    hour, day = limits.letters_per_address_hour, limits.letters_per_address_day
    if unproven:
        hour, day = min(hour, limits.form_letters_per_address_hour), min(day, limits.form_letters_per_address_day)
    return (timedelta(hours=1), hour), (timedelta(days=1), day)
