"""SIGKILL in a loop under retrying clients: nothing is lost, nothing doubled, every ticket has its letter."""

from __future__ import annotations

import random
import smtplib
import threading
import time
from collections import Counter
from pathlib import Path

from tests.support.gateways import DESK, Gateway, eventually, relay

MAILS, CLIENTS, KILLS = 240, 8, 12


def test_kills_under_load_lose_and_double_nothing(tmp_path: Path) -> None:
    seed = 20261122
    chance = random.Random(seed)
    with relay() as sink:
        desk = Gateway(tmp_path, sink.port, '[limits]\nuncertain_pause = "1s"\n')
        desk.start()
        numbers = iter(range(MAILS))
        lock = threading.Lock()
        threads = [threading.Thread(target=client, args=(desk.smtp_port, numbers, lock)) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.2, 1.0))
            desk.kill()
            desk.start()
        for thread in threads:
            thread.join(120)
        try:
            settled(desk)
            tickets = desk.json("tickets", "--limit", "10000")
            assert Counter(t["subject"] for t in tickets) == Counter(f"help {n}" for n in range(MAILS)), f"seed {seed}"
            letters = desk.json("outbox", "list", "--limit", "10000")
            assert Counter(row["ticket"] for row in letters) == Counter(t["number"] for t in tickets)
            assert {row["state"] for row in letters} <= {"sent", "uncertain"}
            got = Counter(rcpt for _, (rcpt,), _ in sink.letters)
            assert set(got) == {f"c{n}@x.example" for n in range(MAILS)}
            repeated = {row["to"][0] for row in letters if row["repeated"]}
            assert {address for address, times in got.items() if times > 1} <= repeated, "only what is flagged repeats"
            assert max(got.values()) <= 2
        finally:
            desk.stop()


def client(port: int, numbers: object, lock: threading.Lock) -> None:
    """Deliver until a 250 came, as an MTA does."""
    while True:
        with lock:
            n = next(numbers, None)  # type: ignore[call-overload]
        if n is None:
            return
        raw = (
            f"From: c{n}@x.example\r\nMessage-ID: <{n}@x.example>\r\nSubject: help {n}\r\n\r\nHow do I set up {n}?\r\n"
        )
        for _ in range(400):
            try:
                with smtplib.SMTP("127.0.0.1", port, timeout=10) as connection:
                    connection.sendmail(f"c{n}@x.example", [DESK], raw.encode())
                break
            except (OSError, smtplib.SMTPException):
                time.sleep(0.05)


def settled(desk: Gateway) -> None:
    """Everything was processed and every letter has left or is known to be uncertain."""

    def quiet() -> bool:
        new = desk.json("journal", "list", "--disposition", "new", "--limit", "10000")
        waiting = desk.json("outbox", "list", "--state", "queued", "--limit", "10000")
        return not new and not waiting

    eventually(quiet, seconds=90, what="quiet")
    time.sleep(3)
