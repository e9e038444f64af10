"""Mail of a real Dovecot: everything that comes is kept once, then marked or moved."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.dovecot import Dovecot, dovecot
from tests.support.gateways import eventually
from tests.support.mailboxes import QUICK, Post, a_post, numbered, settings_of

pytestmark = pytest.mark.dovecot
USERS = ("support", "second", "поддержка")


@pytest.fixture(scope="module")
def shared() -> Iterator[Dovecot]:
    with dovecot(*USERS) as running:
        yield running


@pytest.fixture
def server(shared: Dovecot) -> Dovecot:
    """The module's server with empty mailboxes."""
    for user in USERS[:2]:
        shared.wipe(user)
    return shared


@pytest.fixture
def post(store_url: str) -> Iterator[Post]:
    with a_post(store_url) as opened:
        yield opened


def subjects(post: Post) -> Counter[bytes]:
    """How often each mail is in the journal."""
    return Counter(raw.split(b"Subject: ")[1].split(b"\r\n")[0] for raw in post.raws())


def once(first: int, last: int) -> Counter[bytes]:
    return Counter(b"mail %d" % n for n in range(first, last))


def reading(post: Post, server: Dovecot, **options: Any) -> None:
    """A door that has had its first look."""
    door = post.open(settings_of(server, **options))
    eventually(lambda: door.health().state == "reading", what="the first look")


def test_the_first_contact_starts_at_the_next_mail(server: Dovecot, post: Post) -> None:
    server.deliver("support", numbered(0, 5))
    reading(post, server)
    server.deliver("support", numbered(5, 8))
    eventually(lambda: len(post.rows()) >= 3)
    assert subjects(post) == once(5, 8)
    eventually(lambda: server.count("support", criteria="SEEN") == 3)
    assert server.count("support", criteria="UNSEEN") == 5, "mail from before stays as it was"


def test_import_since_takes_older_mail_from_that_day_on(server: Dovecot, post: Post) -> None:
    moscow = ZoneInfo("Europe/Moscow")
    server.deliver("support", numbered(0, 1), datetime(2026, 4, 30, 23, 59, 59, tzinfo=moscow))
    server.deliver("support", numbered(1, 2), datetime(2026, 5, 1, 0, 0, 0, tzinfo=moscow))
    server.deliver("support", numbered(2, 3), datetime(2026, 5, 7, tzinfo=UTC))
    door = post.open(settings_of(server, import_since="2026-05-01"), zone=moscow)
    eventually(lambda: len(post.rows()) >= 2)
    server.deliver("support", numbered(3, 4), datetime(2020, 1, 1, tzinfo=UTC))
    eventually(lambda: len(post.rows()) >= 3)
    assert subjects(post) == once(1, 4), "what comes after the first contact is ours however old it is"
    eventually(lambda: server.count("support", criteria="SEEN") == 3)
    eventually(lambda: door.health().kept == 3)


def test_import_since_can_be_set_later(server: Dovecot, post: Post) -> None:
    server.deliver("support", numbered(0, 3), datetime(2026, 5, 7, tzinfo=UTC))
    reading(post, server)
    post.close(post.doors[0])
    assert post.rows() == []
    reading(post, server, import_since="2026-05-01")
    assert subjects(post) == once(0, 3)


def test_the_time_of_arrival_is_the_servers(server: Dovecot, post: Post) -> None:
    reading(post, server)
    before = datetime.now(UTC)
    server.deliver("support", numbered(0, 1), datetime(2026, 5, 8, 15, 30, tzinfo=UTC))
    server.deliver("support", numbered(1, 2), datetime.now(UTC) + timedelta(days=400))
    server.deliver("support", numbered(2, 3), datetime(1970, 1, 1, tzinfo=UTC))
    eventually(lambda: len(post.rows()) == 3)
    old, future, unknown = post.rows()
    assert old.received_at == datetime(2026, 5, 8, 15, 30, tzinfo=UTC)
    assert old.kept_at is not None
    assert old.kept_at >= before
    assert future.received_at <= datetime.now(UTC), "a server's clock makes no mail of tomorrow"
    assert unknown.received_at >= before
    assert (old.door, old.mailbox, old.envelope.mail_from) == ("imap", "127.0.0.1/support/INBOX", None)


