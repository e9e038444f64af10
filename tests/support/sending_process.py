"""Sends an outbox until it is stopped or killed: ``python -m tests.support.sending_process URL WHERE``, the port of a
relay or the address of a Slack."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

from gateway.relay import SmtpRelay
from gateway.sender import Sender
from gateway.settings import RelaySettings, SlackSettings
from gateway.slack_client import web_client
from gateway.slack_relay import SlackRelay
from intake.letters.outcomes import Relay
from intake.ports import Store
from intake.settings import Limits
from storage import open_store


def relay_to(where: str, store: Store) -> Relay:
    """The relay of that port, or the Slack of that address."""
    if where.isdecimal():
        return SmtpRelay(RelaySettings(host="127.0.0.1", port=int(where), security="none"))
    return SlackRelay(web_client(SlackSettings(bot_token="xoxb-1", app_token=None, base_url=where)), store)


def main(url: str, where: str) -> None:
    """Run it."""
    store = open_store(url)

    async def send() -> None:
        relay = relay_to(where, store)
        sender = Sender(
            store, relay, clock=lambda: datetime.now(UTC), limits=Limits(), settled=lambda _tx, _row, _at: None
        )
        await sender.run(asyncio.Event())

    asyncio.run(send())


if __name__ == "__main__":
    main(*sys.argv[1:])
