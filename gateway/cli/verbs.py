"""The agents' verbs for scripts: each calls the same use case of the desk as the screen does."""

from __future__ import annotations

import mimetypes
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from gateway.cli.common import as_option, say
from gateway.cli.moments import moment_of
from gateway.cli.parts import opened
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
    except (OSError, UnicodeDecodeError) as error:
        raise OtklikError(f"{text_file}: cannot be read as UTF-8 text: {error}") from error


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


@click.command("reply")
@click.argument("number")
@text_option
@click.option("--attach", multiple=True, metavar="FILE", help="A file to go with it; may be repeated.")
@as_option
@click.pass_context
def reply(ctx: click.Context, number: str, text_file: str, attach: tuple[str, ...], login: str | None) -> None:
    """Answer the client of ticket NUMBER by mail."""
    text, files = read_text(text_file), read_enclosures(attach)
    with opened(ctx) as parts:
        agent = parts.desk.agent(ctx.obj.login(login))
        ticket = parts.desk.reply(parts.desk.number_of(number), text, agent.login, files)
        say(f"{ticket.key}: queued to {ticket.contact_address}")


@click.command("note")
@click.argument("number")
@text_option
@as_option
@click.pass_context
def note(ctx: click.Context, number: str, text_file: str, login: str | None) -> None:
    """Write a note on ticket NUMBER that never leaves the desk."""
    text = read_text(text_file)
    with opened(ctx) as parts:
        agent = parts.desk.agent(ctx.obj.login(login))
        ticket = parts.desk.note(parts.desk.number_of(number), text, agent.login)
        say(f"{ticket.key}: noted")


@click.command("assign")
@click.argument("number")
@click.argument("assignee")
@as_option
@click.pass_context
def assign(ctx: click.Context, number: str, assignee: str, login: str | None) -> None:
    """Give ticket NUMBER to agent ASSIGNEE ("-": back to the queue)."""
    with opened(ctx) as parts:
        agent = parts.desk.agent(ctx.obj.login(login))
        to = None if assignee == "-" else assignee
        ticket = parts.desk.assign(parts.desk.number_of(number), to, agent.login)
        say(f"{ticket.key}: {ticket.assignee or 'free'}")


told_option = click.option("--text-file", "text_file", metavar="FILE", help='What to add to the letter; "-" is stdin.')
quiet_option = click.option("--quiet", is_flag=True, help="Send the client no letter.")


@click.command("status")
@click.argument("number")
@click.argument("status")
@told_option
@quiet_option
@as_option
@click.pass_context
def status(ctx: click.Context, number: str, status: str, text_file: str | None, quiet: bool, login: str | None) -> None:
    """Move ticket NUMBER to STATUS (§4); what the rules do not allow is refused with the reason.

    A status that waits for the client tells him by mail what is expected of him.
    """
    from intake.model import Status

    text = read_text(text_file) if text_file else ""
    with opened(ctx) as parts:
        agent = parts.desk.agent(ctx.obj.login(login))
        wanted = regulation_key(Status, status)
        ticket = parts.desk.set_status(parts.desk.number_of(number), wanted, agent.login, text=text, quiet=quiet)
        say(f"{ticket.key}: {ticket.status}")


@click.command("close")
@click.argument("number")
@told_option
@quiet_option
@as_option
@click.pass_context
def close(ctx: click.Context, number: str, text_file: str | None, quiet: bool, login: str | None) -> None:
    """Close ticket NUMBER and tell the client."""
    text = read_text(text_file) if text_file else ""
    with opened(ctx) as parts:
        agent = parts.desk.agent(ctx.obj.login(login))
        ticket = parts.desk.close(parts.desk.number_of(number), agent.login, text=text, quiet=quiet)
        say(f"{ticket.key}: closed")


@click.command("type")
@click.argument("number")
@click.argument("type_", metavar="TYPE")
@as_option
@click.pass_context
def type_(ctx: click.Context, number: str, type_: str, login: str | None) -> None:
    """Correct the type of ticket NUMBER (§3)."""
    from intake.model import Type

    with opened(ctx) as parts:
        agent = parts.desk.agent(ctx.obj.login(login))
        ticket = parts.desk.set_type(parts.desk.number_of(number), regulation_key(Type, type_), agent.login)
        say(f"{ticket.key}: {ticket.type}")


@click.command("criticality")
@click.argument("number")
@click.argument("criticality")
@as_option
@click.pass_context
def criticality(ctx: click.Context, number: str, criticality: str, login: str | None) -> None:
    """Say how critical the bug of ticket NUMBER is; "-" for not set."""
    from intake.model import Criticality

    chosen = None if criticality == "-" else regulation_key(Criticality, criticality)
    with opened(ctx) as parts:
        agent = parts.desk.agent(ctx.obj.login(login))
        ticket = parts.desk.set_criticality(parts.desk.number_of(number), chosen, agent.login)
        say(f"{ticket.key}: {ticket.criticality or 'not set'}")


@click.command("estimate")
@click.argument("number")
@click.argument("hours")
@as_option
@click.pass_context
def estimate(ctx: click.Context, number: str, hours: str, login: str | None) -> None:
    """Set the estimate of improvement NUMBER in working hours (§5); completion counts from now."""
    with opened(ctx) as parts:
        agent = parts.desk.agent(ctx.obj.login(login))
        ticket = parts.desk.set_estimate(parts.desk.number_of(number), hours, agent.login)
        say(f"{ticket.key}: {ticket.estimate_hours} h")


@click.command("agree")
@click.argument("number")
@click.argument("when")
@as_option
@click.pass_context
def agree(ctx: click.Context, number: str, when: str, login: str | None) -> None:
    """Set the date of completion of ticket NUMBER agreed with the client; no pause moves it.

    WHEN is ISO 8601, without an offset in the desk's zone; a date alone means closing time. "-" takes it back.
    """
    with opened(ctx) as parts:
        agent = parts.desk.agent(ctx.obj.login(login))
        wanted = parts.desk.number_of(number)
        with parts.store.read() as tx:
            rules = parts.regulations.of(tx.tickets.get(wanted).regulation)
        at = None if when == "-" else moment_of(when, rules.zone, rules.rules.hours.closes)
        ticket = parts.desk.agree(wanted, at, agent.login)
        say(f"{ticket.key}: {'completion ' + at.isoformat() if at is not None else 'by the rules again'}")


@click.command("topic")
@click.argument("number")
@click.argument("key")
@as_option
@click.pass_context
def topic(ctx: click.Context, number: str, key: str, login: str | None) -> None:
    """Set the second-line topic of ticket NUMBER (§7); "-" for none."""
    with opened(ctx) as parts:
        agent = parts.desk.agent(ctx.obj.login(login))
        chosen = None if key == "-" else key
        ticket = parts.desk.set_topic(parts.desk.number_of(number), chosen, agent.login)
        say(f"{ticket.key}: {ticket.topic or 'none'}")


def regulation_key(kind: type[Key], value: str) -> Key:
    """A key of the regulation, or a usage error that lists them."""
    try:
        return kind(value)
    except ValueError:
        keys = ", ".join(kind)
        raise click.BadParameter(f"{value!r} is none of {keys}") from None
