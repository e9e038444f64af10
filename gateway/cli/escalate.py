"""``otklik escalate``: ask the departments of a topic."""

from __future__ import annotations

import click

from gateway.cli.common import as_option, say
from gateway.cli.parts import opened
from gateway.cli.verbs import read_text


@click.command()
@click.argument("number")
@click.argument("topic")
@click.option("--text-file", "text_file", metavar="FILE", help='The question, UTF-8; "-" is stdin.')
@click.option("--message", "messages", type=int, multiple=True, metavar="ID", help="Show only this; may be repeated.")
@click.option("--attachment", "files", multiple=True, metavar="ID", help="Send only this file; may be repeated.")
@click.option("--no-files", is_flag=True, help="Send no files.")
@as_option
@click.pass_context
def command(
    ctx: click.Context,
    number: str,
    topic: str,
    text_file: str | None,
    messages: tuple[int, ...],
    files: tuple[str, ...],
    no_files: bool,
    login: str | None,
) -> None:
    """Ask the departments of TOPIC (§7) about ticket NUMBER, over the channels of §8.

    They see the conversation with the client and its files, never notes.
    """
    if files and no_files:
        raise click.UsageError("choose one of --attachment and --no-files")
    text = read_text(text_file) if text_file else ""
    chosen = [] if no_files else (list(files) or None)
    with opened(ctx) as parts:
        agent = parts.desk.agent(ctx.obj.login(login))
        ticket = parts.desk.escalate(
            parts.desk.number_of(number), topic, agent.login, text, list(messages) or None, chosen
        )
        with parts.store.read() as tx:
            made = tx.escalations.of(ticket.number)[-1]
        for asked in made.asked:
            instead = "" if set(asked.channels) == set(made.channels) else f" (§8: {', '.join(made.channels)})"
            due = made.answer_due.astimezone(parts.regulations.of(made.regulation).zone).isoformat()
            say(f"{ticket.key}: {asked.department} asked by {', '.join(asked.channels)}{instead}, answer due {due}")
