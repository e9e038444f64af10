"""What a relay said about a letter, and what follows: whom to try again, when, and when not any more."""

from __future__ import annotations

import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from intake.model import Delivery, OutboxRow
from intake.settings import Limits

GIVE_UP_AFTER = timedelta(days=5)
"""RFC 5321 4.5.4.1: at least 4-5 days."""
LONGEST_PAUSE = timedelta(hours=1)
REFUSED_PAUSE = timedelta(minutes=5)
"""After a temporary refusal (4xx), doubling: a greylisting relay wants minutes, not seconds."""
BROKEN_PAUSE = timedelta(seconds=30)
"""After a connection that broke before the letter was handed over, doubling."""

Outcomes = Mapping[str, tuple[Delivery, str | None]]
_Outcomes = dict[str, tuple[Delivery, str | None]]


class Trouble(StrEnum):
    """Why a try ended without the relay's word on every recipient.

    ``away``: there was no talking to the relay at all, so nothing was learnt about this letter. ``broken``: the
    connection broke before the letter was handed over. ``withdrawn``: the caller said no just before DATA.
    """

    AWAY = "away"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Sent:
    """One try. ``outcomes``: address → (sent, queued = try again, failed or uncertain; the reason) of those tried.

    ``in_flight``: the letter was marked so before the try ended.
    """

    outcomes: Outcomes
    error: str | None = None
    trouble: Trouble | None = None
    in_flight: bool = False


@dataclass(frozen=True, slots=True)
class Settlement:
    """What to write down after a try; see `Outbox.settle`."""

    outcomes: Outcomes
    next_try_at: datetime | None
    error: str | None


class Relay(Protocol):
    """Where letters leave."""

    async def send(self, letter: OutboxRow, about_to_send: Callable[[], Awaitable[bool]]) -> Sent:
        """Hand the letter's raw bytes over for its open recipients.

        ``about_to_send`` is awaited once, after the envelope was accepted and before the first octet of the letter
        leaves; False withdraws it. A relay for which a repetition changes nothing need not ask. Never raises for
        what the other side does."""

    async def check(self) -> str | None:
        """Why no letter can leave now; None where the relay is there, with TLS and login as configured."""

    async def close(self) -> None:
        """Let go of connections."""


def due_recipients(letter: OutboxRow) -> OutboxRow:
    """The letter with those recipients only that may be tried: an uncertain one no second time."""
    wanted = {Delivery.QUEUED} if letter.repeated else {Delivery.QUEUED, Delivery.UNCERTAIN}
    return replace(letter, recipients=tuple(r for r in letter.recipients if r[1] in wanted))


def lost_in_flight(letter: OutboxRow) -> Sent:
    """The try of a process that ended with the letter in flight."""
    reason = "the sending process ended before the relay's answer came"
    outcomes = dict.fromkeys(due_recipients(letter).open_recipients(), (Delivery.UNCERTAIN, reason))
    return Sent(outcomes, reason, in_flight=True)


def settlement(letter: OutboxRow, sent: Sent, now: datetime, limits: Limits) -> Settlement:
    """What follows from a try of ``letter`` (as it was before that try).

    A recipient that was uncertain stays so until a try that was in flight says more: it may have the letter already,
    and a refusal on the way to the repetition changes nothing about that."""
    before = {address: state for address, state, _ in letter.recipients}
    outcomes: _Outcomes = dict(sent.outcomes)
    repetition = any(before.get(address) is Delivery.UNCERTAIN for address in outcomes)
    if not sent.in_flight:
        for address, (state, reason) in outcomes.items():
            if state is Delivery.QUEUED and before.get(address) is Delivery.UNCERTAIN:
                outcomes[address] = (Delivery.UNCERTAIN, reason)
    unsure = any(state is Delivery.UNCERTAIN for state, _ in sent.outcomes.values())
    refused = any(state is Delivery.QUEUED for state, _ in sent.outcomes.values())
    next_try = None
    if refused:
        next_try, outcomes = _after_refusal(letter, sent, outcomes, now)
    if unsure and not (letter.repeated or repetition):
        next_try = max(now + limits.uncertain_pause, next_try or now)
    return Settlement(outcomes, next_try, sent.error or _first_reason(outcomes))


def _after_refusal(
    letter: OutboxRow, sent: Sent, outcomes: _Outcomes, now: datetime
) -> tuple[datetime | None, _Outcomes]:
    if sent.trouble is Trouble.AWAY:
        return letter.next_try_at or now, outcomes
    if letter.first_failed_at is not None and now - letter.first_failed_at >= GIVE_UP_AFTER:
        return None, {address: _given_up(state, reason) for address, (state, reason) in outcomes.items()}
    return now + pause_after(letter.id, letter.attempts, sent.trouble), outcomes


def _given_up(state: Delivery, reason: str | None) -> tuple[Delivery, str | None]:
    if state is not Delivery.QUEUED:
        return state, reason
    return Delivery.FAILED, f"given up after {GIVE_UP_AFTER.days} days: {reason}"


def pause_after(letter: int, attempts: int, trouble: Trouble | None = None) -> timedelta:
    """How long to wait after a try that followed ``attempts`` others: doubling up to an hour, and up to a tenth more
    so that letters which failed together don't come back together."""
    first = BROKEN_PAUSE if trouble is Trouble.BROKEN else REFUSED_PAUSE
    pause = min(first * (1 << min(attempts, 16)), LONGEST_PAUSE)
    return pause + pause * (zlib.crc32(f"{letter}:{attempts}".encode()) % 1000 / 10_000)


def _first_reason(outcomes: Outcomes) -> str | None:
    return next((reason for state, reason in outcomes.values() if state is not Delivery.SENT), None)
