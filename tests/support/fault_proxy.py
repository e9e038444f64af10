"""A TCP proxy that misbehaves on demand: links go silent, are reset, or slow."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

PIECE = 65536


@dataclass(eq=False)
class Link:
    """One client and its way to the server. ``silent``: everything is swallowed, nobody is told."""

    client: socket.socket
    server: socket.socket
    silent: bool = False
    carried: int = 0

    def end(self, abruptly: bool = False) -> None:
        """Close both sides, with RST where abruptly."""
        for side in (self.client, self.server):
            with contextlib.suppress(OSError):
                if abruptly:
                    side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                side.shutdown(socket.SHUT_RDWR)
            side.close()


@dataclass
class FaultProxy:
    """Listens on ``port`` and carries everything to ``target``."""

    target: int
    delay: float = 0.0
    """Seconds before each piece is passed on."""
    closed: bool = False
    """Whether new clients are hung up on at once."""
    swallows: bool = False
    """Whether new links are silent from the start."""
    reset_after: int | None = None
    """Octets from the server after which a link is reset."""
    links: list[Link] = field(default_factory=list)
    accepted: int = 0

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, name="fault-proxy")]
        self._threads[0].start()

    def silence(self) -> None:
        """The links there are lead nowhere from now on, and nobody notices."""
        for link in self.links:
            link.silent = True

    def reset(self) -> None:
        """Cut the links there are with RST."""
        for link in list(self.links):
            link.end(abruptly=True)

    def close(self) -> None:
        """No more links."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for link in list(self.links):
            link.end()
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.accepted += 1
            try:
                if self.closed:
                    raise ConnectionRefusedError
                server = socket.create_connection(("127.0.0.1", self.target), 10)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            link = Link(client, server, silent=self.swallows)
            self.links.append(link)
            for back in (False, True):
                thread = threading.Thread(target=self._carry, args=(link, back), name="fault-proxy-link")
                self._threads.append(thread)
                thread.start()

    def _carry(self, link: Link, back: bool) -> None:
        source, sink = (link.server, link.client) if back else (link.client, link.server)
        try:
            while piece := source.recv(PIECE):
                if self.delay:
                    time.sleep(self.delay)
                if not link.silent:
                    sink.sendall(piece)
                link.carried += len(piece) * back
                if self.reset_after is not None and link.carried > self.reset_after:
                    link.end(abruptly=True)
        except OSError:
            pass
        finally:
            if not link.silent:
                link.end()


@contextmanager
def fault_proxy(target: int) -> Iterator[FaultProxy]:
    """A proxy in front of a port of this machine."""
    proxy = FaultProxy(target)
    try:
        yield proxy
    finally:
        proxy.close()
