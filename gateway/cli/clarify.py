"""``otklik clarify``: answer what a department asks back."""

from __future__ import annotations

import click

from gateway.cli.common import as_option, say
from gateway.cli.parts import opened
from gateway.cli.verbs import read_text, text_option


@click.command()
@click.argument("number")
@click.argument("topic")
@text_option
@click.option("--department", metavar="KEY", help="Which one.  [default: the only one that has answered]")
@as_option
@click.pass_context
def command(
    ctx: click.Context, number: str, topic: str, text_file: str, department: str | None, login: str | None
) -> None:
    """Answer what a department asks back about TOPIC of ticket NUMBER, in the thread of the question.

    Its term (§7) begins anew.
    """
    text = read_text(text_file)
    with opened(ctx) as parts:
        agent = parts.desk.agent(ctx.obj.login(login))
        ticket = parts.desk.tell(parts.desk.number_of(number), topic, agent.login, text, department)
        with parts.store.read() as tx:
            made = next(e for e in reversed(tx.escalations.of(ticket.number)) if e.topic == topic)
        due = made.answer_due.astimezone(parts.regulations.of(made.regulation).zone).isoformat()
        told = ", ".join(part.department for part in made.waiting if part.told_at is not None)
        say(f"{ticket.key}: {told} told, answer due {due}")