def test_raw_mail_is_kept_byte_for_byte_and_nobody_else_is_needed_to_read_it(server: Dovecot, post: Post) -> None:
    reading(post, server)
    raws = [
        b"Subject: \xcf\xf0\xe8\xe2\xe5\xf2\r\n\r\n8-bit \x07 \xff body\r\n",
        b"From: a@b.c\r\n\r\n" + b"x" * 70_000 + b"\r\n",
        b"only one line\r\n",
        b'Subject: a "quoted" {12}\r\n\r\n* 1 FETCH (UID 99 BODY[] {3}\r\nabc)\r\n',
    ]
    server.deliver("support", raws)
    eventually(lambda: len(post.rows()) == len(raws))
    assert sorted(post.raws()) == sorted(raws)


def test_mail_that_a_colleague_read_first_is_not_missed(server: Dovecot, post: Post) -> None:
    reading(post, server)
    post.close(post.doors[0])
    server.deliver("support", numbered(0, 4))
    with server.colleague("support") as client:
        client.store("1:4", "+FLAGS", r"(\Seen)")
    reading(post, server)
    assert subjects(post) == once(0, 4)


def test_mail_expunged_meanwhile_stops_nothing(server: Dovecot, post: Post) -> None:
    reading(post, server)
    post.close(post.doors[0])
    server.deliver("support", numbered(0, 20))
    with server.colleague("support") as client:
        client.store("3:9", "+FLAGS", r"(\Deleted)")
        client.expunge()
        client.store("13", "+FLAGS", r"(\Deleted)")
        client.expunge()
    reading(post, server)
    assert len(post.rows()) == 12


def test_idle_tells_of_new_mail_at_once(server: Dovecot, post: Post) -> None:
    door = post.open(settings_of(server), replace(QUICK, probe=60.0, spam_look=600))
    eventually(lambda: door.health().state == "reading")
    for n in range(3):
        server.deliver("support", numbered(n, n + 1))
        eventually(lambda n=n: len(post.rows()) == n + 1, seconds=15)  # type: ignore[misc]


def test_mail_done_is_moved_to_a_folder_that_is_made_for_it(server: Dovecot, post: Post) -> None:
    reading(post, server, done="move:Обработано/2026")
    server.deliver("support", numbered(0, 120))
    eventually(lambda: len(post.rows()) == 120)
    eventually(lambda: server.count("support") == 0)
    assert server.count("support", "&BB4EMQRABDAEMQQ+BEIEMAQ9BD4-/2026", "UNSEEN") == 120
    assert post.doors[0].health().trouble is None


def test_the_folder_that_is_read_is_no_place_to_move_to(server: Dovecot, post: Post) -> None:
    reading(post, server, done="move:inbox")
    server.deliver("support", numbered(0, 2))
    eventually(lambda: len(post.rows()) == 2)
    eventually(lambda: "INBOX itself" in (post.doors[0].health().trouble or ""))
    assert server.count("support") == 2


