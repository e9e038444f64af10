"""Who may send what to whom: nobody through us, everybody to us."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.door import OWN, House, open_door
from tests.support.programs import require, run

FOREIGN = [
    "victim@evil.example",
    "victim%evil.example@desk.example",
    "support%evil.example@desk.example",
    "support%desk.example@evil.example",
    "@desk.example:victim@evil.example",
    "@evil.example:support@desk.example",
    "@desk.example,@evil.example:victim@other.example",
    "evil.example!victim@desk.example",
    "desk.example!victim@evil.example",
    "evil.example!victim",
    "victim@evil.example@desk.example",
    "support@desk.example@evil.example",
    '"victim@evil.example"@desk.example',
    '"victim@evil.example"',
    '"victim"@evil.example',
    '"support"@desk.example',
    '"victim%evil.example"@desk.example',
    '"support@desk.example"@evil.example',
    '"support@desk.example\\"@evil.example',
    '""@desk.example',
    "victim@[127.0.0.1]",
    "support@[127.0.0.1]",
    "victim@[IPv6:::1]",
    "victim@localhost",
    "support@localhost",
    "support@127.0.0.1",
    "victim@mx.desk.example",
    "support@mx.desk.example",
    "support@desk.example.",
    "support@.desk.example",
    "support@desk..example",
    "support@desk.example.evil.example",
    "support@evil-desk.example",
    "support@desk.examplé",
    "victim",
    "root",
    "postmaster",
    "postmaster@desk.example",
    "abuse@desk.example",
    "unknown@desk.example",
    "support+@desk.example",
    "support+x%evil.example@desk.example",
    "support+x!y@desk.example",
    "supportx@desk.example",
    "support.x@desk.example",
    "support@info@second.example",
    "help@second.example",
    "support@desk.example,victim@evil.example",
    "support@desk.example;victim@evil.example",
    "support@desk.example victim@evil.example",
    "support@desk.example\tvictim@evil.example",
    "support@desk.example\\@evil.example",
    "support@desk.example\x00@evil.example",
    "support@desk.example\r@evil.example",
    "<support@desk.example>victim@evil.example",
    "|/bin/sh",
    "/etc/passwd",
    "support@desk.example/../evil",
    "",
]
OURS = [
    "support@desk.example",
    "SUPPORT@DESK.EXAMPLE",
    "support+vd-1042.abcdefghijklmnopqrstuvwxyz@desk.example",
    "help@desk.example",
    "info@second.example",
]
SENDERS = [
    "",
    "a@client.example",
    "root",
    '"a b"@client.example',
    "bounce+a=b.example@client.example",
    "support@desk.example",
    "SRS0=HHH=TT=x.example=y@client.example",
    "prvs=1234abcd@client.example",
    "пётр@пример.рф",
    "@x.example:a@client.example",
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_door(tmp_path_factory.mktemp("relay")) as opened:
        yield opened


@pytest.mark.parametrize("address", FOREIGN)
@pytest.mark.parametrize("form", ["RCPT TO:<{}>", "RCPT TO: {}"])
def test_a_foreign_recipient_is_refused_for_good_and_nothing_is_kept(house: House, address: str, form: str) -> None:
    before = len(house.rows())
    with house.wire() as wire:
        wire.say("EHLO client.example")
        wire.say("MAIL FROM:<a@client.example>")
        assert wire.say(form.format(address))[:3] in {"501", "550", "555"}
        assert wire.say("DATA")[:3] == "503"
    assert len(house.rows()) == before


@pytest.mark.parametrize("address", OURS)
def test_our_recipients_are_taken(house: House, address: str) -> None:
    with house.data(address) as wire:
        assert wire.say(f"Subject: {address}\r\n\r\n.")[:3] == "250"
    assert house.rows()[-1].envelope.rcpt_to == (address,)


@pytest.mark.parametrize("sender", SENDERS)
def test_any_sender_may_write_and_stands_in_the_journal(house: House, sender: str) -> None:
    with house.data(sender=sender) as wire:
        assert wire.say(f"Subject: from {sender}\r\n\r\n.")[:3] == "250"
    assert house.rows()[-1].envelope.mail_from == sender


def test_a_foreign_recipient_among_ours_is_left_out(house: House) -> None:
    with house.recipient() as wire:
        assert wire.say("RCPT TO:<victim@evil.example>").startswith("550 5.7.1")
        assert wire.say("RCPT TO:<nobody@desk.example>").startswith("550 5.1.1")
        assert wire.say("RCPT TO:<help@desk.example>")[:3] == "250"
        wire.say("DATA")
        assert wire.say("Subject: mixed\r\n\r\n.")[:3] == "250"
    assert house.rows()[-1].envelope.rcpt_to == ("support@desk.example", "help@desk.example")


def test_a_hundred_recipients_and_no_more(house: House) -> None:
    with house.recipient() as wire:
        taken = [wire.say(f"RCPT TO:<support+n{n}@desk.example>")[:3] for n in range(99)]
        assert set(taken) == {"250"}
        assert wire.say("RCPT TO:<support+n99@desk.example>").startswith("452 4.5.3")
        assert wire.say("RCPT TO:<support@desk.example>")[:3] == "250"


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["MAIL FROM:<a@b.example>"], "503"),
        (["EHLO x", "RCPT TO:<support@desk.example>"], "503"),
        (["EHLO x", "DATA"], "503"),
        (["EHLO x", "MAIL FROM:<a@b>", "DATA"], "503"),
        (["EHLO x", "MAIL FROM:<a@b>", "MAIL FROM:<a@b>"], "503"),
        (["EHLO x", "MAIL FROM:<a@b>", "RCPT TO:<support@desk.example>", "RSET", "DATA"], "503"),
        (["EHLO x", "MAIL FROM:<a@b>", "RCPT TO:<support@desk.example>", "EHLO x", "DATA"], "503"),
        (["EHLO x", "MAIL FROM:<a@b>", "RCPT TO:<support@desk.example>", "DATA x"], "501"),
        (["EHLO x", "MAIL FROM:<a@b> SIZE=99999999999"], "552"),
        (["EHLO x", "MAIL FROM:<a@b> SIZE=x"], "501"),
        (["EHLO x", "MAIL FROM:<a@b> SIZE"], "501"),
        (["EHLO x", "MAIL FROM:<a@b> BODY=BINARYMIME"], "555"),
        (["EHLO x", "MAIL FROM:<a@b> AUTH=<>"], "555"),
        (["EHLO x", "MAIL FROM:<a@b> BODY=8bitmime SIZE=10 SMTPUTF8"], "250"),
        (["EHLO x", "MAIL FROM:<a@b>", "RCPT TO:<support@desk.example> NOTIFY=NEVER"], "555"),
        (["EHLO x", "AUTH PLAIN AGEAYg=="], "500"),
        (["EHLO x", "STARTTLS"], "502"),
        (["EHLO x", "VRFY support"], "252"),
        (["EHLO x", "VRFY nobody"], "252"),
        (["EHLO x", "EXPN list"], "502"),
        (["EHLO x", "HELP"], "250"),
        (["EHLO x", "NOOP"], "250"),
        (["EHLO x", "BDAT 10 LAST"], "500"),
        (["EHLO x", "ETRN evil.example"], "500"),
        (["EHLO x", "TURN"], "500"),
        (["EHLO x", "\x1b]0;x\x07"], "500"),
        (["EHLO x", "MAIL FROM:<a@b" + "x" * 3000 + ">"], "500"),
        (["HELO x", "MAIL FROM:<a@b>", "RCPT TO:<support@desk.example>", "DATA"], "354"),
        (["GET / HTTP/1.1"], "421"),
    ],
)
def test_a_command_out_of_place_is_answered_so(house: House, lines: list[str], code: str) -> None:
    with house.wire() as wire:
        assert [wire.say(line) for line in lines][-1][:3] == code


def test_ehlo_offers_what_there_is_and_no_login(house: House) -> None:
    with house.wire() as wire:
        assert wire.greeting.startswith("220 mx.desk.example ESMTP")
        offered = wire.say("EHLO x").splitlines()
    assert [line[4:] for line in offered] == ["mx.desk.example", "SIZE 26214400", "8BITMIME", "SMTPUTF8", "HELP"]


@pytest.mark.postfix
@pytest.mark.parametrize(
    ("to", "sender", "code"),
    [
        ("victim@evil.example", "a@client.example", 24),
        ("victim%evil.example@desk.example", "a@client.example", 24),
        ("@desk.example:victim@evil.example", "a@client.example", 24),
        ("nobody@desk.example", "<>", 24),
        ("victim@evil.example", "support@desk.example", 24),
        ("support@desk.example", "a@client.example", 0),
        ("support@desk.example", "<>", 0),
    ],
)
def test_swaks_delivers_to_us_only(house: House, to: str, sender: str, code: int) -> None:
    before = len(house.rows())
    said = run([require("swaks"), "--server", f"127.0.0.1:{house.port}", "--to", to, "--from", sender, "--helo", "x"])
    assert said.returncode == code, said.stdout
    assert len(house.rows()) - before == (code == 0)


def test_a_thousand_mails_to_strangers_leave_nothing_behind(house: House) -> None:
    before = len(house.rows())
    refused = 0
    for start in range(0, 1000, 50):
        with house.wire() as wire:
            wire.say("EHLO x")
            wire.say("MAIL FROM:<>")
            refused += sum(wire.say(f"RCPT TO:<u{start + n}@desk.example>").startswith("550 5.1.1") for n in range(50))
    assert refused == 1000
    assert len(house.rows()) == before


def test_the_house_has_addresses() -> None:
    assert set(OURS) >= set(OWN)
