"""``otklik contact``: who a ticket's client is."""

from __future__ import annotations

import click

from gateway.cli.common import say
from gateway.cli.on_ticket import Hand, on_ticket
from gateway.cli.verbs import quiet_option


@on_ticket("contact")
@click.argument("address", required=False)
@click.option("--name", default="", help="The person's name.  [default: as the conversation tells it]")
@quiet_option
def command(hand: Hand, address: str | None, name: str, quiet: bool) -> None:
    """Make ADDRESS the contact of ticket NUMBER; without it, the author of the mail that was forwarded.

    He gets the acknowledgement where nobody has got one yet, and every letter from now on.
    """
    ticket = hand.desk.set_contact(hand.number, address, hand.by, name=name, quiet=quiet)
    say(f"{ticket.key}: {ticket.contact_name} <{ticket.contact_address}>")
