"""The agents' screen before an open desk: its option, and how it is handed what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gateway.bootstrap import Parts
    from intake.model import Agent

theme_option = click.option(
    "--theme",
    type=click.Choice(["dark", "light"]),
    default="dark",
    envvar="OTKLIK_THEME",
    show_default=True,
    show_envvar=True,
    help="How it looks; Ctrl+T changes it.",
)


def show(parts: Parts, agent: Agent, theme: str, greeting: str, title: str = "Отклик") -> None:
    """Open the screen for an agent, until he leaves it. See `tui.workplace.Workplace`."""
    from gateway.mailroom import mailroom
    from gateway.opening import open_for
    from templates.snippets_rendering import render_snippet, shipped_snippets
    from tui.app import DeskApp
    from tui.workplace import Canned, Workplace

    at = Workplace(
        parts.store,
        parts.desk,
        parts.regulations,
        parts.desk_settings,
        parts.clock,
        agent,
        greeting,
        title,
        mailroom(parts),
        Canned(shipped_snippets, render_snippet),
        lambda form, login: open_for(parts, form, login, processes=0),
    )
    DeskApp(at, theme).run()
