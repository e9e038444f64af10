"""Journal rows to be."""

from __future__ import annotations

from datetime import UTC, datetime

from intake.model import Arrival, Source, Status, Ticket, Type

NOW = datetime(2026, 5, 12, 8, 0, tzinfo=UTC)


def arrival(n: int, at: datetime = NOW) -> Arrival:
    """The n-th of many, told apart by its door key."""
    return Arrival(b"x" * 100, "smtp", at, f"key-{n}")


def a_ticket(number: int, at: datetime = NOW) -> Ticket:
    """A request nobody has looked at."""
    subject = "Не открывается"
    return Ticket(number, f"VD-{number}", Type.BUG, Status.REQUEST, subject, Source.EMAIL, at, "2.0", updated_at=at)
