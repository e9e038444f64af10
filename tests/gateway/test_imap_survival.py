"""Kills, dead links, resets: nothing is missed, nothing doubled, and it comes back by itself."""

from __future__ import annotations

import json
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from storage import open_store
from tests.support.dovecot import PASSWORD, Dovecot, dovecot
from tests.support.fault_proxy import FaultProxy, fault_proxy
from tests.support.forks import Forks, Life, forks
from tests.support.gateways import eventually
from tests.support.mailboxes import QUICK, Post, a_post, numbered, settings_of

pytestmark = pytest.mark.dovecot


@pytest.fixture
def server() -> Iterator[Dovecot]:
    with dovecot("support") as running:
        yield running


@pytest.fixture(scope="module")
def reader() -> Iterator[Forks]:
    """See `imap_alone`."""
    with forks("tests.gateway.imap_alone", "storage.postgresql_driver", "storage.store", "imap_tools") as loaded:
        yield loaded


def alone(reader: Forks, url: str, server: Dovecot, *fate: str, **options: Any) -> Life:
    """A process that reads the mailbox once; see `imap_alone`."""
    said = {"host": "127.0.0.1", "port": server.tls_port, "username": "support", "password": PASSWORD}
    said |= {"ca_file": server.ca_file, "import_since": "2026-01-01", **options}
    return reader.start(url, json.dumps(said), *fate)


def kept(url: str) -> Counter[str]:
    """How often each mail is in the journal, by its number."""
    store = open_store(url)
    with store.read() as tx:
        raws = [tx.journal.get(row.id).raw.decode() for row in tx.journal.recent(limit=100_000)]
    store.close()
    return Counter(raw.split("Subject: mail ")[1].split("\r\n")[0] for raw in raws)


def once(count: int) -> Counter[str]:
    return Counter(str(n) for n in range(count))


@pytest.mark.parametrize("done", ["seen", "move:Processed"])
def test_a_kill_before_or_after_any_commit_misses_and_doubles_nothing(
    reader: Forks, store_url: str, server: Dovecot, done: str
) -> None:
    """Between two transactions lies a fetch, a mark as read, a move or a new folder: each is cut off once."""
    count = number = 0
    ended_by_itself = False
    while not ended_by_itself:
        number += 1
        assert number < 30, "it has to come to an end"
        for when in ("before", "after"):
            server.deliver("support", numbered(count, count + 7))
            count += 7
            code = alone(reader, store_url, server, when, str(number), done=done).wait(60)
            assert code in (0, -signal.SIGKILL)
            ended_by_itself = code == 0
    assert number > 4, "first contact, three portions, the end"
    assert alone(reader, store_url, server, done=done).wait(60) == 0
    assert kept(store_url) == once(count)
    assert server.count("support", criteria="UNSEEN") == 0
    if done == "seen":
        assert server.count("support", criteria="SEEN") == count
    else:
        assert server.count("support") == 0
        assert server.count("support", "Processed") == count


def test_kills_at_any_moment_while_mail_comes_miss_and_double_nothing(
    reader: Forks, store_url: str, server: Dovecot
) -> None:
    """At any moment of half as long as it takes undisturbed, for mail that comes meanwhile takes time too."""
    chance = random.Random(20261122)
    server.deliver("support", numbered(0, 40))
    count, killed, begun = 40, 0, time.monotonic()
    assert alone(reader, store_url, server).wait(60) == 0
    undisturbed = time.monotonic() - begun
    for round_ in range(12):
        server.deliver("support", numbered(count, count + 40))
        count += 40
        if round_ % 4 == 3:
            server.renumber("support")
        process = alone(reader, store_url, server)
        time.sleep(chance.uniform(0, undisturbed) / 2)
        server.deliver("support", numbered(count, count + 10))
        count += 10
        process.kill()
        killed += process.wait(10) == -signal.SIGKILL
    assert killed > 3, "they were at work"
    assert alone(reader, store_url, server).wait(60) == 0
    assert kept(store_url) == once(count)
    assert server.count("support", criteria="SEEN") == count


@pytest.fixture
def post(store_url: str) -> Iterator[Post]:
    with a_post(store_url) as opened:
        yield opened


@pytest.fixture
def proxy(server: Dovecot) -> Iterator[FaultProxy]:
    with fault_proxy(server.tls_port) as between:
        yield between


PATIENT = replace(QUICK, probe=0.5, answer=0.5, spam_look=600)
"""A link that died is found after probe and answer: a hundredth of the real ones."""


