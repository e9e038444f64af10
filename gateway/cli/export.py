"""``otklik export``: everything in files."""

from __future__ import annotations

import click

from gateway.cli.common import say


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False))
@click.option("--with-secrets", is_flag=True, help="Signing keys and password hashes too: keep such an export safe.")
@click.pass_context
def command(ctx: click.Context, folder: str, with_secrets: bool) -> None:
    """Write everything to the new folder DIR: a table is JSON Lines, a raw mail or letter an .eml file.

    What was written at one moment is consistent, while everything runs. Readable by its owner alone."""
    from storage import export, open_store

    url = ctx.obj.settings.storage.url
    open_store(url).close()
    counts = export(url, folder, with_secrets)
    say(f"{folder}: {counts['tickets']} tickets, {counts['messages']} messages, {counts['journal']} arrivals")
    if not with_secrets:
        say("without signing keys and passwords: addresses in letters already sent will not prove themselves elsewhere")
