"""``otklik tui``: the agents' screen."""

from __future__ import annotations

import click

from gateway.cli.acting import logged_in
from gateway.cli.common import as_option
from gateway.cli.parts import opened
from gateway.cli.screen import show, theme_option


@click.command()
@as_option
@theme_option
@click.pass_context
def command(ctx: click.Context, login: str | None, theme: str) -> None:
    """Open the agents' screen in this terminal."""
    with opened(ctx) as parts:
        with parts.store.read() as tx:
            first = not tx.people.agents(active=False)
        parts.keys.follow()
        agent = logged_in(parts, ctx.obj.login(login))
        greeting = f"Вы — первый сотрудник этой службы и её руководитель: {agent.login}" if first else ""
        show(parts, agent, theme, greeting)
