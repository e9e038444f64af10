"""``otklik open``: a ticket on a licensee's behalf (§3: «отправленный … сотруднику Лицензиара»)."""

from __future__ import annotations

import click

from gateway.cli.common import as_option, json_option, print_json, say
from gateway.cli.parts import opened


@click.command()
@click.option("--text-file", "text_file", required=True, metavar="FILE", help='UTF-8 text; "-" is stdin.')
@click.option("--email", required=True, metavar="A", help="The licensee's address; he gets the acknowledgement.")
@click.option("--subject", required=True, metavar="S")
@click.option("--name", default="", help="The person's name.")
@click.option("--organisation", default="")
@click.option("--product", default="")
@click.option("--type", "type_", metavar="TYPE", help="consultation, bug, improvement.  [default: from the text]")
@click.option("--attach", multiple=True, metavar="FILE", help="A file to go with it; may be repeated.")
@as_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    text_file: str,
    email: str,
    subject: str,
    name: str,
    organisation: str,
    product: str,
    type_: str | None,
    attach: tuple[str, ...],
    login: str | None,
    as_json: bool,
) -> None:
    """Open a ticket on a licensee's behalf, as if he had written; he gets the acknowledgement."""
    from gateway.cli.verbs import read_enclosures, read_text, regulation_key
    from gateway.opening import open_for
    from intake.forms import FilledForm
    from intake.model import Type

    kind = regulation_key(Type, type_) if type_ else None
    files = tuple(read_enclosures(attach))
    form = FilledForm(name, email, subject, read_text(text_file), organisation, product, kind, files)
    with opened(ctx) as parts:
        agent = parts.desk.agent(ctx.obj.login(login))
        number = open_for(parts, form, agent.login)
        with parts.store.read() as tx:
            ticket = tx.tickets.get(number)
    if as_json:
        print_json({"number": ticket.number, "key": ticket.key})
    else:
        click.echo(ticket.key)
        say(f"opened for {ticket.contact_address}")
