"""Ports of this machine."""

from __future__ import annotations

import socket
import time


def free_port() -> int:
    """A port of 127.0.0.1 nobody listens on just now; prefer port 0 where a server takes it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, timeout: float = 20) -> None:
    """Until somebody listens there. Raises TimeoutError."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise TimeoutError(f"nobody listens on port {port}") from None
            time.sleep(0.02)
        else:
            return
