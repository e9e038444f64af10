"""What is wrong with a desk's set-up and what to do about it, a line each: `examine`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from gateway.doctor.findings import Finding, Patient, fail

__all__ = ["Finding", "Patient", "examine"]

Check = Callable[[Patient], Iterable[Finding]]


def examine(patient: Patient) -> Iterator[Finding]:
    """Every check in order. One that stumbles is a failure itself and stops no other."""
    for name, check in _checks():
        try:
            yield from check(patient)
        except Exception as error:
            yield fail(name, f"could not be checked: {type(error).__name__}: {error}", "report this as a mistake")


def _checks() -> tuple[tuple[str, Check], ...]:
    from gateway.doctor import database, desk, doors, inside, leaving, mailboxes

    return (
        ("configuration", desk.configuration),
        ("desk", desk.address),
        ("time", desk.time),
        ("departments", desk.departments),
        ("database", database.database),
        ("files", database.files),
        ("disk", database.disk),
        ("regulation", inside.regulation),
        ("agents", inside.agents),
        ("signing keys", inside.keys),
        ("typing", inside.typing),
        ("journal", inside.journal),
        ("letters", inside.letters),
        ("relay", leaving.relay),
        ("slack", leaving.slack),
        ("imap", mailboxes.mailboxes),
        ("smtp", doors.smtp),
        ("web", doors.web),
    )
