"""A bell that ends a wait, beside a socket or alone."""

from __future__ import annotations

import contextlib
import select
import socket


class Wake:
    """Rung once, it stays rung. Any thread may ring; one waits."""

    def __init__(self) -> None:
        self._waiting, self._ringing = socket.socketpair()
        self.rung = False

    def ring(self) -> None:
        """End the wait under way and every later one."""
        self.rung = True
        with contextlib.suppress(OSError):  # who waited may be gone
            self._ringing.send(b"!")

    def wait(self, seconds: float, other: int | None = None) -> bool:
        """Until it rings, the file ``other`` can be read, or time is over; whether ``other`` can be read."""
        if self.rung:
            return False
        poll = select.poll()
        poll.register(self._waiting.fileno(), select.POLLIN)
        if other is not None:
            poll.register(other, select.POLLIN)
        return any(handle == other for handle, _ in poll.poll(max(0, int(seconds * 1000))))

    def close(self) -> None:
        """Once nobody waits any more."""
        self._waiting.close()
        self._ringing.close()
