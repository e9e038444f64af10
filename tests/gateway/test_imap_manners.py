"""Servers with manners of their own: nothing they say makes a mail lost or a mailbox stuck."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.settings import ImapSettings
from tests.support import databases
from tests.support.gateways import eventually
from tests.support.imap_server import ScriptedImap, Talk, scripted_imap
from tests.support.mailboxes import QUICK, Post, a_post, numbered


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with a_post(databases.sqlite(tmp_path / "desk.db")) as opened:
        yield opened


def settings(server: ScriptedImap, **options: Any) -> ImapSettings:
    usual = {"host": "127.0.0.1", "port": server.port, "username": "support", "password": "x", "security": "none"}
    return ImapSettings.model_validate(usual | options)


def fill(server: ScriptedImap, count: int) -> None:
    """That many more mails."""
    last = max(server.mails, default=0)
    server.mails.update({last + 1 + n: raw for n, raw in enumerate(numbered(last, last + count))})


def test_a_mail_the_server_will_not_give_stops_no_other_and_leaves_a_note(post: Post) -> None:
    def fetch(talk: Talk, name: str, arguments: str) -> bytes:
        if "BODY.PEEK[]" in arguments and 2 in talk.asked(arguments.partition(" ")[0]):
            return talk.no("[SERVERBUG] broken")
        return talk._fetch(arguments)

    with scripted_imap(answers={"UID FETCH": fetch}) as server:
        door = post.open(settings(server))
        eventually(lambda: door.health().state == "reading")
        fill(server, 3)
        eventually(lambda: len(post.rows()) >= 2)
        assert post.raws()[:2] == [numbered(0, 1)[0], numbered(2, 3)[0]]
        eventually(lambda: len(post.rows()) == 3, what="the note")
        note = post.raws()[2]
        assert b"Subject: mail 1\r\n" in note
        assert "не отдал" in note.decode()


def test_a_mail_that_comes_out_later_is_kept_after_all(post: Post) -> None:
    refusals = [1, 2]

    def fetch(talk: Talk, name: str, arguments: str) -> bytes:
        if "BODY.PEEK[]" in arguments and 2 in talk.asked(arguments.partition(" ")[0]) and refusals:
            refusals.pop()
            return talk.ok(b"".join(talk.item(uid, arguments) for uid in talk.asked(arguments.split()[0]) if uid != 2))
        return talk._fetch(arguments)

    with scripted_imap(answers={"UID FETCH": fetch}) as server:
        door = post.open(settings(server), replace(QUICK, held_tries=9))
        eventually(lambda: door.health().state == "reading")
        fill(server, 3)
        eventually(lambda: len(post.rows()) == 3)
        assert sorted(post.raws()) == sorted(numbered(0, 3))
        eventually(lambda: any("STORE 2 " in line for line in server.lines), what="its mark as read")


def test_news_beside_another_answer_is_not_slept_over(post: Post) -> None:
    """IDLE tells only what was not told before."""
    told: list[int] = []

    def store(talk: Talk, name: str, arguments: str) -> bytes:
        if not told:
            told.append(1)
            fill(talk.server, 1)
            return talk.ok(b"* %d EXISTS\r\n" % len(talk.server.mails))
        return talk.ok()

    with scripted_imap(answers={"UID STORE": store}) as server:
        fill(server, 1)
        door = post.open(settings(server, import_since="2026-01-01"), replace(QUICK, probe=60))
        eventually(lambda: len(post.rows()) == 2)
        eventually(lambda: door.health().kept == 2)


def test_news_before_the_go_ahead_of_idle_is_heard(post: Post) -> None:
    told: list[int] = []

    def idle(talk: Talk, name: str, arguments: str) -> bytes:
        if not told:
            told.append(1)
            fill(talk.server, 1)
            talk.send(b"* %d EXISTS\r\n" % len(talk.server.mails))
        return talk._idle(arguments)

    with scripted_imap(answers={"IDLE": idle}) as server:
        door = post.open(settings(server), replace(QUICK, probe=60))
        eventually(lambda: len(post.rows()) == 1)
        assert door.health().error is None


def test_a_server_that_refuses_idle_is_looked_at_now_and_then(post: Post) -> None:
    with scripted_imap(answers={"IDLE": lambda talk, name, arguments: talk.no("no idling here")}) as server:
        door = post.open(settings(server))
        eventually(lambda: len(server.said("NOOP")) >= 2)
        fill(server, 1)
        eventually(lambda: len(post.rows()) == 1)
        assert len(server.said("IDLE")) == 1
        assert door.health().error is None


def test_without_uidnext_the_first_contact_still_starts_at_the_next_mail(post: Post) -> None:
    def select(talk: Talk, name: str, arguments: str) -> bytes:
        return talk.ok(b"* %d EXISTS\r\n" % len(talk.server.mails), "[READ-WRITE] open")

    with scripted_imap(answers={"SELECT": select}) as server:
        fill(server, 3)
        door = post.open(settings(server))
        eventually(lambda: door.health().state == "reading")
        fill(server, 1)
        eventually(lambda: len(post.rows()) == 1)
        assert post.raws() == numbered(3, 4)


def test_uids_that_went_back_are_read_again(post: Post) -> None:
    """A mailbox restored from a backup may have its old UIDVALIDITY."""
    with scripted_imap() as server:
        door = post.open(settings(server))
        eventually(lambda: door.health().state == "reading")
        fill(server, 5)
        eventually(lambda: len(post.rows()) == 5)
        raws = numbered(0, 10)
        server.mails = {1: raws[0], 2: raws[7], 3: raws[8]}
        server.reset()
        eventually(lambda: len(post.rows()) == 7)
        assert sorted(post.raws()) == sorted([*raws[:5], raws[7], raws[8]])


def test_mail_is_marked_only_after_it_was_fetched_and_never_by_fetching(post: Post) -> None:
    with scripted_imap() as server:
        door = post.open(settings(server))
        eventually(lambda: door.health().state == "reading")
        fill(server, 3)
        eventually(lambda: server.said("STORE"))
    uid_lines = [line.split(" ", 1)[1] for line in server.lines if " UID FETCH" in line or " UID STORE" in line]
    assert uid_lines == [
        "UID FETCH 1:3 (UID RFC822.SIZE INTERNALDATE)",
        "UID FETCH 1:3 (UID BODY.PEEK[])",
        r"UID STORE 1:3 +FLAGS.SILENT (\Seen)",
    ]
    assert not server.said("EXPUNGE")


def test_a_server_that_refuses_to_mark_is_fetched_from_all_the_same(post: Post) -> None:
    refuse = [True]

    def store(talk: Talk, name: str, arguments: str) -> bytes:
        return talk.no("[OVERQUOTA] no room for flags") if refuse[0] else talk.ok()

    with scripted_imap(answers={"UID STORE": store}) as server:
        door = post.open(settings(server))
        eventually(lambda: door.health().state == "reading")
        fill(server, 2)
        eventually(lambda: len(post.rows()) == 2)
        fill(server, 2)
        eventually(lambda: len(post.rows()) == 4)
        eventually(lambda: "OVERQUOTA" in (door.health().trouble or ""))
        refuse[0] = False
        eventually(lambda: door.health().trouble is None, what="marking at last")
        assert server.said("STORE")[-1].endswith(r"1:4 +FLAGS.SILENT (\Seen)")


@pytest.mark.parametrize(
    "bad",
    [
        b"* BYE shutting down\r\n",
        b"\x00\xff\r\n",
        b"* SEARCH one two\r\n+ hm\r\n",
        b"* 1 FETCH (UID 1 BODY[] {999999}\r\nabc",
    ],
)
def test_nonsense_and_goodbyes_end_in_another_try(post: Post, bad: bytes) -> None:
    left = [bad, bad]

    def search(talk: Talk, name: str, arguments: str) -> bytes:
        if left:
            talk.send(left.pop())
            raise ValueError("hung up")
        return talk._search(arguments)

    with scripted_imap(answers={"UID SEARCH": search}) as server:
        fill(server, 1)
        post.open(settings(server, import_since="2026-01-01"))
        eventually(lambda: len(post.rows()) == 1)
