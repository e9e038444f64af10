"""``otklik import``: what export wrote, read back."""

from __future__ import annotations

import click

from gateway.cli.common import say


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False))
@click.pass_context
def command(ctx: click.Context, folder: str) -> None:
    """Read DIR, written by `otklik export`, into an empty desk: all or nothing."""
    from storage import import_, open_store

    url = ctx.obj.settings.storage.url
    open_store(url).close()
    counts = import_(url, folder)
    say(f"{counts['tickets']} tickets, {counts['messages']} messages, {counts['journal']} arrivals")
