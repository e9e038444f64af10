"""Ports of this machine."""

from __future__ import annotations

import os
import random
import re
import socket
import time
from collections.abc import Iterator
from functools import cache
from itertools import cycle

LOWEST, EACH, WORKERS = 10_000, 1_400, 16
"""Below those that outgoing connections take (32768 and more, tcp(7)), so that none of them gets the port of a server
which is down for a moment; and a share for each worker of a test run, so that no two pick the same."""


def free_port() -> int:
    """A port of 127.0.0.1 nobody listens on just now; prefer port 0 where a server takes it."""
    for _ in range(EACH):
        port = next(_share())
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("every port is taken")


@cache
def _share() -> Iterator[int]:
    worker = int(re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or os.getpid()) % WORKERS
    ports = list(range(LOWEST + worker * EACH, LOWEST + (worker + 1) * EACH))
    random.Random(os.getpid()).shuffle(ports)
    return cycle(ports)


def wait_for_port(port: int, timeout: float = 60) -> None:
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
