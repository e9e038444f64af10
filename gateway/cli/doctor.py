"""``otklik doctor``: what is wrong with the set-up, a line each, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, nullcontext
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.common import echo, json_option, print_json, say
from intake.errors import ConfigError, OtklikError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from gateway.doctor import Finding
    from gateway.settings import Settings
    from storage.store import DatabaseStore
    from storage.upkeep import Examination


@click.command()
@click.option("--roundtrip", is_flag=True, help="Send two mails through the relay to the desk and wait for them.")
@click.option(
    "--wait",
    metavar="SECONDS",
    type=click.FloatRange(1, 3600),
    default=90,
    show_default=True,
    help="How long to wait for --roundtrip.",
)
@json_option
@click.pass_context
def command(ctx: click.Context, roundtrip: bool, wait: float, as_json: bool) -> None:
    """Check configuration, database and connections; say what to do about each. Exit 1 where something fails.

    Nothing is changed, and without --roundtrip nothing is sent.
    """
    from gateway.doctor.findings import fail

    try:
        settings = ctx.obj.settings
    except ConfigError as error:
        _show(fail("configuration", str(error), "no other check makes sense before"), as_json)
        ctx.exit(2)
    failed = False
    for finding in _findings(settings, _file(ctx.obj.config), wait if roundtrip else None):
        failed = failed or finding.level == "fail"
        _show(finding, as_json)
    ctx.exit(1 if failed else 0)


def _show(finding: Finding, as_json: bool) -> None:
    if as_json:
        print_json({"level": finding.level, "name": finding.name, "what": finding.what, "todo": finding.todo})
    else:
        echo(str(finding))


def _findings(settings: Settings, config: Path | None, wait: float | None) -> Iterator[Finding]:
    from gateway.bootstrap import utc_now
    from gateway.doctor import Patient, examine
    from gateway.doctor.roundtrip import roundtrip
    from storage import examine as look

    examined = cache(look)
    with _store(settings, examined) as store:
        patient = Patient(settings, config, utc_now(), examined, store)
        yield from examine(patient)
        if wait is not None:
            yield from roundtrip(patient, wait, say)


def _file(named: Path | None) -> Path | None:
    from gateway.settings_sources import DEFAULT_FILE

    return named or (DEFAULT_FILE if DEFAULT_FILE.exists() else None)


def _store(settings: Settings, examined: Callable[[str], Examination]) -> AbstractContextManager[DatabaseStore | None]:
    """The desk's store where it can be read; nothing is made or migrated here."""
    from storage import open_store

    file = settings.storage.sqlite_file
    if file is not None and not Path(file).exists():
        return nullcontext()
    try:
        if examined(settings.storage.url).pending:
            return nullcontext()
        return closing(open_store(settings.storage.url, migrate=False))
    except OtklikError:
        return nullcontext()
