"""``otklik answered``: say that a department has answered."""

from __future__ import annotations

import click

from gateway.cli.common import as_option, say
from gateway.cli.parts import opened


@click.command()
@click.argument("number")
@click.argument("topic")
@click.option("--department", metavar="KEY", help="Only this one.  [default: all still waited for]")
@click.option("--refused", "outcome", flag_value="refused", help="It will not answer.")
@click.option("--question", "outcome", flag_value="question", help="It asks something back.")
@click.option("--message", type=int, metavar="ID", help="The message that is the answer.")
@as_option
@click.pass_context
def command(
    ctx: click.Context,
    number: str,
    topic: str,
    department: str | None,
    outcome: str | None,
    message: int | None,
    login: str | None,
) -> None:
    """Mark what ticket NUMBER asked about TOPIC as answered."""
    from intake.escalations import Reply

    with opened(ctx) as parts:
        agent = parts.desk.agent(ctx.obj.login(login))
        wanted = parts.desk.number_of(number)
        reply = Reply(outcome or Reply.ANSWERED)
        ticket = parts.desk.answered(wanted, topic, agent.login, department, reply, message)
        say(f"{ticket.key}: {topic} {reply}")
