"""``otklik import-history``: tickets with their past from another system."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.common import json_option, print_json, say
from gateway.cli.parts import opened
from intake.errors import OtklikError

if TYPE_CHECKING:
    from intake.history import Past
    from intake.ports import Transaction
    from intake.regulations import Regulations
    from intake.takeover import Taken


class OnlyTried(Exception):
    """Takes back what a dry run wrote."""

    def __init__(self, taken: Taken) -> None:
        super().__init__("dry run")
        self.taken = taken


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@json_option
@click.pass_context
def command(ctx: click.Context, file: str, dry_run: bool, as_json: bool) -> None:
    """Take over tickets from FILE (JSON Lines), all or nothing; the same file again changes nothing."""
    from intake.history import BadLine
    from intake.takeover import take_over

    with opened(ctx) as parts:
        past = _read(file, parts.regulations)

        def work(tx: Transaction) -> Taken:
            taken = take_over(tx, past, parts.clock())
            if dry_run:
                raise OnlyTried(taken)
            return taken

        try:
            taken = parts.store.write(work)
        except OnlyTried as tried:
            taken = tried.taken
        except BadLine as error:
            raise OtklikError(f"{file}:{error}") from None
    if as_json:
        counts = {name: len(getattr(taken, name)) for name in ("new", "same", "replaced", "kept")}
        print_json({**counts, "dry_run": dry_run, "left_alone": taken.kept})
        return
    _tell(file, taken, "would be " if dry_run else "")


def _tell(file: str, taken: Taken, would: str) -> None:
    say(f"{file}: {len(taken.new)} tickets {would}taken over, {len(taken.same)} known and equal")
    if taken.replaced:
        say(f"{len(taken.replaced)} {would}replaced: their lines have changed")
    if taken.kept:
        say(f"{len(taken.kept)} differ and were worked on here, so left alone: {', '.join(taken.kept[:20])}")


def _read(file: str, regulations: Regulations) -> list[tuple[int, Past]]:
    """Every line with its number; all that is wrong is told at once. Raises OtklikError."""
    from intake.history import BadLine, read_past

    try:
        text = Path(file).read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise OtklikError(f"{file}: cannot be read as UTF-8: {error}") from error
    found: list[tuple[int, Past]] = []
    wrong: list[str] = []
    seen: dict[int, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            past = read_past(line, regulations)
        except BadLine as error:
            wrong.append(f"{file}:{number}: {error}")
            continue
        first = seen.setdefault(past.ticket.number, number)
        if first != number:
            wrong.append(f"{file}:{number}: id {past.ticket.key}: its number stands in line {first} already")
        found.append((number, past))
    if wrong:
        for told in wrong:
            say(told)
        raise OtklikError(f"{file}: {len(wrong)} wrong {'line' if len(wrong) == 1 else 'lines'}, nothing stored")
    return found
