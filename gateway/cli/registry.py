"""What the commands of the registries share: a CSV file read whole, each wrong line told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from gateway.cli.common import say
from intake.errors import OtklikError

LARGEST_FILE = 50_000_000
_Read = TypeVar("_Read")

file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False))
as_option = click.option(
    "--as", "by", metavar="LOGIN", help="Act for this agent, whose role decides.  [default: whoever runs the desk]"
)
dry_run_option = click.option("--dry-run", is_flag=True, help="Only say what would be done.")


def read_csv(file: str, read: Callable[[bytes, str], list[_Read]]) -> list[_Read]:
    """What stands in a file; every wrong line goes to stderr. Raises OtklikError."""
    from intake.registry_files import WrongLines

    try:
        with Path(file).open("rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise OtklikError(f"{file}: {error.strerror or error}") from error
    if len(raw) > LARGEST_FILE:
        raise OtklikError(f"{file}: larger than {LARGEST_FILE} bytes, which no registry is")
    try:
        return read(raw, file)
    except WrongLines as error:
        for line in error.lines:
            say(line)
        count = len(error.lines)
        raise OtklikError(f"{file}: {count} wrong {'line' if count == 1 else 'lines'}, nothing stored") from None


def told(file: str, count: int, noun: str, dry_run: bool) -> None:
    """How an import ended: ``agents.csv: 7 agents stored``."""
    say(f"{file}: {count} {noun} {'would be ' if dry_run else ''}stored")
