"""``otklik tui``: the agents' screen."""

from __future__ import annotations

import click

from gateway.cli.acting import logged_in
from gateway.cli.common import as_option
from gateway.cli.parts import opened


@click.command()
@as_option
@click.option(
    "--theme",
    type=click.Choice(["dark", "light"]),
    default="dark",
    envvar="OTKLIK_THEME",
    show_default=True,
    show_envvar=True,
    help="How it looks; Ctrl+T changes it.",
)
@click.pass_context
def command(ctx: click.Context, login: str | None, theme: str) -> None:
    """Open the agents' screen in this terminal."""
    from gateway.mailroom import mailroom
    from gateway.opening import open_for
    from templates.snippets_rendering import render_snippet, shipped_snippets
    from tui.app import DeskApp
    from tui.workplace import Canned, Workplace

    with opened(ctx) as parts:
        with parts.store.read() as tx:
            first = not tx.people.agents(active=False)
        parts.keys.follow()
        agent = logged_in(parts, ctx.obj.login(login))
        greeting = f"Вы — первый сотрудник этой службы и её руководитель: {agent.login}" if first else ""
        at = Workplace(
            parts.store,
            parts.desk,
            parts.regulations,
            parts.desk_settings,
            parts.clock,
            agent,
            greeting,
            mailroom=mailroom(parts),
            canned=Canned(shipped_snippets, render_snippet),
            open_for=lambda form, login: open_for(parts, form, login, processes=0),
        )
        DeskApp(at, theme).run()
