"""Verbs that put tickets together, take them apart, and put them away."""

from __future__ import annotations

import click

from gateway.cli.common import say
from gateway.cli.moments import moment_of
from gateway.cli.on_ticket import Hand, on_ticket


@on_ticket("merge")
@click.argument("into", required=False)
@click.option("--undo", is_flag=True, help="Take the merge back, within the hour.")
def merge(hand: Hand, into: str | None, undo: bool) -> None:
    """Make ticket NUMBER part of ticket INTO; what is written to it goes there from now on."""
    if undo == (into is not None):
        raise click.UsageError("name the ticket to merge INTO, or give --undo")
    if into is None:
        say(f"{hand.desk.unmerge(hand.number, hand.by).key}: on its own again")
        return
    target = hand.desk.merge(hand.number, hand.desk.number_of(into), hand.by)
    say(f"{hand.named}: part of {target.key}")


@on_ticket("split")
@click.argument("message", type=int)
def split(hand: Hand, message: int) -> None:
    """Make MESSAGE of ticket NUMBER a ticket of its own."""
    fresh = hand.desk.split(hand.number, message, hand.by)
    click.echo(fresh.key)


@on_ticket("link")
@click.argument("other")
def link(hand: Hand, other: str) -> None:
    """Say that tickets NUMBER and OTHER are related."""
    ticket = hand.desk.link(hand.number, hand.desk.number_of(other), hand.by)
    say(f"{ticket.key}: linked")


@on_ticket("spam")
def spam(hand: Hand) -> None:
    """Put ticket NUMBER away as spam: no letter, counted nowhere."""
    say(f"{hand.desk.spam(hand.number, hand.by).key}: spam")


@on_ticket("snooze")
@click.argument("until")
def snooze(hand: Hand, until: str) -> None:
    """Hide ticket NUMBER UNTIL a time (ISO 8601; without an offset in the desk's zone), or "-" to show it again."""
    from zoneinfo import ZoneInfo

    at = None if until == "-" else moment_of(until, ZoneInfo(hand.parts.desk_settings.timezone))
    ticket = hand.desk.snooze(hand.number, at, hand.by)
    say(f"{ticket.key}: {'hidden until ' + at.isoformat() if at is not None else 'shown'}")
