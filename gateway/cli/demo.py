"""``otklik demo``: a throw-away desk with a screen in front of it."""

from __future__ import annotations

import click

from gateway.cli.common import say


@click.command()
@click.option(
    "--theme",
    type=click.Choice(["dark", "light"]),
    default="dark",
    envvar="OTKLIK_THEME",
    show_default=True,
    show_envvar=True,
    help="How it looks; Ctrl+T changes it.",
)
def command(theme: str) -> None:
    """Make up a desk in a folder that goes away, with mails that keep arriving, and open its screen."""
    say("Making up a desk; everything in it is invented and goes away with it …")
    from gateway.demo import ADDRESS, demo
    from gateway.mailroom import mailroom
    from gateway.opening import open_for
    from templates.snippets_rendering import render_snippet, shipped_snippets
    from tui.app import DeskApp
    from tui.workplace import Canned, Workplace

    with demo() as made:
        parts = made.parts
        greeting = (
            "Всё здесь придумано и исчезнет при выходе (Ctrl+Q). Письма приходят сами.\n"
            f"Напишите и вы: {ADDRESS}, SMTP 127.0.0.1:{made.port}"
        )
        if made.clock.shift:
            greeting += "\nСейчас служба закрыта, поэтому часы переведены на рабочее время."
        agent = parts.desk.agent("belova")
        at = Workplace(
            parts.store,
            parts.desk,
            parts.regulations,
            parts.desk_settings,
            parts.clock,
            agent,
            greeting,
            "Отклик · демо",
            mailroom(parts),
            Canned(shipped_snippets, render_snippet),
            lambda form, login: open_for(parts, form, login, processes=0),
        )
        DeskApp(at, theme).run()
