"""Where no relay is configured: each letter becomes a file, so that one can see what would leave."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from intake.letters.outcomes import Sent, Trouble
from intake.model import Delivery, OutboxRow

_TICKET = re.compile(rb"^X-Otklik-Ticket: ([A-Za-z0-9-]{1,40})\r?$", re.MULTILINE | re.IGNORECASE)
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


class EmlRelay:
    """See `intake.letters.outcomes.Relay`: ``FOLDER/<id>-<kind>-<ticket key>.eml``, complete or not there at all.

    A repetition writes the same file again, so no letter is ever marked in flight."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, letter: OutboxRow, about_to_send: Callable[[], Awaitable[bool]]) -> Sent:  # noqa: ARG002
        """See `Relay.send`."""
        try:
            await asyncio.to_thread(self._write, letter)
        except OSError as error:
            reason = f"{self._folder}: {error.strerror}"
            return Sent(dict.fromkeys(letter.open_recipients(), (Delivery.QUEUED, reason)), reason, Trouble.AWAY)
        return Sent(dict.fromkeys(letter.open_recipients(), (Delivery.SENT, None)))

    async def check(self) -> str | None:
        """See `Relay.check`."""
        if self._folder.is_dir() and not os.access(self._folder, os.W_OK | os.X_OK):
            return f"{self._folder}: can't write there"
        return None

    async def close(self) -> None:
        """Nothing is kept open."""

    def path(self, letter: OutboxRow) -> Path:
        """The letter's file."""
        ticket = _TICKET.search(letter.raw.partition(b"\r\n\r\n")[0] + b"\r\n")
        key = ticket[1].decode("ascii") if ticket else ""
        return self._folder / f"{letter.id}-{_UNSAFE.sub('_', letter.kind)}-{key}.eml"

    def _write(self, letter: OutboxRow) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.path(letter)
        part = path.with_suffix(".part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with open(handle, "wb") as file:
            file.write(letter.raw)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
