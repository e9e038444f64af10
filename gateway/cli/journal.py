"""``otklik journal``: what came in and what became of it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from gateway.cli.common import as_option, echo, json_option, print_json, print_table, say
from gateway.cli.parts import opened

if TYPE_CHECKING:
    from intake.model import JournalRow

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
@click.option("--as-ticket", is_flag=True, help="As `journal accept` does: a ticket whatever the screening said.")
@as_option
@json_option
@click.pass_context
def replay(ctx: click.Context, row: int, as_ticket: bool, login: str | None, as_json: bool) -> None:
    """Process an arrival again with today's code.

    A mail that is a ticket's message already is read again in its place; nothing is opened or sent twice.
    """
    if as_ticket:
        _accept(ctx, row, login, as_json)
        return
    from gateway.mailroom import mailroom

    with opened(ctx) as parts:
        _told(mailroom(parts).replay(row), as_json)


@command.command("accept")
@click.argument("row", type=int)
@as_option
@json_option
@click.pass_context
def accept(ctx: click.Context, row: int, login: str | None, as_json: bool) -> None:
    """Make a ticket of an arrival that was ignored or quarantined.

    It joins the ticket it belongs to, or opens one. What may get no automatic letter still gets none.
    """
    _accept(ctx, row, login, as_json)


def _accept(ctx: click.Context, row: int, login: str | None, as_json: bool) -> None:
    from gateway.mailroom import mailroom

    with opened(ctx) as parts:
        agent = parts.desk.agent(ctx.obj.login(login))
        _told(mailroom(parts).accept(row, agent.login), as_json)


def _told(row: JournalRow, as_json: bool) -> None:
    if as_json:
        print_json({"id": row.id, "disposition": row.disposition, "cause": row.cause, "ticket": row.ticket})
    else:
        where = f", ticket {row.ticket}" if row.ticket is not None else ""
        say(f"{row.id}: {row.disposition} ({row.cause}){where}")
