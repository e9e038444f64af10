"""``otklik snippets``: canned answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gateway.cli.common import echo, json_option, print_json, print_table, say
from gateway.cli.parts import opened
from gateway.cli.verbs import read_text, text_option

if TYPE_CHECKING:
    from gateway.bootstrap import Parts
    from intake.snippets import Snippet

EXCERPT = 70


@click.group()
def command() -> None:
    """Keep the canned answers agents start letters from."""


@command.command("list")
@click.option("--topic", metavar="KEY", help="Those offered for a topic.")
@json_option
@click.pass_context
def list_(ctx: click.Context, topic: str | None, as_json: bool) -> None:
    """Shipped ones and the desk's own."""
    from intake.snippets import offered

    with opened(ctx) as parts:
        found = _all(parts)
        if topic is not None:
            _known(parts, topic, "--topic")
    wanted = found if topic is None else offered(found, topic)
    if as_json:
        for one in wanted:
            print_json({"topic": one.topic, "name": one.name, "text": one.text})
    else:
        print_table([(one.topic, one.name, _gist(one)) for one in wanted], ("topic", "name", "says"))


@command.command("add")
@click.argument("topic")
@click.argument("name")
@text_option
@click.pass_context
def add(ctx: click.Context, topic: str, name: str, text_file: str) -> None:
    """Keep a snippet for TOPIC (a key of the regulation, or any) as NAME, in place of one of that name.

    It may say {{ key }}, {{ name }}, {{ reaction }}, {{ completion }} and ask {% if completion %} … {% endif %}."""
    from intake.errors import Refused
    from intake.snippets import EXAMPLE, Snippet
    from templates.snippets_rendering import render_snippet

    text = read_text(text_file)
    if not render_snippet(text, EXAMPLE).strip():
        raise Refused(f"{text_file}: says nothing")
    with opened(ctx) as parts:
        _known(parts, topic, "TOPIC")
        if not name.strip() or len(name) > 60:
            raise click.BadParameter("a name has 1 to 60 characters", param_hint="NAME")
        parts.store.write(lambda tx: tx.snippets.put(Snippet(topic, name.strip(), text)))
    say(f"{name}: kept")


@command.command("preview")
@click.argument("number")
@click.argument("name")
@click.pass_context
def preview(ctx: click.Context, number: str, name: str) -> None:
    """Show snippet NAME as it would read in ticket NUMBER."""
    from intake.errors import NotFound
    from intake.snippets import words_of
    from templates.snippets_rendering import render_snippet

    with opened(ctx) as parts:
        by_name = {one.name: one for one in _all(parts)}
        found = by_name.get(name)
        if found is None:
            raise NotFound(f"no snippet {name}: there are {', '.join(sorted(by_name))}")
        wanted = parts.desk.number_of(number)
        with parts.store.read() as tx:
            ticket = tx.tickets.get(wanted)
        words = words_of(ticket, parts.regulations.of(ticket.regulation))
    echo(render_snippet(found.text, words).rstrip("\n"))


def _known(parts: Parts, topic: str, where: str) -> None:
    """Raises a usage error that lists the topics."""
    from intake.snippets import ANY

    known = (ANY, *parts.regulations.at(parts.clock()).rules.second_line.topics)
    if topic not in known:
        raise click.BadParameter(f"{topic!r} is none of {', '.join(known)}", param_hint=where)


def _gist(snippet: Snippet) -> str:
    """Its words behind the greeting, as far as a line goes."""
    from intake.snippets import EXAMPLE
    from templates.snippets_rendering import render_snippet

    paragraphs = [" ".join(one.split()) for one in render_snippet(snippet.text, EXAMPLE).split("\n\n") if one.strip()]
    said = " ".join(paragraphs[1:] or paragraphs)
    return said if len(said) <= EXCERPT else f"{said[:EXCERPT].rstrip()}…"


def _all(parts: Parts) -> list[Snippet]:
    """Shipped ones, those of the desk in their place where they have the same name."""
    from templates.snippets_rendering import shipped_snippets

    with parts.store.read() as tx:
        by_name = {one.name: one for one in [*shipped_snippets(), *tx.snippets.all()]}
    return sorted(by_name.values(), key=lambda one: (one.topic, one.name))
