"""The door and its store as a program: ``python smtp_alone.py DATABASE PORT``. SIGTERM ends it."""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import UTC, datetime

import structlog

from gateway.settings import SmtpSettings
from gateway.smtp_door import SmtpDoor
from storage import open_store


async def main(database: str, port: int) -> None:
    """Open, say where, wait."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(30), logger_factory=structlog.PrintLoggerFactory(sys.stderr)
    )
    store = open_store(f"sqlite:///{database}")
    settings = SmtpSettings(port=port)
    door = SmtpDoor(
        settings, ["support@desk.example"], store, lambda: datetime.now(UTC), lambda: None, "mx.desk.example"
    )
    await door.start()
    print(f"listening on {door.port}", flush=True)  # noqa: T201 (that is how the test learns it)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    await ended.wait()
    await door.stop(5)
    store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
