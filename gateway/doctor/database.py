"""Checks of the database, its files and their disk."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.doctor.findings import Finding, Patient, fail, ok, warn
from intake.errors import ConfigError, OtklikError, StoreUnavailable

if TYPE_CHECKING:
    from intake.ports import Transaction

LITTLE, TOO_LITTLE = 2 * 1024**3, 200 * 1024**2
MIGRATE = "otklik db migrate (otklik serve does it too)"


class _NotKept(Exception):
    """Takes the trial row back."""


def database(patient: Patient) -> Iterator[Finding]:
    """Whether it answers, is up to date, whole, and takes what is written."""
    storage = patient.settings.storage
    if storage.sqlite_file is not None and not Path(storage.sqlite_file).exists():
        yield _not_there(Path(storage.sqlite_file))
        return
    try:
        found = patient.examine(storage.url)
    except ConfigError as error:
        yield fail("database", str(error), f"see [storage] url ({storage.shown})")
        return
    except StoreUnavailable as error:
        yield fail("database", f"{storage.shown}: {error}", "is the server running, and is [storage] url right?")
        return
    for line in found.damage:
        yield fail("database", line, "stop the gateway, keep a copy of the files, restore a backup")
    for line in found.cautions:
        yield fail("database", line, "change it in postgresql.conf or the database")
    if found.pending:
        yield warn("database", f"{len(found.pending)} migrations are not applied yet", MIGRATE)
    elif not found.damage:
        yield _writable(patient)


def _not_there(path: Path) -> Finding:
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    if os.access(folder, os.W_OK | os.X_OK):
        return warn("database", f"{path} is not there yet", MIGRATE)
    return fail("database", f"{path} can't be made: {folder} is not ours to write", "set [storage] url, or chown it")


def _writable(patient: Patient) -> Finding:
    def trial(tx: Transaction) -> None:
        tx.notes.set_value("doctor", patient.now.isoformat())
        raise _NotKept

    shown = patient.settings.storage.shown
    assert patient.store is not None, "a database that was examined can be opened"
    try:
        patient.store.write(trial)
    except _NotKept:
        return ok("database", f"{shown} answers, is whole and takes what is written")
    except OtklikError as error:
        return fail("database", f"{shown} does not take what is written: {error}", "is it locked, full or read-only?")
    return fail("database", f"{shown} lost a trial row", "report this as a mistake")


def files(patient: Patient) -> Iterator[Finding]:
    """Mail is on the disk as it came: nobody else may read it."""
    file, outbox = patient.settings.storage.sqlite_file, Path(patient.settings.storage.outbox)
    there = sorted(Path(file).parent.glob(Path(file).name + "*")) if file is not None else []
    if patient.settings.relay is None and outbox.is_dir():
        there.append(outbox)
    wide = [path for path in there if stat.S_IMODE(path.stat().st_mode) & 0o077]
    if wide:
        yield fail("files", f"others may read {', '.join(map(str, wide))}", f"chmod go= {' '.join(map(str, wide))}")
    elif there:
        yield ok("files", f"{len(there)} of them, for this account alone")


def disk(patient: Patient) -> Iterator[Finding]:
    """Room for the mail to come."""
    file = patient.settings.storage.sqlite_file
    if file is None:
        return
    folder = next(parent for parent in Path(file).absolute().parents if parent.exists())
    free = shutil.disk_usage(folder).free
    what = f"{free / 1024**3:.1f} GB free in {folder}"
    if free < LITTLE:
        say = fail if free < TOO_LITTLE else warn
        yield say("disk", what, "make room: without it mail is not taken (senders try again)")
    else:
        yield ok("disk", what)
