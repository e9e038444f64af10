"""The real web door over a real desk in this process, and a browser that thinks in bytes."""

from __future__ import annotations

import html
import http.client
import json
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urlsplit

from gateway.settings import ApiSettings, WebSettings
from gateway.web.backstage import Backstage
from gateway.web.health import Signs
from gateway.web_door import WebDoor
from intake.model import JournalRow, Ticket
from intake.settings import DeskSettings
from templates import WebPages
from tests.support.desks import DESK_ADDRESS, MovedClock, TestDesk, a_desk
from tests.support.gateways import eventually
from tests.support.loops import loop_thread

API_KEY = "key-of-the-shop"
FILLED = {
    "name": "Ольга Петрова",
    "email": "olga@roscha.example",
    "organisation": "ООО «Роща»",
    "product": "Отчёты",
    "type": "bug",
    "subject": "Не выгружается отчёт",
    "body": "Нажимаем «Выгрузить» и видим ошибку 500.",
}
BOUNDARY = "otklik-test-boundary"
File = tuple[str, str, bytes]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text, entities resolved."""
        return html.unescape(self.body.decode("utf-8"))

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def token(self) -> str:
        """The hidden field of the form on the page."""
        found = re.search(r'name="token" value="([^"]+)"', self.body.decode("utf-8"))
        assert found is not None, self.text[:500]
        return found[1]

    @property
    def location(self) -> str:
        """Where it sends the browser."""
        return self.headers["location"]


@dataclass
class Browser:
    """Keeps its cookie, follows nothing by itself."""

    port: int
    cookie: str | None = None

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One request on a connection of its own."""
        sent = dict(headers or {})
        if self.cookie is not None:
            sent.setdefault("Cookie", self.cookie)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            read = response.read()
            got = {name.lower(): value for name, value in response.getheaders()}
        finally:
            connection.close()
        if "set-cookie" in got:
            self.cookie = got["set-cookie"].partition(";")[0]
        return Answer(response.status, got, read)

    def get(self, path: str, **headers: str) -> Answer:
        """A page."""
        return self.ask("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def post(
        self, path: str, fields: Mapping[str, str], files: Sequence[File] = (), headers: Mapping[str, str] | None = None
    ) -> Answer:
        """A form as a browser sends it."""
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        return self.ask("POST", path, multipart(fields, files), {**kind, **(headers or {})})

    def post_plain(self, path: str, fields: Mapping[str, str]) -> Answer:
        """The same without files."""
        body = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in fields.items())
        return self.ask("POST", path, body.encode(), {"Content-Type": "application/x-www-form-urlencoded"})

    def api(self, value: Any, key: str | None = API_KEY, **headers: str) -> Answer:
        """The JSON API."""
        sent = {"Content-Type": "application/json", **{n.replace("_", "-"): v for n, v in headers.items()}}
        if key is not None:
            sent["Authorization"] = f"Bearer {key}"
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        return self.ask("POST", "/api/v1/requests", body, sent)


def multipart(fields: Mapping[str, str], files: Sequence[File] = ()) -> bytes:
    """RFC 7578."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        + value.encode("utf-8", "surrogatepass")
        + b"\r\n"
        for name, value in fields.items()
    ]
    for filename, kind, data in files:
        escaped = filename.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        head = f'Content-Disposition: form-data; name="files"; filename="{escaped}"\r\nContent-Type: {kind}\r\n\r\n'
        parts.append(f"--{BOUNDARY}\r\n{head}".encode() + data + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


@dataclass
class WebHouse:
    """A desk with its web door open."""

    desk: TestDesk
    door: WebDoor
    backstage: Backstage
    working: threading.Thread | None = None

    def browser(self) -> Browser:
        """A new visitor."""
        return Browser(self.door.port)

    def submit(
        self, browser: Browser, fields: Mapping[str, str], files: Sequence[File] = (), token: str | None = None
    ) -> Answer:
        """Load the form, take some time, post it."""
        if token is None:
            token = browser.get("/feedback").token
            self.desk.clock.forward(seconds=5)
        return browser.post("/feedback", {"token": token, **fields}, files)

    def rows(self) -> list[JournalRow]:
        """The journal, oldest first, with raw."""
        with self.desk.store.read() as tx:
            return [tx.journal.get(row.id) for row in reversed(tx.journal.recent(limit=5000))]

    def tickets(self) -> list[Ticket]:
        """All tickets, oldest first."""
        with self.desk.store.read() as tx:
            return list(reversed(tx.tickets.find({}, limit=5000)))

    def receive(self, raw: bytes) -> Ticket:
        """A mail that comes meanwhile, and the ticket that the worker made of it."""
        row = self.desk.arrive(raw)
        self.desk.worker.wake()

        def number() -> int | None:
            with self.desk.store.read() as tx:
                return tx.journal.get(row).ticket

        return self.desk.ticket(eventually(number, what="a ticket"))

    def path_of(self, ticket: Ticket) -> str:
        """Where its page is."""
        return self.backstage.ticket_path(ticket.key)

    def work(self) -> None:
        """Process the journal in the background from now on."""
        self.working = threading.Thread(target=self.desk.worker.run, name="test-worker")
        self.working.start()

    def rest(self) -> None:
        """Process nothing more."""
        if self.working is not None:
            self.desk.worker.stop()
            self.working.join(20)
            self.working = None


@contextmanager
def web_house(
    folder: Path,
    *,
    works: bool = True,
    web: WebSettings | None = None,
    signs: Signs | None = None,
    patience: float = 5.0,
) -> Iterator[WebHouse]:
    """A desk, its worker and its web door on a free port. Its clock stands still until it is moved."""
    settings = web or WebSettings(port=0, posts=1_000_000)
    settings = settings.model_copy(update={"port": 0, "api": ApiSettings(keys=f"shop:{API_KEY}")})
    known = DeskSettings(address=DESK_ADDRESS, public_url=settings.public_url)
    with a_desk(folder, known, MovedClock()) as desk, loop_thread() as run:
        backstage = Backstage(
            store=desk.store,
            signer=desk.signer,
            regulations=desk.regulations,
            desk=known,
            web=settings,
            pages=WebPages(),
            clock=desk.clock,
            wake=desk.worker.wake,
            office=desk.desk,
            patience=patience,
        )
        door = WebDoor(backstage, signs or Signs())
        run(door.start())
        house = WebHouse(desk, door, backstage)
        if works:
            house.work()
        try:
            yield house
        finally:
            run(door.stop(2))
            house.rest()


def path_of(link: str) -> str:
    """The path of a link, with its query."""
    parts = urlsplit(link)
    return parts.path + (f"?{parts.query}" if parts.query else "")
