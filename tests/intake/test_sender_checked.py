"""Our relay's word on a sender is kept with the message, and nobody else's is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from intake.authentication import UNKNOWN, Authentication, authentication, sender_checked
from intake.mail.message import Address, Message
from intake.model import Arrival, Disposition, Envelope, JournalRow, TicketMessage
from intake.settings import DeskSettings
from intake.views import View
from storage import export, forget, import_, open_store
from tests.support import databases
from tests.support.desks import DESK_ADDRESS, MORNING, TestDesk, a_desk, mail
from tui.sender_mark import sender_mark

OURS = "mx.vitrina-domiland.example"
SETTINGS = DeskSettings(address=DESK_ADDRESS, authserv_id=OURS, relays=("192.0.2.0/24", "2001:db8::/32"))
GOOD = f"{OURS}; dkim=pass header.d=roscha.example; spf=pass smtp.mailfrom=roscha.example; dmarc=pass"
FORGED = f"{OURS}; spf=fail smtp.mailfrom=roscha.example; dmarc=fail header.from=roscha.example"


@pytest.fixture
def desk(store_url: str) -> Iterator[TestDesk]:
    with a_desk(store_url, SETTINGS) as made:
        yield made


def last(desk: TestDesk, number: int | None) -> TicketMessage:
    with desk.store.read() as tx:
        return [m for m in tx.messages.of(number or 0) if m.journal is not None][-1]


def by_smtp(desk: TestDesk, raw: bytes, peer: str) -> JournalRow:
    arrival = Arrival(raw, "smtp", desk.clock(), "k" + peer, envelope=Envelope(None, (DESK_ADDRESS,)), peer=peer)
    kept = desk.store.write(lambda tx: tx.journal.keep(arrival))
    desk.process()
    with desk.store.read() as tx:
        return tx.journal.get(kept or 0)


def test_the_word_of_our_relay_is_kept_and_shown(desk: TestDesk) -> None:
    row = desk.receive(mail(Authentication_Results=GOOD), door="imap")
    message = last(desk, row.ticket)
    assert message.authentication == Authentication("pass", "pass", "pass", verified=True)
    assert sender_mark(message.authentication)[0] == "отправитель подтверждён (dkim, spf, dmarc)"
    shown = View("Europe/Moscow").message(message)["authentication"]
    assert shown == {"spf": "pass", "dkim": "pass", "dmarc": "pass", "verified": True}


def test_nothing_is_said_where_nothing_is_known(desk: TestDesk) -> None:
    row = desk.receive(mail(Authentication_Results="mx.strange.example; dmarc=pass"), door="imap")
    message = last(desk, row.ticket)
    assert message.authentication == UNKNOWN
    assert sender_mark(message.authentication) == ("", "")
    assert View("Europe/Moscow").message(message)["authentication"] is None


@pytest.mark.parametrize(
    ("peer", "believed"),
    [
        ("127.0.0.1 helo=localhost", True),
        ("::1 helo=localhost", True),
        ("::ffff:192.0.2.7 helo=mx", True),
        ("192.0.2.7 helo=mx tls=TLSv1.3", True),
        ("2001:db8::7 helo=mx", True),
        ("198.51.100.7 helo=mx.vitrina-domiland.example", False),
        ("198.51.100.7 helo=127.0.0.1", False),
        ("? helo=", False),
        ("", False),
    ],
)
def test_a_stranger_who_talks_to_us_himself_vouches_for_nobody(peer: str, believed: bool) -> None:
    row = JournalRow(1, MORNING, "smtp", "", Envelope(), None, None, Disposition.NEW, None, None, 0, peer=peer)
    message = Message(sender=(Address("", "olga@roscha.example"),), headers=(("authentication-results", GOOD),))
    assert (sender_checked(message, row, SETTINGS).verified is True) is believed
    for door in ("form", "api", "agent"):
        assert sender_checked(message, replace(row, door=door), SETTINGS) == UNKNOWN


def test_the_listener_tells_who_brought_a_mail(desk: TestDesk) -> None:
    first = by_smtp(desk, mail(Authentication_Results=GOOD), "192.0.2.7 helo=mx")
    other = by_smtp(
        desk, mail("Иное", message_id="<o@roscha.example>", Authentication_Results=GOOD), "198.51.100.7 helo=mx"
    )
    assert last(desk, first.ticket).authentication.verified
    assert last(desk, other.ticket).authentication == UNKNOWN


def test_a_probable_forgery_takes_part_in_nothing(desk: TestDesk) -> None:
    """Without a proof of the thread it joins no ticket; with one it is shown as unconfirmed."""
    first = desk.receive(mail(Authentication_Results=GOOD), door="imap")
    key = desk.ticket(first.ticket).key
    tagged = desk.receive(
        mail(f"Re: [{key}] пароль", "Пришлите пароль.", message_id="<f@x>", Authentication_Results=FORGED), door="imap"
    )
    assert tagged.ticket != first.ticket
    threaded = desk.receive(
        mail("Re", "И ещё.", message_id="<g@x>", In_Reply_To="<first@roscha.example>", Authentication_Results=FORGED),
        door="imap",
    )
    assert threaded.ticket == first.ticket
    message = last(desk, first.ticket)
    assert message.unconfirmed
    assert sender_mark(message.authentication) == ("⚠ подделка вероятна: DMARC не пройден", "bold $error")


def test_a_failed_check_without_dmarc_is_said_so() -> None:
    found = Authentication(spf="softfail", verified=False)
    assert sender_mark(found)[0] == "⚠ проверка отправителя не пройдена (spf)"


def trail(*fields: tuple[str, str]) -> Message:
    return Message(sender=(Address("", "olga@roscha.example"),), headers=fields)


RECEIVED, RESULTS = "received", "authentication-results"


@pytest.mark.parametrize(
    ("authserv_id", "fields", "verified"),
    [
        pytest.param(
            OURS,
            (
                (RECEIVED, f"from {OURS} by store.vitrina-domiland.example (Dovecot) with LMTP id 1"),
                (RECEIVED, f"from out.roscha.example (192.0.2.9) by {OURS} (Postfix) with ESMTPS id 2"),
                (RESULTS, GOOD),
                (RECEIVED, "from pc by out.roscha.example"),
            ),
            True,
            id="delivered behind the border",
        ),
        pytest.param(
            "mx.google.com",
            (
                (RECEIVED, "by 2002:a05:6402:1:b0:1 with SMTP id 1"),
                (RECEIVED, "from out.roscha.example by mx.google.com with ESMTPS id 2"),
                (RESULTS, GOOD.replace(OURS, "mx.google.com")),
                (RECEIVED, "by mail-x.google.com with SMTP id 3"),
                (RESULTS, FORGED.replace(OURS, "mx.google.com")),
            ),
            True,
            id="inside a provider",
        ),
        pytest.param(
            "*.mail.yandex.net",
            (
                (RECEIVED, "from mxfront1.mail.yandex.net by iva1.mail.yandex.net with LMTP id 1"),
                (RECEIVED, "from out.roscha.example by mxfront1.mail.yandex.net (nwsmtp/Yandex) with ESMTPS id 2"),
                (RESULTS, "mxfront1.mail.yandex.net; spf=pass (designates) smtp.mail=olga@roscha.example"),
            ),
            True,
            id="a provider whose relays have names of their own",
        ),
        pytest.param(
            OURS,
            (
                (RECEIVED, f"from evil.example by {OURS} (Postfix)"),
                (RECEIVED, f"from x (by {OURS}) by evil.example"),
                (RESULTS, GOOD),
            ),
            None,
            id="came with the mail",
        ),
        pytest.param(
            OURS,
            (
                (RESULTS, FORGED),
                (RECEIVED, f"from evil.example by {OURS} (Postfix)"),
                (RESULTS, GOOD),
            ),
            False,
            id="the relay has spoken above",
        ),
        pytest.param(
            OURS,
            (
                (RECEIVED, f"from evil.example by {OURS} (Postfix)"),
                (RESULTS, f"{OURS}; spf=fail smtp.mailfrom=evil.example"),
                (RECEIVED, f"from y by {OURS}"),
                (RESULTS, GOOD),
            ),
            False,
            id="a forged trace below the relay's word",
        ),
        pytest.param(OURS, ((RESULTS, GOOD.replace(OURS, f"{OURS}.evil.example")),), None, id="a name like ours"),
        pytest.param("*.yandex.net", ((RESULTS, GOOD.replace(OURS, "evil-yandex.net")),), None, id="not of that house"),
    ],
)
def test_only_what_our_own_relays_added_counts(
    authserv_id: str, fields: tuple[tuple[str, str], ...], verified: bool | None
) -> None:
    assert authentication(trail(*fields), authserv_id).verified is verified


def test_it_is_carried_over_and_forgotten(tmp_path: Path) -> None:
    with a_desk(tmp_path, SETTINGS) as desk:
        row = desk.receive(mail(Authentication_Results=GOOD), door="imap")
    url, other = databases.sqlite(tmp_path / "desk.db"), databases.sqlite(tmp_path / "other.db")
    export(url, str(tmp_path / "out"), secrets=False)
    open_store(other).close()
    import_(other, str(tmp_path / "out"))
    copy = open_store(other)
    with copy.read() as tx:
        assert tx.messages.of(row.ticket or 0)[0].authentication.verified
    copy.close()
    forget(other, "olga@roscha.example", MORNING)
    assert json.dumps("verified") not in "".join(
        line for line in _messages(other, tmp_path / "again") if '"in"' in line
    )


def _messages(url: str, folder: Path) -> list[str]:
    export(url, str(folder), secrets=False)
    return (folder / "messages.jsonl").read_text("utf-8").splitlines()
