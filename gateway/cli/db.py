"""``otklik db``: the database's upkeep."""

from __future__ import annotations

import click

from gateway.cli.common import say


@click.group()
def command() -> None:
    """Migrate, back up and check the database."""


@command.command("migrate")
@click.pass_context
def migrate(ctx: click.Context) -> None:
    """Bring the tables up to date; harmless when they are."""
    from storage import open_store

    open_store(ctx.obj.settings.storage.url).close()
    say("up to date")


@command.command("backup")
@click.argument("file", type=click.Path(dir_okay=False))
@click.pass_context
def backup(ctx: click.Context, file: str) -> None:
    """Write a consistent copy to FILE while everything runs (SQLite; for PostgreSQL use pg_dump)."""
    from storage import back_up

    back_up(ctx.obj.settings.storage.url, file)
    say(f"{file}: written")


@command.command("check")
@click.pass_context
def check(ctx: click.Context) -> None:
    """Look for damage; exit 1 where there is any."""
    from storage import check as find_damage

    found = find_damage(ctx.obj.settings.storage.url)
    for line in found or ("ok",):
        say(line)
    ctx.exit(1 if found else 0)


@command.command("reindex")
@click.pass_context
def reindex(ctx: click.Context) -> None:
    """Make the index of the search anew from the tickets."""
    from storage import reindex as index_anew

    say(f"{index_anew(ctx.obj.settings.storage.url)} tickets indexed")
