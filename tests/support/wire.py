"""A plain line client: bytes out, replies in, nothing added."""

from __future__ import annotations

import socket
import ssl
from types import TracebackType


class Wire:
    """A TCP connection to a server of this machine that answers in SMTP's manner (``250-…`` and ``250 …``)."""

    def __init__(self, port: int, source: str = "127.0.0.1", timeout: float = 10, greeted: bool = True) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout, (source, 0))
        self._buffer = b""
        self.greeting = self.reply() if greeted else ""

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self.socket.close()

    def send(self, octets: bytes) -> None:
        """All of it, as it is."""
        self.socket.sendall(octets)

    def reply(self) -> str:
        """The next whole reply, lines joined by newlines; "" once the server hung up."""
        lines: list[str] = []
        while True:
            while b"\r\n" not in self._buffer:
                try:
                    piece = self.socket.recv(65536)
                except ConnectionError:
                    piece = b""
                if not piece:
                    return "\n".join(lines)
                self._buffer += piece
            line, _, self._buffer = self._buffer.partition(b"\r\n")
            lines.append(line.decode("utf-8", "replace"))
            if line[3:4] != b"-":
                return "\n".join(lines)

    def replies(self) -> list[str]:
        """All replies until the server hangs up."""
        found = []
        while reply := self.reply():
            found.append(reply)
        return found

    def say(self, line: str | bytes) -> str:
        """One command, one reply."""
        self.send((line.encode("utf-8") if isinstance(line, str) else line) + b"\r\n")
        return self.reply()

    def wrap(self, context: ssl.SSLContext, name: str) -> None:
        """TLS from here on."""
        self.socket = context.wrap_socket(self.socket, server_hostname=name)
        self._buffer = b""
