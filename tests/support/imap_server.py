"""A small IMAP server that does as it is told, and remembers every line it was sent."""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

Answer = Callable[["Talk", str, str], bytes]


@dataclass
class ScriptedImap:
    """One folder of mails by UID. ``answers`` says otherwise for a command, by its name (``UID FETCH`` is one)."""

    mails: dict[int, bytes] = field(default_factory=dict)
    capabilities: str = "IMAP4rev1 IDLE MOVE UIDPLUS AUTH=XOAUTH2"
    tls: ssl.SSLContext | None = None
    """TLS from the start."""
    starttls: ssl.SSLContext | None = None
    greeting: bytes = b"* OK ready\r\n"
    answers: Mapping[str, Answer] = field(default_factory=dict)
    tokens: frozenset[str] = frozenset()
    """Access tokens that are taken."""
    lines: list[str] = field(default_factory=list)
    """What clients said, over all connections."""
    connections: int = 0
    uidvalidity: int = 1

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._sockets: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, name="scripted-imap")]
        self._threads[0].start()

    def said(self, word: str) -> list[str]:
        """Lines with a word in them."""
        return [line for line in self.lines if word.upper() in line.upper()]

    def reset(self) -> None:
        """Hang up on who is there."""
        for sock in self._sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Hang up on everybody."""
        for sock in (self._listener, *self._sockets):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._sockets.append(client)
            thread = threading.Thread(target=self._talk, args=(client,), name="scripted-imap-talk")
            self._threads.append(thread)
            thread.start()

    def _talk(self, client: socket.socket) -> None:
        try:
            if self.tls is not None:
                client = self.tls.wrap_socket(client, server_side=True)
                self._sockets.append(client)
            Talk(self, client).run()
        except (OSError, ValueError):
            pass
        finally:
            client.close()


class Talk:
    """One connection."""

    def __init__(self, server: ScriptedImap, sock: socket.socket) -> None:
        self.server = server
        self.sock = sock
        self.tag = ""
        self._rest = b""

    def run(self) -> None:
        """Until the client leaves."""
        self.send(self.server.greeting)
        while line := self.line():
            self.tag, _, rest = line.partition(" ")
            name, _, arguments = rest.partition(" ")
            if name.upper() == "UID":
                name, _, arguments = arguments.partition(" ")
                name = f"UID {name}"
            self.send(self._answer(name.upper(), arguments))

    def send(self, octets: bytes) -> None:
        """To the client."""
        self.sock.sendall(octets)

    def line(self) -> str:
        """What the client says next; "" once it left."""
        while b"\r\n" not in self._rest:
            piece = self.sock.recv(65536)
            if not piece:
                return ""
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\r\n")
        text = line.decode("utf-8", "replace")
        self.server.lines.append(text)
        return text

    def ok(self, before: bytes = b"", text: str = "done") -> bytes:
        """Untagged answers and the tagged OK."""
        return before + f"{self.tag} OK {text}\r\n".encode()

    def no(self, text: str) -> bytes:
        """The tagged NO."""
        return f"{self.tag} NO {text}\r\n".encode()

    def _answer(self, name: str, arguments: str) -> bytes:
        special = self.server.answers.get(name)
        if special is not None:
            return special(self, name, arguments)
        usual: dict[str, Callable[[str], bytes]] = {
            "CAPABILITY": lambda _: self.ok(f"* CAPABILITY {self.server.capabilities}\r\n".encode()),
            "STARTTLS": self._starttls,
            "AUTHENTICATE": self._authenticate,
            "SELECT": self._select,
            "UID SEARCH": self._search,
            "UID FETCH": self._fetch,
            "IDLE": self._idle,
            "LIST": lambda _: self.ok(b'* LIST (\\HasNoChildren) "/" INBOX\r\n'),
        }
        return usual[name](arguments) if name in usual else self.ok()

    def _starttls(self, _: str) -> bytes:
        if self.server.starttls is None:
            return self.no("not here")
        self.send(self.ok())
        self.sock = self.server.starttls.wrap_socket(self.sock, server_side=True)
        self.server._sockets.append(self.sock)
        return b""

    def _authenticate(self, arguments: str) -> bytes:
        self.send(b"+ \r\n")
        said = base64.b64decode(self.line()).decode()
        self.server.lines[-1] = said
        if any(f"auth=Bearer {token}\1\1" in said for token in self.server.tokens):
            return self.ok()
        self.send(b"+ " + base64.b64encode(b'{"status":"400","schemes":"Bearer"}') + b"\r\n")
        assert self.line() == "", "the token is not repeated"
        return self.no("[AUTHENTICATIONFAILED] Invalid credentials")

    def _select(self, _: str) -> bytes:
        mails = self.server.mails
        told = f"* {len(mails)} EXISTS\r\n* OK [UIDVALIDITY {self.server.uidvalidity}] .\r\n"
        return self.ok((told + f"* OK [UIDNEXT {max(mails, default=0) + 1}] .\r\n").encode(), "[READ-WRITE] open")

    def _search(self, arguments: str) -> bytes:
        first = int(arguments.rpartition(" ")[2].partition(":")[0])
        last = max(self.server.mails, default=0)
        found = [uid for uid in sorted(self.server.mails) if uid >= first or uid == last]
        return self.ok(("* SEARCH " + " ".join(map(str, found)) + "\r\n").encode())

    def _fetch(self, arguments: str) -> bytes:
        numbers, _, what = arguments.partition(" ")
        return self.ok(b"".join(self.item(uid, what) for uid in self.asked(numbers)))

    def asked(self, numbers: str) -> list[int]:
        """UIDs of a sequence set that are there."""
        ranges = [part.partition(":") for part in numbers.split(",")]
        bounds = [(int(first), int(last or first)) for first, _, last in ranges]
        return [uid for uid in sorted(self.server.mails) if any(a <= uid <= b for a, b in bounds)]

    def item(self, uid: int, what: str) -> bytes:
        """One mail of a FETCH answer."""
        raw = self.server.mails[uid]
        if "BODY" not in what:
            when = b'INTERNALDATE "12-May-2026 11:00:00 +0300"'
            return b"* %d FETCH (UID %d RFC822.SIZE %d %s)\r\n" % (uid, uid, len(raw), when)
        name = b"BODY[HEADER]" if "HEADER" in what else b"BODY[]"
        octets = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if "HEADER" in what else raw
        return b"* %d FETCH (UID %d %s {%d}\r\n%s)\r\n" % (uid, uid, name, len(octets), octets)

    def _idle(self, _: str) -> bytes:
        self.send(b"+ idling\r\n")
        tag = self.tag
        while (line := self.line()) and line.upper() != "DONE":
            pass
        self.tag = tag
        return self.ok()


@contextmanager
def scripted_imap(**script: object) -> Iterator[ScriptedImap]:
    """A server for a while; see `ScriptedImap`."""
    server = ScriptedImap(**script)  # type: ignore[arg-type]
    try:
        yield server
    finally:
        server.close()
