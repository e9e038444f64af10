"""Sends an outbox until it is stopped or killed: ``python -m tests.support.sending_process URL PORT``."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

from gateway.relay import SmtpRelay
from gateway.sender import Sender
from gateway.settings import RelaySettings
from intake.settings import Limits
from storage import open_store


def main(url: str, port: str) -> None:
    """Run it."""
    store = open_store(url)

    async def send() -> None:
        relay = SmtpRelay(RelaySettings(host="127.0.0.1", port=int(port), security="none"))
        sender = Sender(
            store, relay, clock=lambda: datetime.now(UTC), limits=Limits(), settled=lambda _tx, _row, _at: None
        )
        await sender.run(asyncio.Event())

    asyncio.run(send())


if __name__ == "__main__":
    main(*sys.argv[1:])
