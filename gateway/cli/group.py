"""A click group that knows its commands' names and help, and imports a command only when it is called."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from gateway.cli.common import App
from gateway.cli.table import Entry


def keep_config(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    """Remember the file that was named; the last one given wins, so the one behind the command."""
    if value is not None:
        context.find_root().ensure_object(App).use(Path(value))


def config_option(envvar: str | None = None) -> click.Option:
    """``--config FILE``. It is read when a command asks for settings."""
    return click.Option(
        ["--config"],
        metavar="FILE",
        envvar=envvar,
        expose_value=False,
        is_eager=True,
        callback=keep_config,
        help="Configuration file.  [env: OTKLIK_CONFIG; default: ./otklik.toml]",
    )


class LazyGroup(click.Group):
    """Commands of a table; those whose module does not exist are neither listed nor known."""

    def __init__(self, *, entries: Mapping[str, Entry], **options: Any) -> None:
        super().__init__(**options)
        self.entries = entries
        self.params.append(config_option("OTKLIK_CONFIG"))

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click hands it over
        """In the table's order."""
        return [name for name, entry in self.entries.items() if find_spec(entry.module)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import it, and let it take ``--config`` too."""
        entry = self.entries.get(cmd_name)
        if entry is None or not find_spec(entry.module):
            return None
        ctx.ensure_object(App).command = cmd_name
        command: click.Command = getattr(import_module(entry.module), entry.attribute)
        take_config(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with a suggestion for a mistyped name."""
        name = args[0] if args else ""
        known = self.list_commands(ctx)
        if name and not name.startswith("-") and name not in known:
            near = get_close_matches(name, known, 1)
            ctx.fail(f"No such command {name!r}{f'; did you mean {near[0]}?' if near else ''}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """From the table: asking each command for its help would import it."""
        rows = [(name, self.entries[name].help) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def take_config(command: click.Command) -> None:
    """Give a command, and those below it, the option ``--config``."""
    if not any("--config" in parameter.opts for parameter in command.params):
        command.params.append(config_option())
    if isinstance(command, click.Group):
        for below in command.commands.values():
            take_config(below)
