"""A mailbox of 10,000 mails: how fast it is read, and whether kills, dead links and new UIDs lose or double any.

    python -m tests.bench.bench_imap [MAILS] [KILLS] [RENUMBERINGS] [DEAD LINKS]

Needs Dovecot. The first figure is the door alone, beside a bare client that fetches and keeps nothing; the second run
delivers while the reader is killed at random moments, its link goes silent, and UIDVALIDITY changes.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import structlog

from gateway.imap_door import ImapDoor
from gateway.imap_limits import ImapLimits
from gateway.settings import ImapSettings
from storage import open_store
from tests.support.dovecot import PASSWORD, Dovecot, dovecot
from tests.support.fault_proxy import FaultProxy, fault_proxy
from tests.support.mailboxes import a_post, numbered, settings_of
from tests.support.programs import ROOT

SEED = 20261122
LIMITS = replace(ImapLimits(), probe=1.0, answer=2.0, first_pause=0.2, longest_pause=1.0)


def bare(server: Dovecot) -> float:
    """Seconds imaplib takes to fetch everything in hundreds."""
    with server.colleague("support") as client:
        uids = client.uid("SEARCH", "ALL")[1][0].split()
        began = time.perf_counter()
        for start in range(0, len(uids), 100):
            client.uid("FETCH", b",".join(uids[start : start + 100]).decode(), "(UID BODY.PEEK[])")
        return time.perf_counter() - began


def speed(mails: int, done: str) -> str:
    """Mails a second from the first SEARCH to the last mark, each durable before it is marked."""
    with tempfile.TemporaryDirectory() as folder, dovecot("support") as server:
        server.deliver("support", numbered(0, mails))
        nothing = bare(server)
        with a_post(f"sqlite:///{folder}/desk.db") as post:
            began = time.perf_counter()
            door = post.open(settings_of(server, done=done, import_since="2026-01-01"), ImapLimits())
            while door.health().state != "reading":
                time.sleep(0.01)
            took = time.perf_counter() - began
            assert len(post.rows()) == mails
    return f"{done}: {mails / took:.0f} mails/s; fetched and forgotten by imaplib: {mails / nothing:.0f}"


def read_on(url: str, settings: str) -> None:
    """Read until somebody kills this process."""
    store = open_store(url)
    store.write(lambda tx: tx.mailboxes.release())
    imap = ImapSettings.model_validate(json.loads(settings))
    door = ImapDoor(imap, store, lambda: datetime.now(UTC), lambda: None, UTC, LIMITS)
    door.start()
    time.sleep(600)


def reader(port: int, url: str, server: Dovecot) -> subprocess.Popen[bytes]:
    """`read_on` as a process."""
    said = {"host": "127.0.0.1", "port": port, "username": "support", "password": PASSWORD, "ca_file": server.ca_file}
    arguments = [sys.executable, "-m", "tests.bench.bench_imap", "read", url]
    return subprocess.Popen([*arguments, json.dumps(said | {"import_since": "2026-01-01"})], cwd=ROOT)


def disturb(server: Dovecot, proxy: FaultProxy, url: str, mails: int, events: list[str]) -> None:
    """Deliver in shares while one thing after the other happens to the reader."""
    chance = random.Random(SEED)
    share, delivered = mails // (len(events) + 1), 0
    process = reader(proxy.port, url, server)
    for event in events:
        server.deliver("support", numbered(delivered, delivered + share))
        delivered += share
        time.sleep(chance.uniform(0.1, 1.5))
        if event == "kill":
            process.kill()
            process.wait()
            process = reader(proxy.port, url, server)
        elif event == "silence":
            proxy.silence()
        else:
            server.renumber("support")
    server.deliver("support", numbered(delivered, mails))
    process.kill()
    process.wait()


def storm(mails: int, kills: int, renumberings: int, dead: int) -> str:
    """What became of ``mails`` delivered while everything goes wrong."""
    events = ["kill"] * kills + ["renumber"] * renumberings + ["silence"] * dead
    random.Random(SEED).shuffle(events)
    with tempfile.TemporaryDirectory() as folder, dovecot("support") as server, fault_proxy(server.tls_port) as proxy:
        url = f"sqlite:///{folder}/desk.db"
        open_store(url).close()
        disturb(server, proxy, url, mails, events)
        with a_post(url) as post:
            post.store.write(lambda tx: tx.mailboxes.release())
            door = post.open(settings_of(server, import_since="2026-01-01"), LIMITS)
            while door.health().state != "reading":
                time.sleep(0.05)
            found = Counter(raw.split(b"Subject: mail ")[1].split(b"\r\n")[0] for raw in post.raws())
        unread = server.count("support", criteria="UNSEEN")
    wrong = f"missed {mails - len(found)}, doubled {sum(found.values()) - len(found)}, left unread {unread}"
    return f"{mails} mails, {kills} kills, {renumberings} new UIDVALIDITYs, {dead} dead links: {wrong} (seed {SEED})"


def main(mails: int = 10_000, kills: int = 50, renumberings: int = 5, dead: int = 10) -> None:
    """Measure, print."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    for done in ("seen", "move:Processed"):
        print(speed(mails, done))
    print(storm(mails // 2, kills, renumberings, dead))


if __name__ == "__main__":
    if sys.argv[1:2] == ["read"]:
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
        read_on(*sys.argv[2:])
    else:
        main(*map(int, sys.argv[1:]))
