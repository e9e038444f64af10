"""``otklik keys``: what signs the desk's addresses, Message-IDs and links."""

from __future__ import annotations

import click

from gateway.cli.acting import acting
from gateway.cli.common import json_option, print_json, print_table, say
from gateway.cli.parts import opened
from gateway.cli.registry import as_option


@click.group()
def command() -> None:
    """Replace the keys that sign ticket addresses and links."""


@command.command("list")
@json_option
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    """The keys by name, newest first; never the keys themselves."""
    from intake.signing_keys import NOTE, read_keys, states

    with opened(ctx) as parts:
        with parts.store.read() as tx:
            keys = read_keys(tx.notes.value(NOTE))
        found = states(keys, parts.clock(), parts.desk_settings.limits.old_keys)
    if as_json:
        for one, state in found:
            print_json({"name": one.name, "signs_from": one.since and one.since.isoformat(), "state": state})
        return
    print_table([(one.name, state, one.signs_from) for one, state in found], ("name", "state", "signs from"))


@command.command("rotate")
@as_option
@click.pass_context
def rotate(ctx: click.Context, by: str | None) -> None:
    """Make a fresh key. It signs in a minute, once every running gateway has heard of it; the others still verify."""
    from intake.signing_keys import rotate as rotated

    with opened(ctx) as parts:
        parts.desk.require("keys", acting(parts, by))
        now = parts.clock()
        fresh = parts.store.write(lambda tx: rotated(tx, now))
        say(f"{fresh.name}: signs from {fresh.signs_from}; what older keys signed is still believed")


@command.command("retire")
@click.argument("name")
@as_option
@click.pass_context
def retire(ctx: click.Context, name: str, by: str | None) -> None:
    """Forget key NAME for good: links and addresses it signed are believed no more."""
    from intake.signing_keys import retire as retired

    with opened(ctx) as parts:
        parts.desk.require("keys", acting(parts, by))
        now = parts.clock()
        gone = parts.store.write(lambda tx: retired(tx, name, now))
        say(f"{gone.name}: retired")
