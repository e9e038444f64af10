"""``otklik attachment``: a file of a ticket, saved."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from gateway.cli.common import say
from gateway.cli.parts import opened
from intake.errors import Refused


@click.command()
@click.argument("number")
@click.argument("attachment")
@click.option("-o", "--output", required=True, metavar="FILE", help='Where to write it; "-" is stdout.')
@click.pass_context
def command(ctx: click.Context, number: str, attachment: str, output: str) -> None:
    """Save ATTACHMENT (its id, from `ticket NUMBER --json`) of ticket NUMBER to a new file."""
    from intake.mail.reading import attachment_bytes

    with opened(ctx) as parts:
        wanted = parts.desk.number_of(number)
        with parts.store.read() as tx:
            stored, raw = tx.messages.attachment(wanted, attachment)
    data = attachment_bytes(raw, stored.part)
    if output == "-":
        sys.stdout.buffer.write(data)
        return
    try:
        handle = os.open(Path(output), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        raise Refused(f"{output} exists already") from None
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    say(f"{output}: {len(data)} octets")
