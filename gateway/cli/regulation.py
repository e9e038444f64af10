"""``otklik regulation``: the rules in force, other rules checked, put in force, tried on the past."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.acting import acting
from gateway.cli.common import echo, print_json
from gateway.cli.registry import as_option

if TYPE_CHECKING:
    from intake.regulation import Regulation
    from intake.regulation.rules import Entry, Rules

WRONG_FILE = 2
LARGEST_FILE = 1_000_000


@click.group()
def command() -> None:
    """Show, check, activate and simulate the rules the desk lives by."""


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def show(ctx: click.Context, as_json: bool) -> None:
    """Print the rules in force, every value beside its clause or as the desk's own rule."""
    rules = current(ctx).rules
    click.echo(_as_json(rules) if as_json else _as_text(rules))


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_context
def check(ctx: click.Context, file: Path) -> None:
    """Check a file of rules: "ok", or one line that says where and why it is wrong, and exit 2."""
    from intake.regulation import RegulationError, load_rules

    try:
        rules = load_rules(_read(file), str(file))
    except RegulationError as error:
        click.echo(str(error), err=True)
        ctx.exit(WRONG_FILE)
    click.echo(f"ok: version {rules.version}, {len(rules.entries)} values")


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--from", "from_", required=True, metavar="D", help="First day it is in force, YYYY-MM-DD, desk's zone.")
@as_option
@click.pass_context
def activate(ctx: click.Context, file: Path, from_: str, by: str | None) -> None:
    """Store a file of rules as a version in force from a day on. Tickets keep the version they arrived under."""
    from gateway.cli.parts import opened
    from intake.regulation import calendar_for

    rules, text = _rules(file)
    calendar = calendar_for(rules).to_json()
    with opened(ctx) as parts:
        parts.desk.require("regulation", acting(parts, by))
        since, now = _day(from_, "--from", parts.desk_settings.timezone), parts.clock()
        parts.store.write(lambda tx: tx.rules.add(rules.version, since, text, calendar, now))
    click.echo(f"version {rules.version} is in force from {since.isoformat()}", err=True)
    if since < now:
        click.echo("that day is past: mail received since then and taken in from now on falls under it too", err=True)


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--from", "from_", required=True, metavar="D", help="First day of opening, YYYY-MM-DD.")
@click.option("--to", required=True, metavar="D", help="Last day of opening, YYYY-MM-DD.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def simulate(ctx: click.Context, file: Path, from_: str, to: str, as_json: bool) -> None:
    """Replay the tickets opened in a span under other rules and show what would change: deadlines, breaches, each
    department's load, and the quality (§6) of every month the span touches. Nothing is stored."""
    from datetime import timedelta
    from zoneinfo import ZoneInfo

    from gateway.cli.parts import opened
    from gateway.cli.simulated import as_text, plain
    from intake.quality import Month, QualityReports
    from intake.regulation import Regulation, calendar_for
    from intake.simulating import compare

    rules, _ = _rules(file)
    with opened(ctx) as parts:
        zone = parts.desk_settings.timezone
        other = Regulation(rules, calendar_for(rules), ZoneInfo(zone))
        since, until = _day(from_, "--from", zone), _day(to, "--to", zone) + timedelta(days=1)
        if until <= since:
            raise click.BadParameter(f"{to} is before --from {from_}", param_hint="--to")
        with parts.store.read() as tx:
            opened_then = tx.tickets.opened(since, until)
            past = [(t, tx.tickets.events(t.number), tx.escalations.of(t.number)) for t in opened_then]
        found = compare(past, lambda t: parts.regulations.of(t.regulation), other, parts.clock())
        reports = QualityReports(parts.store, parts.regulations, zone)
        last = Month.of(until - timedelta.resolution, other.zone)
        months = reports.under(Month.of(since, other.zone), last, other)
    if as_json:
        print_json(plain(found, months, other.zone))
    else:
        echo(as_text(found, months, rules.version, other.zone))


def _rules(file: Path) -> tuple[Rules, str]:
    """The rules of a file and its text. Raises ConfigError."""
    from intake.errors import ConfigError
    from intake.regulation import RegulationError, load_rules

    try:
        text = _read(file)
        return load_rules(text, str(file)), text
    except RegulationError as error:
        raise ConfigError(str(error)) from None


def _day(text: str, option: str, timezone: str) -> datetime:
    """The beginning of a day in the desk's zone."""
    from datetime import date
    from datetime import time as clock_time
    from zoneinfo import ZoneInfo

    try:
        return datetime.combine(date.fromisoformat(text), clock_time(), ZoneInfo(timezone))
    except ValueError:
        raise click.BadParameter(f"{text!r} is not YYYY-MM-DD", param_hint=option) from None


def current(ctx: click.Context) -> Regulation:
    """The regulation in force now."""
    from datetime import UTC

    from gateway.cli.rules import rules_in_force

    return rules_in_force(ctx)(datetime.now(UTC))


def _read(file: Path) -> str:
    from intake.regulation import RegulationError

    try:
        with file.open("rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)
        if len(raw) > LARGEST_FILE:
            raise RegulationError(f"{file}: larger than {LARGEST_FILE} bytes, which no rules are")
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise RegulationError(f"{file}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise RegulationError(f"{file}: not UTF-8 at byte {error.start}") from error


def _as_text(rules: Rules) -> str:
    head = f"{rules.title}, {rules.version}\n{rules.product}\n"
    told = [entry for entry in rules.entries if "." in entry.key]
    width = max(len(entry.key) for entry in told)
    lines: list[str] = []
    section = ""
    for entry in told:
        if (found := entry.key.partition(".")[0]) != section:
            section = found
            lines.append("")
        lines.append(f"{entry.clause or 'own':<4} {entry.key:<{width}}  {_value(entry.value)}")
    return "\n".join((head.rstrip(), *lines))


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    return str(value)


def _as_json(rules: Rules) -> str:
    import json

    values = {
        "version": rules.version,
        "title": rules.title,
        "product": rules.product,
        "rules": [_row(entry) for entry in rules.entries if "." in entry.key],
    }
    return json.dumps(values, ensure_ascii=False, default=str)


def _row(entry: Entry) -> dict[str, object]:
    from decimal import Decimal

    value = float(entry.value) if isinstance(entry.value, Decimal) else entry.value
    return {"key": entry.key, "value": value, "clause": entry.clause, "own": entry.clause is None}
