"""Mail that is fetched, through the real command: tickets, letters, and the same mail by two doors."""

from __future__ import annotations

import random
import smtplib
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.dovecot import PASSWORD, Dovecot, dovecot
from tests.support.gateways import DESK, Gateway, Relay, eventually, gateway, relay

pytestmark = pytest.mark.dovecot


def mailbox(server: Dovecot, done: str = "seen") -> str:
    """The ``[[imap]]`` of otklik.toml."""
    (server.folder / "password").write_text(PASSWORD + "\n")
    (server.folder / "password").chmod(0o600)
    lines = [
        "[[imap]]",
        'host = "127.0.0.1"',
        f"port = {server.tls_port}",
        'username = "support"',
        f'password_file = "{server.folder}/password"',
        f'ca_file = "{server.ca_file}"',
        f'done = "{done}"',
        "import_since = 2026-01-01",
        "[limits]",
        'uncertain_pause = "1s"',
    ]
    return "\n".join(lines)


def client_mail(n: int) -> bytes:
    return (
        f"From: c{n}@client.example\r\nTo: {DESK}\r\nSubject: help {n}\r\nMessage-ID: <{n}@client.example>\r\n"
        f"Date: Sun, 22 Nov 2026 12:00:00 +0300\r\n\r\nHow do I set up shop {n}?\r\n"
    ).encode()


@pytest.fixture
def server() -> Iterator[Dovecot]:
    with dovecot("support") as running:
        yield running


@pytest.fixture
def sink() -> Iterator[Relay]:
    with relay() as made:
        yield made


def tickets(desk: Gateway) -> list[dict[str, Any]]:
    return desk.json("tickets", "--limit", "10000")


def test_fetched_mail_becomes_a_ticket_and_is_acknowledged(
    tmp_path: Path, store_url: str, server: Dovecot, sink: Relay
) -> None:
    arrived = datetime.now(UTC) - timedelta(hours=2)
    server.deliver("support", [client_mail(1)], arrived.replace(microsecond=0))
    with gateway(tmp_path, sink.port, mailbox(server), store_url) as desk:
        eventually(lambda: sink.to("c1@client.example"))
        (ticket,) = tickets(desk)
        opened = datetime.fromisoformat(ticket["opened_at"])
        assert (ticket["subject"], ticket["source"]) == ("help 1", "email")
        assert abs(opened - arrived) < timedelta(seconds=2), "the time of arrival is the server's"
        server.deliver("support", [client_mail(2)])
        eventually(lambda: sink.to("c2@client.example"))
        assert desk.stop() == 0
        assert "support at 127.0.0.1, folder INBOX" in (tmp_path / "serve.log").read_text()
    assert PASSWORD not in (tmp_path / "serve.log").read_text()


def test_mail_that_lay_for_more_than_a_day_gets_no_letter(
    tmp_path: Path, store_url: str, server: Dovecot, sink: Relay
) -> None:
    now = datetime.now(UTC)
    server.deliver("support", [client_mail(1)], now - timedelta(hours=25))
    server.deliver("support", [client_mail(2)], now - timedelta(hours=23))
    server.deliver("support", [client_mail(3)], datetime(2026, 1, 9, 9, 0, tzinfo=UTC))
    with gateway(tmp_path, sink.port, mailbox(server), store_url) as desk:
        eventually(lambda: len(tickets(desk)) == 3)
        eventually(lambda: sink.to("c2@client.example"))
        assert [row["to"] for row in desk.json("outbox", "list")] == [["c2@client.example"]]


def test_one_mail_by_two_doors_is_one_ticket_with_two_deliveries(
    tmp_path: Path, store_url: str, server: Dovecot, sink: Relay
) -> None:
    with gateway(tmp_path, sink.port, mailbox(server, "move:Done"), store_url) as desk:
        with smtplib.SMTP("127.0.0.1", desk.smtp_port, timeout=30) as client:
            client.sendmail("c1@client.example", [DESK], b"Received: from a by b\r\n" + client_mail(1))
        trace = b"Return-Path: <c1@client.example>\r\nReceived: from c by d\r\nX-Spam-Score: 0\r\n"
        server.deliver("support", [trace + client_mail(1), trace + client_mail(1)])
        eventually(lambda: len(desk.json("journal", "list")) == 2)
        eventually(lambda: not desk.json("journal", "list", "--disposition", "new"))
        rows = desk.json("journal", "list")
        assert {row["door"]: row["ticket"] for row in rows} == dict.fromkeys(("smtp", "imap"), rows[0]["ticket"])
        assert Counter(row["disposition"] for row in rows) == Counter(["ticket", "duplicate"])
        eventually(lambda: server.count("support", "Done") == 2)
        assert len(tickets(desk)) == 1
        eventually(lambda: sink.to("c1@client.example"))
        assert len(sink.letters) == 1


def test_kills_while_mail_is_fetched_lose_and_double_nothing(
    tmp_path: Path, store_url: str, server: Dovecot, sink: Relay
) -> None:
    seed, count = 20261122, 0
    chance = random.Random(seed)
    desk = Gateway(tmp_path, sink.port, mailbox(server, "move:Done"), store_url)
    for _ in range(6):
        desk.start()
        for _ in range(5):
            server.deliver("support", [client_mail(n) for n in range(count, count + 6)])
            count += 6
            time.sleep(chance.uniform(0.02, 0.2))
        desk.kill()
    desk.start()
    try:
        eventually(lambda: server.count("support") == 0, seconds=60, what="an empty INBOX")
        eventually(lambda: not desk.json("journal", "list", "--disposition", "new"), seconds=60)
        found = Counter(ticket["subject"] for ticket in tickets(desk))
        assert found == Counter(f"help {n}" for n in range(count)), f"seed {seed}"
        assert server.count("support", "Done") == count
        eventually(lambda: not desk.json("outbox", "list", "--state", "queued", "--limit", "10000"), seconds=60)
    finally:
        desk.stop()
