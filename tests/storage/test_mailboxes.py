"""Marks of mailboxes: read by one owner at a time, and only ever written by that one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from intake.errors import Conflict
from intake.mailboxes import MailboxMark
from intake.model import Arrival
from storage import open_store
from storage.store import DatabaseStore

NOW = datetime(2026, 5, 12, 8, tzinfo=UTC)
SOON = NOW + timedelta(minutes=1)
PLACE = ("support@imap.example", "INBOX")


@pytest.fixture
def store(store_url: str) -> Iterator[DatabaseStore]:
    opened = open_store(store_url)
    yield opened
    opened.close()


def take(store: DatabaseStore, owner: str, now: datetime = NOW) -> MailboxMark | None:
    return store.write(lambda tx: tx.mailboxes.take(*PLACE, owner, now, now + timedelta(minutes=1)))


def test_a_folder_nobody_read_has_an_empty_mark(store: DatabaseStore) -> None:
    assert take(store, "a") == MailboxMark(*PLACE)


def test_a_mark_is_found_as_it_was_put(store: DatabaseStore) -> None:
    take(store, "a")
    mark = MailboxMark(*PLACE, (1 << 32) - 1, 900, 880, 17, NOW.replace(microsecond=7), {12: 1, 5: 3})
    store.write(lambda tx: tx.mailboxes.put(mark, "a", SOON))
    assert take(store, "a") == mark


def test_folders_and_accounts_have_marks_of_their_own(store: DatabaseStore) -> None:
    take(store, "a")
    store.write(lambda tx: tx.mailboxes.put(MailboxMark(*PLACE, 1, 5, 5), "a", SOON))
    for place in ((PLACE[0], "Archive"), ("other@imap.example", "INBOX")):
        found = store.write(lambda tx, place=place: tx.mailboxes.take(*place, "b", NOW, SOON))  # type: ignore[misc]
        assert found == MailboxMark(*place)


def test_a_folder_is_read_by_one_owner_until_the_lease_ends(store: DatabaseStore) -> None:
    assert take(store, "a") is not None
    assert take(store, "b", NOW + timedelta(seconds=59)) is None
    assert take(store, "a", NOW + timedelta(seconds=59)) is not None
    assert take(store, "b", NOW + timedelta(seconds=60)) is None, "the owner came back meanwhile"
    assert take(store, "b", NOW + timedelta(seconds=119)) is not None


def test_putting_a_mark_holds_the_folder_longer(store: DatabaseStore) -> None:
    take(store, "a")
    store.write(lambda tx: tx.mailboxes.put(MailboxMark(*PLACE, 1), "a", NOW + timedelta(hours=1)))
    assert take(store, "b", NOW + timedelta(minutes=59)) is None


def test_who_lost_the_folder_writes_nothing_more(store: DatabaseStore) -> None:
    take(store, "a")
    mark = take(store, "b", NOW + timedelta(minutes=2))
    assert mark is not None

    def keep(tx: object) -> None:
        tx.journal.keep(Arrival(b"x", "imap", NOW, "key"))  # type: ignore[attr-defined]
        tx.mailboxes.put(replace(mark, kept_uid=9), "a", SOON)  # type: ignore[attr-defined]

    with pytest.raises(Conflict):
        store.write(keep)
    with store.read() as tx:
        assert tx.journal.recent() == [], "its mails go with its mark"
    assert take(store, "b", NOW + timedelta(minutes=2)) == MailboxMark(*PLACE)


def test_a_folder_given_back_is_free_at_once(store: DatabaseStore) -> None:
    take(store, "a")
    store.write(lambda tx: tx.mailboxes.give_back(*PLACE, "b"))
    assert take(store, "b") is None, "only its owner gives it back"
    store.write(lambda tx: tx.mailboxes.give_back(*PLACE, "a"))
    assert take(store, "b") is not None


def test_release_frees_every_folder_and_keeps_the_marks(store: DatabaseStore) -> None:
    take(store, "a")
    mark = MailboxMark(*PLACE, 3, 4, 4)
    store.write(lambda tx: tx.mailboxes.put(mark, "a", SOON))
    store.write(lambda tx: tx.mailboxes.release())
    assert take(store, "b") == mark


def test_an_arrival_tells_when_it_was_first_seen(store: DatabaseStore) -> None:
    late = Arrival(b"x", "imap", NOW, "key", kept_at=NOW + timedelta(days=2))
    store.write(lambda tx: tx.journal.keep(late))
    store.write(lambda tx: tx.journal.keep(Arrival(b"y", "smtp", NOW, "other")))
    with store.read() as tx:
        assert [(r.received_at, r.kept_at) for r in (tx.journal.get(1), tx.journal.get(2))] == [
            (NOW, NOW + timedelta(days=2)),
            (NOW, NOW),
        ]
