"""Verbs of the second line: ask departments, mark their answers, answer what they ask back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gateway.cli.common import say
from gateway.cli.on_ticket import Hand, on_ticket
from gateway.cli.verbs import read_text, text_option

if TYPE_CHECKING:
    from intake.escalations import Escalation


@on_ticket("escalate")
@click.argument("topic")
@click.option("--text-file", "text_file", metavar="FILE", help='The question, UTF-8; "-" is stdin.')
@click.option("--message", "messages", type=int, multiple=True, metavar="ID", help="Show only this; may be repeated.")
@click.option("--attachment", "files", multiple=True, metavar="ID", help="Send only this file; may be repeated.")
@click.option("--no-files", is_flag=True, help="Send no files.")
def escalate(
    hand: Hand, topic: str, text_file: str | None, messages: tuple[int, ...], files: tuple[str, ...], no_files: bool
) -> None:
    """Ask the departments of TOPIC (§7) about ticket NUMBER, over the channels of §8.

    By mail they see the conversation with the client and its files, in Slack only
    the question and what --message and --attachment name (files by name); never
    notes. What Slack does not take goes by mail.
    """
    if files and no_files:
        raise click.UsageError("choose one of --attachment and --no-files")
    text = read_text(text_file) if text_file else ""
    chosen = [] if no_files else (list(files) or None)
    ticket = hand.desk.escalate(hand.number, topic, hand.by, text, list(messages) or None, chosen)
    made = _latest(hand, ticket.number, topic)
    for asked in made.asked:
        instead = "" if set(asked.channels) == set(made.channels) else f" (§8: {', '.join(made.channels)})"
        over = f"{', '.join(asked.channels)}{instead}"
        say(f"{ticket.key}: {asked.department} asked by {over}, answer due {_due(hand, made)}")


@on_ticket("clarify")
@click.argument("topic")
@text_option
@click.option("--department", metavar="KEY", help="Which one.  [default: the only one that has answered]")
def clarify(hand: Hand, topic: str, text_file: str, department: str | None) -> None:
    """Answer what a department asks back about TOPIC of ticket NUMBER, in the thread of the question.

    Its term (§7) begins anew.
    """
    ticket = hand.desk.tell(hand.number, topic, hand.by, read_text(text_file), department)
    made = _latest(hand, ticket.number, topic)
    told = ", ".join(part.department for part in made.waiting if part.told_at is not None)
    say(f"{ticket.key}: {told} told, answer due {_due(hand, made)}")


@on_ticket("answered")
@click.argument("topic")
@click.option("--department", metavar="KEY", help="Only this one.  [default: all still waited for]")
@click.option("--refused", "outcome", flag_value="refused", help="It will not answer.")
@click.option("--question", "outcome", flag_value="question", help="It asks something back.")
@click.option("--message", type=int, metavar="ID", help="The message that is the answer.")
def answered(hand: Hand, topic: str, department: str | None, outcome: str | None, message: int | None) -> None:
    """Mark what ticket NUMBER asked about TOPIC as answered."""
    from intake.escalations import Reply

    reply = Reply(outcome or Reply.ANSWERED)
    ticket = hand.desk.answered(hand.number, topic, hand.by, department, reply, message)
    say(f"{ticket.key}: {topic} {reply}")


def _latest(hand: Hand, number: int, topic: str) -> Escalation:
    """What was asked last about a topic."""
    with hand.parts.store.read() as tx:
        return next(one for one in reversed(tx.escalations.of(number)) if one.topic == topic)


def _due(hand: Hand, made: Escalation) -> str:
    """When the answer is due, ISO 8601 in the desk's zone."""
    return made.answer_due.astimezone(hand.parts.regulations.of(made.regulation).zone).isoformat()
