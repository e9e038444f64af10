"""``otklik demo``: a throw-away desk with a screen in front of it."""

from __future__ import annotations

import click

from gateway.cli.common import say
from gateway.cli.screen import show, theme_option


@click.command()
@theme_option
def command(theme: str) -> None:
    """Make up a desk in a folder that goes away, with mails that keep arriving, and open its screen."""
    say("Making up a desk; everything in it is invented and goes away with it …")
    from gateway.demo import ADDRESS, demo

    with demo() as made:
        greeting = (
            "Всё здесь придумано и исчезнет при выходе (Ctrl+Q). Письма приходят сами.\n"
            f"Напишите и вы: {ADDRESS}, SMTP 127.0.0.1:{made.port}"
        )
        if made.clock.shift:
            greeting += "\nСейчас служба закрыта, поэтому часы переведены на рабочее время."
        show(made.parts, made.parts.desk.agent("belova"), theme, greeting, "Отклик · демо")
