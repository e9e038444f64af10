"""``otklik tickets``: the list."""

from __future__ import annotations

import click

from gateway.cli.common import json_option, print_json, print_table
from gateway.cli.parts import opened


@click.command()
@click.option("--status", help="Only this status: request, info_needed, in_progress, …")
@click.option("--type", "type_", help="Only this type: consultation, bug, improvement.")
@click.option("--assignee", metavar="LOGIN", help="Only this agent's.")
@click.option(
    "--search", metavar="Q", help='Words of anything written; "phrases", keys, addresses, статус: тип: от: кому:'
)
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True)
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    status: str | None,
    type_: str | None,
    assignee: str | None,
    search: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """List tickets, newest first."""
    from intake.model import Status, Type
    from intake.views import View

    where = {"status": _key(Status, "--status", status), "type": _key(Type, "--type", type_), "assignee": assignee}
    wanted = {name: value for name, value in {**where, "words": search}.items() if value is not None}
    with opened(ctx) as parts, parts.store.read() as tx:
        found = tx.tickets.find(wanted, limit)
        view = View(parts.desk_settings.timezone)
        if as_json:
            for ticket in found:
                print_json(view.ticket(ticket))
            return
        print_table(
            [(t.key, t.type, t.status, t.assignee or "", view.time(t.next_due) or "", t.subject) for t in found],
            ("key", "type", "status", "assignee", "next due", "subject"),
        )


def _key(kind: type, option: str, value: str | None) -> str | None:
    """A key of the regulation, or a usage error that lists them."""
    keys = [str(member) for member in kind]  # type: ignore[attr-defined] # an Enum is iterable
    if value is not None and value not in keys:
        raise click.BadParameter(f"{value!r} is none of {', '.join(keys)}", param_hint=option)
    return value
