"""``otklik journal``: what came in and what became of it."""

from __future__ import annotations

import sys
from datetime import timedelta

import click

from gateway.cli.common import echo, json_option, print_json, print_table, say
from gateway.cli.parts import opened

DISPOSITIONS = ("new", "ticket", "message", "ignored", "duplicate", "quarantined")


@click.group()
def command() -> None:
    """See what came in and what became of it."""


@command.command("list")
@click.option("--disposition", type=click.Choice(DISPOSITIONS))
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=50, show_default=True)
@json_option
@click.pass_context
def list_(ctx: click.Context, disposition: str | None, limit: int, as_json: bool) -> None:
    """Arrivals, newest first."""
    _list(ctx, disposition, limit, as_json)


@command.command("quarantine")
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=50, show_default=True)
@json_option
@click.pass_context
def quarantine(ctx: click.Context, limit: int, as_json: bool) -> None:
    """What could not be processed or was held back as spam."""
    _list(ctx, "quarantined", limit, as_json)


def _list(ctx: click.Context, disposition: str | None, limit: int, as_json: bool) -> None:
    from intake.views import View

    with opened(ctx) as parts, parts.store.read() as tx:
        view = View(parts.desk_settings.timezone)
        rows = [view.journal(row) for row in tx.journal.recent(disposition, limit)]
    if as_json:
        for row in rows:
            print_json(row)
        return
    shown = ("id", "received_at", "door", "disposition", "ticket", "from", "subject", "cause")
    print_table([tuple(row[name] for name in shown) for row in rows], shown)


@command.command("show")
@click.argument("row", type=int)
@click.option("--raw", is_flag=True, help="The raw mail, byte for byte.")
@json_option
@click.pass_context
def show(ctx: click.Context, row: int, raw: bool, as_json: bool) -> None:
    """One arrival: its row, or with --raw its bytes."""
    from intake.views import View

    with opened(ctx) as parts, parts.store.read() as tx:
        found = tx.journal.get(row)
        values = View(parts.desk_settings.timezone).journal(found)
    if raw:
        sys.stdout.buffer.write(found.raw)
    elif as_json:
        print_json({**values, "size": len(found.raw), "mailbox": found.mailbox, "to": list(found.envelope.rcpt_to)})
    else:
        for name, value in values.items():
            echo(f"{name:12} {'' if value is None else value}")
        echo(f"{'size':12} {len(found.raw)}")


@command.command("replay")
@click.argument("row", type=int)
@click.option("--as-ticket", is_flag=True, help="Open a ticket whatever the screening says.")
@json_option
@click.pass_context
def replay(ctx: click.Context, row: int, as_ticket: bool, as_json: bool) -> None:
    """Process an arrival again with today's code.

    A mail that is a ticket's message already is read again in its place; nothing is opened or sent twice.
    """
    from gateway.mail_readers import CommandReader
    from gateway.worker import Worker
    from intake.errors import Refused

    with opened(ctx) as parts:
        until = parts.clock() + timedelta(minutes=10)
        with parts.store.read() as tx:
            before = tx.journal.get(row)
        reader = CommandReader(parts.desk_settings, as_ticket=as_ticket)
        if not before.raw:
            raise Refused(f"journal row {row}: its raw mail is gone (retention or erasure), there is nothing to read")
        if before.message is not None and before.disposition != "duplicate":
            parts.receiver.read_again(before, reader.submit(before).result())
        else:
            parts.store.write(lambda tx: tx.journal.reopen(row, until))
            Worker(parts.store, parts.receiver, reader, parts.clock).process([before])
        reader.close()
        with parts.store.read() as tx:
            after = tx.journal.get(row)
    if as_json:
        print_json({"id": row, "disposition": after.disposition, "cause": after.cause, "ticket": after.ticket})
    else:
        say(f"{row}: {after.disposition} ({after.cause})")
