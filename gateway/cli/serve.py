"""``otklik serve``: the gateway."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from gateway.cli.common import say
from gateway.cli.parts import opened

if TYPE_CHECKING:
    from gateway.serve import Gateway


@click.command()
@click.pass_context
def command(ctx: click.Context) -> None:
    """Run the gateway until SIGTERM or Ctrl+C: SMTP listener, mailboxes, web form, processing, delivery."""
    from gateway.log import log_to_stderr
    from gateway.serve import only_gateway, serve, take_over
    from storage import gateway_place

    log_to_stderr()
    storage = ctx.obj.settings.storage
    place = only_gateway(storage.sqlite_file) if storage.sqlite_file else gateway_place(storage.url)
    with place as alone, opened(ctx) as parts:
        if alone:
            take_over(parts)
        parts.keys.follow()
        asyncio.run(serve(parts, _announce))
    say("stopped")


def _announce(gateway: Gateway) -> None:
    parts = gateway.parts
    settings = parts.settings
    host, port = settings.smtp.host, gateway.smtp.port
    say("otklik is running. Ctrl+C stops it.")
    say(f"  mail to   {parts.desk_settings.address}  (SMTP {host}:{port})")
    say(f"            try: swaks --server {host}:{port} --to {parts.desk_settings.address} --from you@example.org")
    for mailbox in settings.imap:
        say(f"  mailbox   {mailbox.username} at {mailbox.host}, folder {mailbox.folder}  (IMAP)")
    say(f"  form      {gateway.web.url}")
    if settings.relay is None:
        say(f"  letters   {settings.storage.outbox}/*.eml  (no [relay] is configured, so none leaves)")
    say("  screen    .venv/bin/otklik tui")
