"""``otklik contact``: who a ticket's client is."""

from __future__ import annotations

import click

from gateway.cli.common import as_option, say
from gateway.cli.parts import opened
from gateway.cli.verbs import quiet_option


@click.command()
@click.argument("number")
@click.argument("address", required=False)
@click.option("--name", default="", help="The person's name.  [default: as the conversation tells it]")
@quiet_option
@as_option
@click.pass_context
def command(ctx: click.Context, number: str, address: str | None, name: str, quiet: bool, login: str | None) -> None:
    """Make ADDRESS the contact of ticket NUMBER; without it, the author of the mail that was forwarded.

    He gets the acknowledgement where nobody has got one yet, and every letter from now on.
    """
    with opened(ctx) as parts:
        agent = parts.desk.agent(ctx.obj.login(login))
        found = parts.desk.number_of(number)
        ticket = parts.desk.set_contact(found, address, agent.login, name=name, quiet=quiet)
        say(f"{ticket.key}: {ticket.contact_name} <{ticket.contact_address}>")
