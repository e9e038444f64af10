"""``otklik licensees``: the registry of organisations with a licence (§1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from gateway.cli.acting import acting
from gateway.cli.common import json_option, print_json, print_table, say
from gateway.cli.on_ticket import Hand, on_ticket
from gateway.cli.parts import opened
from gateway.cli.registry import as_option, dry_run_option, file_argument, read_csv, told

if TYPE_CHECKING:
    from intake.registries import Contact, Licensee


@click.group()
def command() -> None:
    """Keep the registry of licensees."""


@command.command("list")
@json_option
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    """Licensees by name."""
    with opened(ctx) as parts, parts.store.read() as tx:
        found = tx.licensees.all()
    if as_json:
        for one in found:
            print_json(_row(one))
    else:
        rows = [
            (one.inn, one.name, one.kind, ", ".join(one.domains), one.licence_no, len(one.contacts)) for one in found
        ]
        print_table(rows, ("inn", "name", "kind", "domain", "licence_no", "contacts"))


@command.command("add")
@click.argument("inn")
@click.option("--name", required=True)
@click.option("--kind", default="")
@click.option("--domain", default="", help="Several are separated by semicolons.")
@click.option("--licence-no", default="")
@click.option("--licensed-since", default="", metavar="DATE")
@click.option("--products", default="", help="Separated by semicolons.")
@click.option("--contacts", default="", help='"Name <address>, post, phone", separated by semicolons.')
@as_option
@click.pass_context
def add(ctx: click.Context, /, by: str | None, **row: str) -> None:
    """Add a licensee, or replace the one of that INN."""
    from intake.registry_files import licensee_of

    licensee = licensee_of({name: value.strip() for name, value in row.items()})
    with opened(ctx) as parts:
        parts.desk.put_licensees([licensee], acting(parts, by))
    _warn([licensee])
    say(f"{licensee.inn}: {licensee.name}")


@command.command("import")
@file_argument
@dry_run_option
@as_option
@click.pass_context
def import_(ctx: click.Context, file: str, dry_run: bool, by: str | None) -> None:
    """Add licensees from CSV: inn,name,kind,domain,licence_no,licensed_since,products,contacts. All or nothing."""
    from intake.registry_files import licensees_from_csv

    licensees = read_csv(file, licensees_from_csv)
    with opened(ctx) as parts:
        if dry_run:
            parts.desk.require("licensees", acting(parts, by))
        else:
            parts.desk.put_licensees(licensees, acting(parts, by))
    _warn(licensees)
    told(file, len(licensees), "licensees", dry_run)


@on_ticket("link")
@click.argument("licensee")
def link(hand: Hand, licensee: str) -> None:
    """Say that ticket NUMBER and its contact's address are a LICENSEE's, by INN or name; "-" takes that back."""
    named = None if licensee == "-" else licensee
    ticket = hand.desk.set_licensee(hand.number, named, hand.by)
    say(f"{ticket.key}: {ticket.licensee or 'of no licensee'}")


command.add_command(link)


def _warn(licensees: list[Licensee]) -> None:
    """A domain that tells nothing is kept as it was given, and never matched."""
    from intake.public_mail import is_public_mail_domain

    for one in licensees:
        for domain in filter(is_public_mail_domain, one.domains):
            say(f"{one.inn}: anybody can have an address at {domain}: only contacts are told by their addresses")


def _row(one: Licensee) -> dict[str, Any]:
    return {
        "inn": one.inn,
        "name": one.name,
        "kind": one.kind,
        "domain": "; ".join(one.domains),
        "licence_no": one.licence_no,
        "licensed_since": one.licensed_since,
        "products": list(one.products),
        "contacts": [_contact(contact) for contact in one.contacts],
    }


def _contact(one: Contact) -> dict[str, Any]:
    return {
        "name": one.name,
        "address": one.address,
        "post": one.post,
        "phone": one.phone,
        "learned": one.learned,
    }
