"""``otklik explain``: why each deadline of a ticket is what it is."""

from __future__ import annotations

import click

from gateway.cli.common import echo, json_option, print_json
from gateway.cli.parts import opened


@click.command()
@click.argument("number")
@json_option
@click.pass_context
def command(ctx: click.Context, number: str, as_json: bool) -> None:
    """Explain each deadline of ticket NUMBER: which time counted, which did not, by which clause.

    Then whose turn it was: the desk's, each department's, the client's, in working time.
    """
    from intake import explaining
    from intake.views import View
    from intake.waiting import shares

    with opened(ctx) as parts:
        wanted = parts.desk.number_of(number)
        with parts.store.read() as tx:
            ticket, events = tx.tickets.get(wanted), tx.tickets.events(wanted)
            escalations = tx.escalations.of(wanted)
        regulation, now = parts.regulations.of(ticket.regulation), parts.clock()
        found = explaining.explain(ticket, events, regulation, now, escalations)
        waited = shares(ticket, events, escalations, regulation, now)
        view = View(parts.desk_settings.timezone)
    if as_json:
        deadlines = [view.explanation(one) for one in found]
        print_json(
            {
                "number": ticket.number,
                "key": ticket.key,
                "regulation": ticket.regulation,
                "deadlines": deadlines,
                "working_hours": view.shares(waited),
            }
        )
        return
    echo(f"{ticket.key}  {ticket.subject}")
    for one in found:
        echo()
        for line in explaining.words(one, regulation, now):
            echo(line)
    echo()
    for line in explaining.shares_words(waited):
        echo(line)
