"""``otklik outbox``: what leaves and how far it is."""

from __future__ import annotations

import sys

import click

from gateway.cli.common import json_option, print_json, print_table, say
from gateway.cli.parts import opened


@click.group()
def command() -> None:
    """See what leaves and how far it is."""


@command.command("list")
@click.option("--state", type=click.Choice(("queued", "sent", "failed", "uncertain", "suppressed")))
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=50, show_default=True)
@json_option
@click.pass_context
def list_(ctx: click.Context, state: str | None, limit: int, as_json: bool) -> None:
    """Letters, newest first. Suppressed ones, which never leave, only on --state suppressed."""
    from intake.views import View

    with opened(ctx) as parts, parts.store.read() as tx:
        view = View(parts.desk_settings.timezone)
        rows = [view.letter(row) for row in tx.outbox.recent(state, limit)]
    if as_json:
        for row in rows:
            print_json(row)
        return
    shown = ("id", "ticket", "kind", "to", "state", "attempts", "next_try_at", "error")
    table = [{**row, "to": ", ".join(row["to"])} for row in rows]
    print_table([tuple(row[name] for name in shown) for row in table], shown)


@command.command("show")
@click.argument("letter", type=int)
@click.pass_context
def show(ctx: click.Context, letter: int) -> None:
    """The letter, byte for byte."""
    with opened(ctx) as parts, parts.store.read() as tx:
        sys.stdout.buffer.write(tx.outbox.get(letter).raw)


@command.command("retry")
@click.argument("letter", type=int)
@click.pass_context
def retry(ctx: click.Context, letter: int) -> None:
    """Try a failed, uncertain or waiting letter again now; who has it already is not mailed again."""
    with opened(ctx) as parts:
        now = parts.clock()
        parts.store.write(lambda tx: tx.outbox.retry(letter, now))
        say(f"{letter}: queued")
