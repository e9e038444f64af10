"""Verbs that put tickets together, take them apart, and put them away."""

from __future__ import annotations

import click

from gateway.cli.common import as_option, say
from gateway.cli.moments import moment_of
from gateway.cli.parts import opened


@click.command("merge")
@click.argument("number")
@click.argument("into", required=False)
@click.option("--undo", is_flag=True, help="Take the merge back, within the hour.")
@as_option
@click.pass_context
def merge(ctx: click.Context, number: str, into: str | None, undo: bool, login: str | None) -> None:
    """Make ticket NUMBER part of ticket INTO; what is written to it goes there from now on."""
    if undo == (into is not None):
        raise click.UsageError("name the ticket to merge INTO, or give --undo")
    with opened(ctx) as parts:
        agent = parts.desk.agent(ctx.obj.login(login))
        wanted = parts.desk.number_of(number)
        if into is None:
            say(f"{parts.desk.unmerge(wanted, agent.login).key}: on its own again")
            return
        target = parts.desk.merge(wanted, parts.desk.number_of(into), agent.login)
        say(f"{number}: part of {target.key}")


@click.command("split")
@click.argument("number")
@click.argument("message", type=int)
@as_option
@click.pass_context
def split(ctx: click.Context, number: str, message: int, login: str | None) -> None:
    """Make MESSAGE of ticket NUMBER a ticket of its own."""
    with opened(ctx) as parts:
        agent = parts.desk.agent(ctx.obj.login(login))
        fresh = parts.desk.split(parts.desk.number_of(number), message, agent.login)
        click.echo(fresh.key)


@click.command("link")
@click.argument("number")
@click.argument("other")
@as_option
@click.pass_context
def link(ctx: click.Context, number: str, other: str, login: str | None) -> None:
    """Say that tickets NUMBER and OTHER are related."""
    with opened(ctx) as parts:
        agent = parts.desk.agent(ctx.obj.login(login))
        ticket = parts.desk.link(parts.desk.number_of(number), parts.desk.number_of(other), agent.login)
        say(f"{ticket.key}: linked")


@click.command("spam")
@click.argument("number")
@as_option
@click.pass_context
def spam(ctx: click.Context, number: str, login: str | None) -> None:
    """Put ticket NUMBER away as spam: no letter, counted nowhere."""
    with opened(ctx) as parts:
        agent = parts.desk.agent(ctx.obj.login(login))
        say(f"{parts.desk.spam(parts.desk.number_of(number), agent.login).key}: spam")


@click.command("snooze")
@click.argument("number")
@click.argument("until")
@as_option
@click.pass_context
def snooze(ctx: click.Context, number: str, until: str, login: str | None) -> None:
    """Hide ticket NUMBER UNTIL a time (ISO 8601; without an offset in the desk's zone), or "-" to show it again."""
    from zoneinfo import ZoneInfo

    with opened(ctx) as parts:
        agent = parts.desk.agent(ctx.obj.login(login))
        at = None if until == "-" else moment_of(until, ZoneInfo(parts.desk_settings.timezone))
        ticket = parts.desk.snooze(parts.desk.number_of(number), at, agent.login)
        say(f"{ticket.key}: {'hidden until ' + at.isoformat() if at is not None else 'shown'}")
