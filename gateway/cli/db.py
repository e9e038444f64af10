"""``otklik db``: the database's upkeep."""

from __future__ import annotations

import re

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


@command.command("scrub")
@click.pass_context
def scrub(ctx: click.Context) -> None:
    """Write the database anew, so that nothing erased is left in its files (part of `otklik forget`)."""
    from storage import scrub as write_anew

    write_anew(ctx.obj.settings.storage.url)
    say("written anew")


@command.command("prune")
@click.option("--raw-older-than", "days", required=True, metavar="DAYS", help="As 730d.")
@click.pass_context
def prune(ctx: click.Context, days: str) -> None:
    """Let raw mails and letters go that are older than DAYS; tickets keep their texts, attachments go with the raw."""
    from datetime import timedelta

    from gateway.bootstrap import utc_now
    from storage import prune as let_go

    found = re.fullmatch(r"([1-9]\d{0,4})d?", days.strip())
    if found is None:
        raise click.BadParameter(f"{days!r} is not a number of days, as 730d", param_hint="--raw-older-than")
    arrivals, letters = let_go(ctx.obj.settings.storage.url, utc_now() - timedelta(days=int(found[1])))
    say(f"raw of {arrivals} arrivals and {letters} letters let go")
