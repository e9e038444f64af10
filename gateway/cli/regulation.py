"""``otklik regulation``: the rules in force, and the check of a file of rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from intake.regulation import Regulation
    from intake.regulation.rules import Entry, Rules

WRONG_FILE = 2
LARGEST_FILE = 1_000_000


@click.group()
def command() -> None:
    """Show and check the rules the desk lives by."""


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


def current(ctx: click.Context) -> Regulation:
    """The regulation in force now."""
    from datetime import UTC, datetime

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
