"""The command ``otklik``: a table of commands, each imported only when it is called."""

from __future__ import annotations

import click

from gateway.cli.errors import run
from gateway.cli.group import LazyGroup
from gateway.cli.table import COMMANDS

__all__ = ["main", "otklik"]


def _show_version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    """Look the version up only when asked: the look-up reads the installed distributions."""
    if wanted and not context.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"otklik {version('otklik')}")
        context.exit()


otklik = LazyGroup(
    name="otklik",
    entries=COMMANDS,
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_version,
            help="Show the version.",
        )
    ],
    help="A support desk's front door and workbench. Without a configuration file it runs on embedded defaults.",
    context_settings={"max_content_width": 120},
)


def main() -> None:
    """Entry point of the console script."""
    raise SystemExit(run(otklik))
