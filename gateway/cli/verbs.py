"""The agents' verbs for scripts: each calls the same use case of the desk as the screen does."""

from __future__ import annotations

import mimetypes
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from gateway.cli.common import say
from gateway.cli.moments import moment_of
from gateway.cli.on_ticket import Hand, on_ticket
from intake.errors import OtklikError

if TYPE_CHECKING:
    from intake.letters.enclosures import Enclosure

Key = TypeVar("Key", bound=StrEnum)
text_option = click.option("--text-file", "text_file", required=True, metavar="FILE", help='UTF-8 text; "-" is stdin.')


def read_text(text_file: str) -> str:
    """A UTF-8 file's text, line ends as line feeds. Raises OtklikError."""
    try:
        raw = sys.stdin.buffer.read() if text_file == "-" else Path(text_file).read_bytes()
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise OtklikError(f"{text_file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise OtklikError(f"{text_file}: is not UTF-8 text: {error}") from error


def read_enclosures(files: tuple[str, ...]) -> list[Enclosure]:
    """Files to go with a letter, typed by their names. Raises OtklikError."""
    from intake.letters.enclosures import Enclosure

    found = []
    for name in files:
        try:
            data = Path(name).read_bytes()
        except OSError as error:
            raise OtklikError(f"{name}: {error.strerror}") from error
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        found.append(Enclosure(Path(name).name, kind, data))
    return found


@on_ticket("reply")
@text_option
@click.option("--attach", multiple=True, metavar="FILE", help="A file to go with it; may be repeated.")
def reply(hand: Hand, text_file: str, attach: tuple[str, ...]) -> None:
    """Answer the client of ticket NUMBER by mail."""
    text, files = read_text(text_file), read_enclosures(attach)
    ticket = hand.desk.reply(hand.number, text, hand.by, files)
    say(f"{ticket.key}: queued to {ticket.contact_address}")


@on_ticket("note")
@text_option
def note(hand: Hand, text_file: str) -> None:
    """Write a note on ticket NUMBER that never leaves the desk."""
    text = read_text(text_file)
    ticket = hand.desk.note(hand.number, text, hand.by)
    say(f"{ticket.key}: noted")


@on_ticket("assign")
@click.argument("assignee")
def assign(hand: Hand, assignee: str) -> None:
    """Give ticket NUMBER to agent ASSIGNEE ("-": back to the queue)."""
    to = None if assignee == "-" else assignee
    ticket = hand.desk.assign(hand.number, to, hand.by)
    say(f"{ticket.key}: {ticket.assignee or 'free'}")


told_option = click.option("--text-file", "text_file", metavar="FILE", help='What to add to the letter; "-" is stdin.')
quiet_option = click.option("--quiet", is_flag=True, help="Send the client no letter.")


@on_ticket("status")
@click.argument("status")
@told_option
@quiet_option
def status(hand: Hand, status: str, text_file: str | None, quiet: bool) -> None:
    """Move ticket NUMBER to STATUS (§4); what the rules do not allow is refused with the reason.

    A status that waits for the client tells him by mail what is expected of him.
    """
    from intake.model import Status

    text = read_text(text_file) if text_file else ""
    wanted = regulation_key(Status, status)
    ticket = hand.desk.set_status(hand.number, wanted, hand.by, text=text, quiet=quiet)
    say(f"{ticket.key}: {ticket.status}")


@on_ticket("close")
@told_option
@quiet_option
def close(hand: Hand, text_file: str | None, quiet: bool) -> None:
    """Close ticket NUMBER and tell the client."""
    text = read_text(text_file) if text_file else ""
    ticket = hand.desk.close(hand.number, hand.by, text=text, quiet=quiet)
    say(f"{ticket.key}: closed")


@on_ticket("type")
@click.argument("type_", metavar="TYPE")
def type_(hand: Hand, type_: str) -> None:
    """Correct the type of ticket NUMBER (§3)."""
    from intake.model import Type

    ticket = hand.desk.set_type(hand.number, regulation_key(Type, type_), hand.by)
    say(f"{ticket.key}: {ticket.type}")


@on_ticket("criticality")
@click.argument("criticality")
def criticality(hand: Hand, criticality: str) -> None:
    """Say how critical the bug of ticket NUMBER is; "-" for not set."""
    from intake.model import Criticality

    chosen = None if criticality == "-" else regulation_key(Criticality, criticality)
    ticket = hand.desk.set_criticality(hand.number, chosen, hand.by)
    say(f"{ticket.key}: {ticket.criticality or 'not set'}")


@on_ticket("estimate")
@click.argument("hours")
def estimate(hand: Hand, hours: str) -> None:
    """Set the estimate of improvement NUMBER in working hours (§5); completion counts from now."""
    ticket = hand.desk.set_estimate(hand.number, hours, hand.by)
    say(f"{ticket.key}: {ticket.estimate_hours} h")


@on_ticket("agree")
@click.argument("when")
def agree(hand: Hand, when: str) -> None:
    """Set the date of completion of ticket NUMBER agreed with the client; no pause moves it.

    WHEN is ISO 8601, without an offset in the desk's zone; a date alone means closing time. "-" takes it back.
    """
    with hand.parts.store.read() as tx:
        rules = hand.parts.regulations.of(tx.tickets.get(hand.number).regulation)
    at = None if when == "-" else moment_of(when, rules.zone, rules.rules.hours.closes)
    ticket = hand.desk.agree(hand.number, at, hand.by)
    say(f"{ticket.key}: {'completion ' + at.isoformat() if at is not None else 'by the rules again'}")


@on_ticket("topic")
@click.argument("key")
def topic(hand: Hand, key: str) -> None:
    """Set the second-line topic of ticket NUMBER (§7); "-" for none."""
    chosen = None if key == "-" else key
    ticket = hand.desk.set_topic(hand.number, chosen, hand.by)
    say(f"{ticket.key}: {ticket.topic or 'none'}")


def regulation_key(kind: type[Key], value: str) -> Key:
    """A key of the regulation, or a usage error that lists them."""
    try:
        return kind(value)
    except ValueError:
        keys = ", ".join(kind)
        raise click.BadParameter(f"{value!r} is none of {keys}") from None
