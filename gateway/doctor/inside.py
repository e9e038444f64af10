"""Checks of what the database holds: rules, people, keys, the newest mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from gateway.doctor.findings import Finding, Patient, fail, ok, warn
from intake.signing_keys import NOTE, read_keys

if TYPE_CHECKING:
    from intake.regulation import Regulation

DECREE_MONTH = 11
"""The calendar of the next year is decreed in autumn, so from November on it should be known."""
SKEW = timedelta(minutes=5)


def regulation(patient: Patient) -> Iterator[Finding]:
    """The version in force, and how far its calendar is confirmed."""
    found, coming = _in_force(patient)
    confirmed, year = found.calendar.confirmed_through, patient.now.astimezone(found.zone).year
    what = f"version {found.rules.version}" + (f", {coming} to come" if coming else "")
    todo = "take a newer version of the rules with that calendar: otklik regulation activate FILE --from DATE"
    if confirmed < year:
        yield fail("regulation", f"{what}: the calendar of {year} is not confirmed, deadlines are guesses", todo)
    elif confirmed == year and patient.now.month >= DECREE_MONTH:
        yield warn("regulation", f"{what}: the calendar of {year + 1} is not confirmed, its deadlines may move", todo)
    else:
        yield ok("regulation", f"{what}, working calendar confirmed through {confirmed}")


def _in_force(patient: Patient) -> tuple[Regulation, int]:
    """What is in force now, and how many versions come later; before the first start what is shipped."""
    from intake.regulations import Regulations

    if patient.store is not None:
        with patient.store.read() as tx:
            versions = tx.rules.versions()
        if versions:
            later = sum(since > patient.now for _, since, _, _ in versions)
            return Regulations(patient.store, patient.settings.desk.timezone).at(patient.now), later
    from intake.regulation import shipped_regulation

    return shipped_regulation(), 0


def agents(patient: Patient) -> Iterator[Finding]:
    """Somebody has to work here; a shift needs a technical specialist (§2)."""
    if patient.store is None:
        return
    with patient.store.read() as tx:
        found = tx.people.agents()
    if not found:
        yield warn("agents", "nobody works here yet", "otklik agents add, or agents import CSV")
    elif not any(agent.technical for agent in found):
        yield warn("agents", f"{len(found)}, none of them a technical specialist", "mark one: otklik agents add")
    else:
        yield ok("agents", f"{len(found)}, {sum(agent.technical for agent in found)} of them technical")


def keys(patient: Patient) -> Iterator[Finding]:
    """Signed addresses and links rest on them."""
    if patient.store is None:
        return
    with patient.store.read() as tx:
        known = read_keys(tx.notes.value(NOTE))
    yield ok("signing keys", f"{len(known)} in the database" if known else "made at the first start")


def typing(patient: Patient) -> Iterator[Finding]:
    """A desk's own typing model goes with the package it was learnt beside, and is set aside after an upgrade."""
    if patient.store is None:
        return
    from intake.typing.linear import is_set_aside

    with patient.store.read() as tx:
        version, text = tx.lessons.model()
    if is_set_aside(text):
        what = f"the desk's own model {version} was learnt beside another version of otklik and judges nothing"
        yield warn("typing", what, "learn it again: otklik typing train")
    elif text:
        yield ok("typing", f"the desk's own model {version} is in use")


def letters(patient: Patient) -> Iterator[Finding]:
    """Whether the desk's ceiling holds automatic letters back."""
    if patient.store is None:
        return
    with patient.store.read() as tx:
        held = tx.gauges.held(patient.now)
    if held.letters:
        what = f"{held.letters} automatic ones are held by the ceiling, the last until {held.until:%Y-%m-%d %H:%M} UTC"
        yield warn("letters", what, "otklik outbox list shows to whom; look for a loop before raising letters_per_hour")


def journal(patient: Patient) -> Iterator[Finding]:
    """Mail of the future tells of a clock that was set back; quarantined mail waits for somebody."""
    if patient.store is None:
        return
    with patient.store.read() as tx:
        newest, parked = tx.journal.recent(limit=1), tx.journal.recent("quarantined", limit=100)
    kept_at = newest[0].kept_at if newest else None
    if kept_at is not None and kept_at > patient.now + SKEW:
        yield fail("journal", f"mail was kept at {kept_at:%Y-%m-%d %H:%M} UTC, in the future", "set the clock")
    if parked:
        yield warn("journal", f"{len(parked)} mails could not be processed", "otklik journal quarantine shows why")