def test_deliveries_while_it_reads_are_neither_missed_nor_doubled(server: Dovecot, post: Post) -> None:
    reading(post, server, done="move:Processed")

    def deliver(part: int) -> None:
        for n in range(part, 400, 4):
            server.deliver("support", numbered(n, n + 1))
            time.sleep(0.001)

    threads = [threading.Thread(target=deliver, args=(part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    eventually(lambda: len(post.rows()) >= 400, seconds=60)
    assert subjects(post) == once(0, 400)
    eventually(lambda: server.count("support") == 0)


def test_a_folder_made_anew_doubles_and_misses_nothing(server: Dovecot, post: Post) -> None:
    reading(post, server)
    server.deliver("support", numbered(0, 30))
    eventually(lambda: len(post.rows()) == 30)
    for round_ in range(3):
        server.renumber("support")
        server.deliver("support", numbered(30 + round_ * 5, 35 + round_ * 5), datetime(2026, 5, 1, tzinfo=UTC))
        eventually(lambda n=35 + round_ * 5: len(post.rows()) >= n)  # type: ignore[misc]
    server.recreate("support")
    server.deliver("support", numbered(40, 60))
    eventually(lambda: len(post.rows()) >= 60)
    assert subjects(post) == once(0, 60)


def test_a_folder_deleted_and_created_by_its_user_is_read_on(server: Dovecot, post: Post) -> None:
    """Also where the server lets us go on looking at the folder that is no more."""

    def fill(first: int, last: int) -> None:
        for raw in numbered(first, last):
            with server.colleague("second", None) as client:
                assert client.append("Desk", "", "", raw)[0] == "OK"

    def make() -> None:
        with server.colleague("second", None) as client:
            client.delete("Desk")
            assert client.create("Desk")[0] == "OK"

    make()
    fill(0, 3)
    reading(post, server, user="second", folder="Desk")
    fill(3, 6)
    eventually(lambda: len(post.rows()) == 3)
    for round_ in range(4):
        make()
        if round_ % 2:
            time.sleep(0.3)
        fill(4 + round_ * 2, 8 + round_ * 2)
        eventually(lambda n=5 + round_ * 2: len(post.rows()) >= n)  # type: ignore[misc]
    assert subjects(post) == once(3, 14)


def test_mail_from_before_the_first_contact_stays_out_when_the_folder_is_made_anew(server: Dovecot, post: Post) -> None:
    server.deliver("support", numbered(0, 5), datetime(2026, 5, 1, tzinfo=UTC))
    reading(post, server)
    server.deliver("support", numbered(5, 8))
    eventually(lambda: len(post.rows()) == 3)
    server.renumber("support")
    server.deliver("support", numbered(8, 9))
    eventually(lambda: len(post.rows()) >= 4)
    assert subjects(post) == once(5, 9)


def test_a_mailbox_that_fails_never_stops_another(server: Dovecot, post: Post) -> None:
    bad = post.open(settings_of(server, user="second", password="wrong"))
    gone = post.open(settings_of(server, user="second", folder="No such folder"))
    nobody = post.open(settings_of(server, user="third", port=1))
    reading(post, server)
    server.deliver("support", numbered(0, 3))
    eventually(lambda: len(post.rows()) == 3)
    for door, why in ((bad, "refused the login"), (gone, "No such folder"), (nobody, "no connection")):
        error = eventually(lambda door=door: door.health().error, what=why)  # type: ignore[misc]
        assert why in error
        assert door.health().state == "failing"
    with server.colleague("second", None) as client:
        client.create('"No such folder"')
        eventually(lambda: gone.health().state == "reading", what="recovery")
        assert gone.health().error is None
        client.delete('"No such folder"')


def test_names_and_passwords_may_hold_any_letters(server: Dovecot, post: Post) -> None:
    reading(post, server, user="поддержка")
    server.deliver("поддержка", numbered(0, 1))
    eventually(lambda: len(post.rows()) == 1)


def test_starttls_is_as_good(server: Dovecot, post: Post) -> None:
    reading(post, server, security="starttls", port=server.port)
    server.deliver("support", numbered(0, 1))
    eventually(lambda: len(post.rows()) == 1)


def test_a_mailbox_is_read_by_one_gateway_at_a_time(server: Dovecot, post: Post) -> None:
    reading(post, server)
    second = post.open(settings_of(server), replace(QUICK, lease=2.0))
    eventually(lambda: second.health().state == "elsewhere")
    post.close(post.doors[0])
    eventually(lambda: second.health().state == "reading", what="handing over")
    server.deliver("support", numbered(0, 1))
    eventually(lambda: len(post.rows()) == 1)


def test_unread_mail_in_the_spam_folder_is_told(server: Dovecot, post: Post) -> None:
    with server.colleague("support", None) as client:
        client.append("Spam", None, None, numbered(0, 1)[0])
        client.append("Spam", r"(\Seen)", None, numbered(1, 2)[0])
    reading(post, server)
    eventually(lambda: post.doors[0].health().spam == 1, what="the count")
    assert post.rows() == []


def test_two_copies_of_one_mail_are_kept_once_and_both_are_done(server: Dovecot, post: Post) -> None:
    reading(post, server, done="move:Processed")
    server.deliver("support", numbered(0, 1) * 2)
    eventually(lambda: server.count("support", "Processed") == 2)
    assert subjects(post) == once(0, 1)


def test_a_mail_too_large_leaves_a_note_and_stays(server: Dovecot, post: Post) -> None:
    door = post.open(settings_of(server), replace(QUICK, largest=10_000))
    eventually(lambda: door.health().state == "reading")
    head = b"From: a@b.c\r\nSubject: huge\r\n folded\r\nMessage-ID: <h@b.c>\r\n"
    contents = b"Content-Type: application/zip;\r\n name=x\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    server.deliver("support", [head + contents + b"QUJD\r\n" * 5000, *numbered(0, 1)])
    eventually(lambda: len(post.rows()) == 2)
    note, other = sorted(post.raws(), key=lambda raw: b"huge" not in raw)
    assert head in note
    assert b"zip" not in note
    assert "слишком велико" in note.decode()
    assert "127.0.0.1/support/INBOX" in note.decode()
    assert other == numbered(0, 1)[0]
    assert server.count("support") == 2


@pytest.mark.parametrize(
    ("abilities", "stays"),
    [("IMAP4rev1 UIDPLUS", 0), ("IMAP4rev1", 8), ("IMAP4rev1 MOVE", 0)],
    ids=["UIDPLUS", "neither", "MOVE"],
)
def test_moving_needs_no_abilities_and_expunges_nothing_of_others(store_url: str, abilities: str, stays: int) -> None:
    """Without IDLE too: then it looks now and then."""
    extra = f"imap_capability = {abilities}\n"
    with dovecot("support", extra=extra) as server, a_post(store_url) as post:
        server.deliver("support", numbered(0, 2))
        with server.colleague("support") as client:
            client.store("1", "+FLAGS", r"(\Deleted)")
        reading(post, server, done="move:Processed")
        server.deliver("support", numbered(2, 10))
        eventually(lambda: len(post.rows()) == 8)
        eventually(lambda: server.count("support", "Processed") == 8)
        eventually(lambda: server.count("support") == 2 + stays)
        assert server.count("support", criteria="SEEN DELETED") == stays
        assert post.doors[0].health().trouble is None


def test_folders_below_the_inbox_are_found_where_a_server_wants_them(store_url: str) -> None:
    namespace = "separator = .\n  prefix = INBOX."
    with dovecot("support", namespace=namespace) as server, a_post(store_url) as post:
        reading(post, server, done="move:Done/2026")
        server.deliver("support", numbered(0, 3))
        eventually(lambda: server.count("support", "INBOX.Done.2026") == 3)
        assert subjects(post) == once(0, 3)


def test_a_folder_that_may_only_be_read_is_read(store_url: str) -> None:
    extra = "mail_plugins = acl\nprotocol imap {\n mail_plugins = acl imap_acl\n}\nplugin {\n acl = vfile\n}\n"
    with dovecot("support", extra=extra) as server, a_post(store_url) as post:
        (server.maildir("support") / "dovecot-acl").write_text("owner lr\n")
        server.deliver("support", numbered(0, 1))
        reading(post, server, import_since="2026-01-01")
        assert subjects(post) == once(0, 1)
        assert "read-only" in (post.doors[0].health().trouble or "")
        server.deliver("support", numbered(1, 3))
        eventually(lambda: len(post.rows()) == 3)
        assert server.count("support", criteria="UNSEEN") == 3