def test_a_link_that_goes_silent_is_found_and_made_anew(server: Dovecot, proxy: FaultProxy, post: Post) -> None:
    door = post.open(settings_of(server, port=proxy.port), PATIENT)
    eventually(lambda: door.health().state == "reading")
    for n in range(3):
        proxy.silence()
        server.deliver("support", numbered(n, n + 1))
        eventually(lambda n=n: len(post.rows()) == n + 1, seconds=30)  # type: ignore[misc]
    assert proxy.accepted >= 4
    assert server.count("support", criteria="SEEN") == 3


def test_the_real_waits_find_a_dead_link_in_two_minutes() -> None:
    """Probe, its answer, the longest first pause, and one more connection that hangs, with its pause."""
    from gateway.imap_limits import ImapLimits

    real = ImapLimits()
    assert real.probe + real.answer + real.first_pause + real.answer + 2 * real.first_pause <= 120
    assert real.probe < 29 * 60
    assert real.longest_pause <= 60


def test_a_network_that_was_away_is_waited_for(server: Dovecot, proxy: FaultProxy, post: Post) -> None:
    door = post.open(settings_of(server, port=proxy.port), PATIENT)
    eventually(lambda: door.health().state == "reading")
    proxy.closed = True
    proxy.reset()
    server.deliver("support", numbered(0, 2))
    error = eventually(lambda: door.health().error)
    assert error
    tried = proxy.accepted
    eventually(lambda: proxy.accepted > tried + 1, what="more tries")
    assert door.health().failing_since is not None
    proxy.closed = False
    eventually(lambda: len(post.rows()) == 2)
    eventually(lambda: door.health().state == "reading")
    assert (door.health().error, door.health().failing_since) == (None, None)


def test_links_that_break_while_mail_is_fetched_lose_none(server: Dovecot, proxy: FaultProxy, post: Post) -> None:
    """Each link carries a little more before it is reset, so they break everywhere: greeting, login, sizes, bodies."""
    door = post.open(settings_of(server, port=proxy.port), replace(PATIENT, mails=20, first_pause=0.01))
    eventually(lambda: door.health().state == "reading")
    proxy.reset_after = 500
    proxy.reset()
    server.deliver("support", numbered(0, 300))
    while len(post.rows()) < 300 and proxy.reset_after < 500_000:
        seen = proxy.accepted
        eventually(lambda seen=seen: proxy.accepted > seen or len(post.rows()) >= 300)  # type: ignore[misc]
        proxy.reset_after += 1500
    proxy.reset_after = None
    eventually(lambda: len(post.rows()) >= 300)
    numbers = Counter(raw.decode().split("Subject: mail ")[1].split("\r\n")[0] for raw in post.raws())
    assert numbers == once(300)
    eventually(lambda: server.count("support", criteria="UNSEEN") == 0)


def test_the_store_being_away_marks_nothing_as_read(store_url: str, server: Dovecot) -> None:
    """Only what is kept is marked; when the store is back, everything is taken."""
    from intake.errors import StoreUnavailable

    class Moody:
        """A store that is away while ``away``."""

        def __init__(self, real: Any) -> None:
            self.real = real
            self.away = False

        def write(self, work: Any) -> Any:
            if self.away:
                raise StoreUnavailable("the disk is full")
            return self.real.write(work)

        def read(self) -> Any:
            return self.real.read()

    moods: list[Moody] = []

    def dressed(real: Any) -> Any:
        moods.append(Moody(real))
        return moods[0]

    with a_post(store_url, dressed=dressed) as post:
        door = post.open(settings_of(server))
        eventually(lambda: door.health().state == "reading")
        moods[0].away = True
        server.deliver("support", numbered(0, 5))
        eventually(lambda: door.health().error == "the disk is full")
        assert server.count("support", criteria="SEEN") == 0
        moods[0].away = False
        eventually(lambda: len(post.rows()) == 5)
        eventually(lambda: server.count("support", criteria="SEEN") == 5)


def test_a_door_ends_soon_whatever_it_waits_for(server: Dovecot, proxy: FaultProxy, post: Post) -> None:
    """Idle, in the middle of a command on a dead link, in the pause after a failure."""
    slow = replace(QUICK, probe=60, answer=60, first_pause=60, longest_pause=60)
    idle = post.open(settings_of(server, port=proxy.port), slow)
    eventually(lambda: idle.health().state == "reading")
    idle.stop(4)
    assert idle.health().state == "stopped"
    stuck = post.open(settings_of(server, port=proxy.port), slow)
    eventually(lambda: stuck.health().state == "reading")
    proxy.silence()
    stuck.stop(0.5)
    eventually(lambda: stuck.health().state == "stopped", seconds=30)
    pausing = post.open(settings_of(server, port=1), slow)
    eventually(lambda: pausing.health().state == "failing")
    pausing.stop(3)
    assert pausing.health().state == "stopped"
