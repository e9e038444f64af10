"""Checks of what the settings say, without asking anybody else."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import UTC, datetime

from gateway.doctor.findings import Finding, Patient, fail, ok, warn

EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
"""A clock that shows less was never set."""


def configuration(patient: Patient) -> Iterator[Finding]:
    """The file, and who may read it."""
    if patient.config is None:
        yield warn("configuration", "no otklik.toml, embedded defaults", "otklik init writes a commented one")
        return
    url = patient.settings.storage.url
    holds_password = ":" in url.partition("://")[2].rpartition("@")[0]
    if holds_password and stat.S_IMODE(patient.config.stat().st_mode) & 0o077:
        todo = f"chmod 600 {patient.config}, or give the URL as OTKLIK_STORAGE__URL"
        yield fail("configuration", f"{patient.config} holds the database's password and others may read it", todo)
    else:
        yield ok("configuration", f"{patient.config} is read")


def address(patient: Patient) -> Iterator[Finding]:
    """The desk's address has to be one that answers come back to."""
    desk, relay = patient.settings.desk, patient.settings.relay
    domain = desk.address.rpartition("@")[2]
    if domain == "localhost" or "." not in domain:
        say = warn if relay is None else fail
        yield say("desk", f"{desk.address} is reached from this machine only", "set [desk] address")
    else:
        yield ok("desk", f"{desk.address}, answers to {desk.reply_address} addresses")


def time(patient: Patient) -> Iterator[Finding]:
    """The clock and the data of the desk's zone."""
    from zoneinfo import ZoneInfo

    zone = patient.settings.desk.timezone
    local = patient.now.astimezone(ZoneInfo(zone))
    if patient.now < EARLIEST:
        yield fail("time", f"this machine's clock says {local:%Y-%m-%d %H:%M}", "set the clock; run an NTP client")
    else:
        yield ok("time", f"{local:%Y-%m-%d %H:%M %Z} in {zone}")


def departments(patient: Patient) -> Iterator[Finding]:
    """Each has to be reached somehow: an escalation always leaves."""
    slack = patient.settings.slack is not None
    silent = [
        key
        for key, department in patient.settings.departments.items()
        if not department.email and not (slack and department.slack_channel)
    ]
    if silent:
        yield warn("departments", f"nobody can be asked in {', '.join(silent)}", "set email in [departments.NAME]")
    else:
        yield ok("departments", f"{len(patient.settings.departments)} can be asked")
