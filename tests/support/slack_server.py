"""A Slack that runs here: its documented Web API methods over HTTP and Socket Mode over a WebSocket, with faults.

It keeps posts as Slack does, so that the real SDK can talk to it."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import socket
import struct
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""RFC 6455 1.3."""
CHANNELS = {
    "#legal": "C0LEGAL01",
    "#finance": "C0FINANC1",
    "#marketing": "C0MARKET1",
    "#product": "C0PRODUC1",
    "#it": "C0ITDEPT1",
}
USERS = {"U1": "Юлия Правова", "U2": "Иван Технов"}
Message = dict[str, Any]


@dataclass
class SlackServer:
    """``faults`` are taken one for each chat.postMessage: "429" or "429:30" (seconds to wait), "500", "lost" (posted,
    then no answer), "dropped" (not posted, no answer), "late" and "held" (the same, but the connection stays open until
    the server stops) or an error code. ``troubles`` are such faults of other methods. ``page`` is how many messages one
    answer has at most."""

    faults: list[str] = field(default_factory=list)
    troubles: dict[str, list[str]] = field(default_factory=dict)
    page: int = 200
    stopping: threading.Event = field(default_factory=threading.Event)
    seen: threading.Event = field(default_factory=threading.Event)
    calls: list[tuple[str, Message]] = field(default_factory=list)
    posts: dict[str, list[Message]] = field(default_factory=dict)
    acknowledged: list[str] = field(default_factory=list)
    connections: int = 0
    _sockets: list[socket.socket] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _server: ThreadingHTTPServer | None = None
    _count: int = 0
    _latest: int = 0

    @property
    def base_url(self) -> str:
        """Where its API is."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_port}/api/"

    def start(self) -> None:
        """Listen."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Be gone."""
        assert self._server is not None
        self.stopping.set()
        self.hang_up()
        self._server.shutdown()
        self._server.server_close()

    def called(self, method: str) -> list[Message]:
        """The arguments of every call of a method."""
        return [arguments for name, arguments in self.calls if name == method]

    def kept(self, channel: str = "#legal") -> list[Message]:
        """What stands in a channel, threads too."""
        return self.posts.get(CHANNELS[channel], [])

    def say(self, thread: Message, text: str, user: str = "U1", **more: Any) -> Message:
        """A person's reply in a thread, kept but told to nobody."""
        made = {"type": "message", "user": user, "text": text, "ts": self.ts(), "thread_ts": thread["ts"], **more}
        self.posts[thread["channel"]].append({**made, "channel": thread["channel"]})
        return {**made, "channel": thread["channel"]}

    def fault(self, method: str) -> str:
        """What goes wrong with this call, "" nothing."""
        waiting = self.faults if method == "chat.postMessage" else self.troubles.get(method, [])
        return waiting.pop(0) if waiting else ""

    def ts(self) -> str:
        """The next moment in Slack's way."""
        with self._lock:
            self._latest = max(self._latest + 1, time.time_ns() // 1000)
            return f"{self._latest // 1_000_000}.{self._latest % 1_000_000:06}"

    def tell(self, payload: Message, kind: str = "events_api") -> str:
        """Send an envelope over every open socket; its id."""
        with self._lock:
            self._count += 1
            envelope = f"envelope-{self._count}"
            text = json.dumps({"type": kind, "envelope_id": envelope, "payload": payload})
            for open_socket in self._sockets:
                with contextlib.suppress(OSError):
                    open_socket.sendall(_frame(1, text.encode()))
        return envelope

    def hang_up(self) -> None:
        """Break every socket."""
        with self._lock:
            for open_socket in self._sockets:
                with contextlib.suppress(OSError):
                    open_socket.shutdown(socket.SHUT_RDWR)
            self._sockets.clear()

    def answer(self, method: str, given: Message) -> Message:
        """A method's answer."""
        self.calls.append((method, given))
        found: Callable[[Message], Message] | None = getattr(self, "_" + method.replace(".", "_"), None)
        return found(given) if found is not None else {"ok": False, "error": "unknown_method"}

    def _auth_test(self, _: Message) -> Message:
        return {"ok": True, "user_id": "UBOT"}

    def _apps_connections_open(self, _: Message) -> Message:
        assert self._server is not None
        return {"ok": True, "url": f"ws://127.0.0.1:{self._server.server_port}/link?ticket={self.connections}"}

    def _chat_postMessage(self, given: Message) -> Message:  # noqa: N802
        channel = CHANNELS.get(given["channel"]) or str(given["channel"])
        if channel not in CHANNELS.values():
            return {"ok": False, "error": "channel_not_found"}
        if trouble := too_much(given):
            return {"ok": False, "error": trouble}
        made = {**given, "channel": channel, "ts": self.ts(), "bot_id": "B1", "type": "message"}
        self.posts.setdefault(channel, []).append(made)
        return {"ok": True, "channel": channel, "ts": made["ts"], "message": made}

    def _conversations_history(self, given: Message) -> Message:
        roots = [m for m in self.posts.get(given["channel"], []) if m.get("thread_ts", m["ts"]) == m["ts"]]
        return self._paged(list(reversed(roots)), given)

    def _conversations_replies(self, given: Message) -> Message:
        there = [m for m in self.posts.get(given["channel"], []) if given["ts"] in (m["ts"], m.get("thread_ts"))]
        return self._paged(there, given) if there else {"ok": False, "error": "thread_not_found"}

    def _paged(self, found: list[Message], given: Message) -> Message:
        """One page, as Slack cuts them: after ``oldest``, metadata only where it is asked for."""
        found = [m for m in found if float(m["ts"]) >= float(given.get("oldest") or 0)]
        start, size = int(given.get("cursor") or 0), min(self.page, int(given.get("limit") or 100))
        asked = str(given.get("include_all_metadata")).lower() in ("1", "true")
        shown = [{k: v for k, v in m.items() if asked or k != "metadata"} for m in found[start : start + size]]
        after = str(start + size) if start + size < len(found) else ""
        more = {"has_more": bool(after), "response_metadata": {"next_cursor": after}}
        return {"ok": True, "messages": shown, **more}

    def _conversations_list(self, _: Message) -> Message:
        return {"ok": True, "channels": [{"id": i, "name": n.lstrip("#")} for n, i in CHANNELS.items()]}

    def _users_info(self, given: Message) -> Message:
        name = USERS.get(given["user"])
        return {"ok": True, "user": {"real_name": name}} if name else {"ok": False, "error": "user_not_found"}

    def attend(self, connection: socket.socket, handler: BaseHTTPRequestHandler) -> None:
        """Socket Mode on an upgraded connection, until it ends."""
        self.connections += 1
        connection.sendall(_frame(1, json.dumps({"type": "hello", "num_connections": 1}).encode()))
        with self._lock:
            self._sockets.append(connection)
        while (got := _read_frame(handler)) is not None:
            kind, data = got
            if kind == 8:
                return
            if kind == 9:
                connection.sendall(_frame(10, data))
            elif kind == 1:
                self.acknowledged.append(json.loads(data)["envelope_id"])


def too_much(given: Message) -> str:
    """Slack's word for a post that is longer than it takes (docs.slack.dev, "Blocks", chat.postMessage), "" none. That
    all blocks together may not hold more than some 13,000 characters is known by its answers only."""
    blocks = given.get("blocks") or []
    blocks = json.loads(blocks) if isinstance(blocks, str) else blocks
    texts = [block["text"]["text"] for block in blocks if block["type"] == "section"]
    if len(blocks) > 50 or any(not 1 <= len(text) <= 3000 or not text.strip() for text in texts):
        return "invalid_blocks"
    if sum(map(len, texts)) > 13_000:
        return "msg_blocks_too_long"
    return "msg_too_long" if len(str(given.get("text") or "")) > 40_000 else ""


def _handler(slack: SlackServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            key = self.headers["Sec-WebSocket-Key"]
            accept = base64.b64encode(hashlib.sha1((key + MAGIC).encode()).digest()).decode()
            self.send_response(101)
            for name, value in (("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Accept", accept)):
                self.send_header(name, value)
            self.end_headers()
            self.close_connection = True
            with contextlib.suppress(OSError):
                slack.attend(self.connection, self)

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            given = _arguments(raw, self.headers.get("Content-Type") or "")
            method = self.path.rpartition("/")[2]
            fault = slack.fault(method)
            if fault.startswith("429"):
                return self._answer(
                    429, {"ok": False, "error": "ratelimited"}, ("Retry-After", fault.partition(":")[2] or "1")
                )
            if fault == "500":
                return self._answer(500, {"ok": False, "error": "internal_error"})
            if fault in ("lost", "dropped", "late", "held"):
                if fault in ("lost", "late"):
                    slack.answer(method, given)
                slack.seen.set()
                if fault in ("late", "held"):
                    slack.stopping.wait(60)
                self.close_connection = True
                with contextlib.suppress(OSError):
                    self.connection.shutdown(socket.SHUT_RDWR)
                return None
            return self._answer(200, {"ok": False, "error": fault} if fault else slack.answer(method, given))

        def _answer(self, status: int, value: Message, *headers: tuple[str, str]) -> None:
            body = json.dumps(value).encode()
            self.send_response(status)
            for name, shown in (("Content-Type", "application/json"), ("Content-Length", str(len(body))), *headers):
                self.send_header(name, shown)
            with contextlib.suppress(OSError):
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    return Handler


def _arguments(raw: bytes, kind: str) -> Message:
    if "json" in kind:
        found: Message = json.loads(raw or b"{}")
        return found
    return {name: values[0] for name, values in urllib.parse.parse_qs(raw.decode()).items()}


def _frame(kind: int, data: bytes) -> bytes:
    """A server's frame, not masked (RFC 6455 5.2)."""
    if len(data) < 126:
        return bytes([0x80 | kind, len(data)]) + data
    return bytes([0x80 | kind, 126]) + struct.pack("!H", len(data)) + data


def _read_frame(handler: BaseHTTPRequestHandler) -> tuple[int, bytes] | None:
    head = handler.rfile.read(2)
    if len(head) < 2:
        return None
    size = head[1] & 0x7F
    if size == 126:
        size = struct.unpack("!H", handler.rfile.read(2))[0]
    mask = handler.rfile.read(4) if head[1] & 0x80 else bytes(4)
    data = handler.rfile.read(size)
    return head[0] & 0x0F, bytes(octet ^ mask[place % 4] for place, octet in enumerate(data))


@contextmanager
def slack_server() -> Iterator[SlackServer]:
    """A Slack that is there."""
    made = SlackServer()
    made.start()
    try:
        yield made
    finally:
        made.stop()
