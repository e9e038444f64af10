"""Clients that deliver until a 250 came, as MTAs do, and what must hold after whatever happened meanwhile."""

from __future__ import annotations

import random
import smtplib
import threading
import time
from collections import Counter
from collections.abc import Sequence
from itertools import count
from types import TracebackType

from tests.support.gateways import DESK, Gateway, Relay, eventually

TRIES = 1200


class Clients:
    """So many clients at once that deliver ``mails`` mails, to doors by chance, each resting ``pause`` seconds between
    two; None delivers for as long as the block lasts. It ends when what was begun is delivered."""

    def __init__(self, mails: int | None, clients: int, ports: Sequence[int], pause: float = 0) -> None:
        self._ports = ports
        self._numbers = iter(range(mails)) if mails is not None else count()
        self._endless = mails is None
        self._over = threading.Event()
        self._pause = pause
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._client) for _ in range(clients)]
        self.gave_up: list[int] = []
        self.delivered: list[int] = []

    def __enter__(self) -> Clients:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._endless:
            self._over.set()
        for thread in self._threads:
            thread.join(180)
        if kind is None:
            assert not self.gave_up

    def _client(self) -> None:
        while (n := self._next()) is not None:
            (self.delivered if self._deliver(n) else self.gave_up).append(n)
            self._over.wait(self._pause)

    def _next(self) -> int | None:
        with self._lock:
            return None if self._over.is_set() else next(self._numbers, None)

    def _deliver(self, n: int) -> bool:
        chance = random.Random(n)
        for _ in range(TRIES):
            try:
                with smtplib.SMTP("127.0.0.1", chance.choice(self._ports), timeout=20) as connection:
                    connection.sendmail(sender(n), [DESK], mail(n))
            except (OSError, smtplib.SMTPException):
                time.sleep(0.05)
            else:
                return True
        return False


def sender(n: int) -> str:
    """Who wrote the n-th mail."""
    return f"c{n}@x.example"


def mail(n: int) -> bytes:
    """The n-th mail."""
    return (
        f"From: {sender(n)}\r\nMessage-ID: <{n}@x.example>\r\nSubject: help {n}\r\n\r\nHow do I set up {n}?\r\n"
    ).encode()


def settled(desk: Gateway, seconds: float = 120) -> None:
    """Wait until everything was processed and every letter has left or is known to be uncertain, and stays so."""

    def quiet() -> bool:
        new = desk.json("journal", "list", "--disposition", "new", "--limit", "10000")
        waiting = desk.json("outbox", "list", "--state", "queued", "--limit", "10000")
        return not new and not waiting

    eventually(quiet, seconds=seconds, what="quiet")
    time.sleep(3)


def assert_each_mail_became_one_ticket_with_one_letter(desk: Gateway, sink: Relay, mails: int) -> None:
    """Lost 0, doubled 0; a letter that came twice is one the desk calls repeated, and none came more often."""
    tickets = desk.json("tickets", "--limit", "10000")
    assert Counter(t["subject"] for t in tickets) == Counter(f"help {n}" for n in range(mails))
    letters = desk.json("outbox", "list", "--limit", "10000")
    assert Counter(row["ticket"] for row in letters) == Counter(t["number"] for t in tickets)
    assert {row["state"] for row in letters} <= {"sent", "uncertain"}
    got = Counter(rcpt for _, (rcpt,), _ in sink.letters)
    assert set(got) == {sender(n) for n in range(mails)}
    repeated = {row["to"][0] for row in letters if row["repeated"]}
    assert {address for address, times in got.items() if times > 1} <= repeated
    assert max(got.values()) <= 2
