"""From the client's mail program to the letter in his mailbox and back, on real servers and the real command."""

from __future__ import annotations

import email
import email.policy
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.support.gateways import DESK, Gateway, Relay, eventually, gateway, relay
from tests.support.programs import require, run

EML = Path(__file__).resolve().parents[1] / "data" / "eml"
KINDS = (
    "05_new_outlook_wordhtml_koi8r_qp.eml",
    "04_new_outlook_text_win1251_8bit.eml",
    "17_new_html_only_win1251_qp.eml",
    "10_new_attachments_rfc2231.eml",
)


@pytest.fixture
def sink() -> Iterator[Relay]:
    with relay() as made:
        yield made


@pytest.fixture
def desk(tmp_path: Path, sink: Relay, store_url: str) -> Iterator[Gateway]:
    with gateway(tmp_path, sink.port, url=store_url) as made:
        yield made


def parsed(raw: bytes) -> EmailMessage:
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def deliver(desk: Gateway, raw: bytes, sender: str, to: str = DESK) -> None:
    with smtplib.SMTP("127.0.0.1", desk.smtp_port, timeout=30) as client:
        client.sendmail(sender, [to], raw)


@pytest.mark.postfix
def test_swaks_delivers_and_gets_an_acknowledgement(desk: Gateway, sink: Relay) -> None:
    swaks = require("swaks")
    done = run(
        [
            swaks,
            "--server",
            f"127.0.0.1:{desk.smtp_port}",
            "--from",
            "olga@roscha.example",
            "--to",
            DESK,
            "--header",
            "Subject: Login does not work",
            "--body",
            "Since this morning nobody can log in: error 500.",
        ]
    )
    assert done.returncode == 0, done.stdout
    letter = parsed(eventually(lambda: sink.to("olga@roscha.example"), what="the letter")[0])
    (ticket,) = desk.json("tickets")
    assert letter["Subject"] == f"[{ticket['key']}] Login does not work"
    assert eventually(lambda: desk.json("tickets")[0]["acknowledged_at"], what="the acknowledgement")


def test_mail_programs_of_all_kinds_open_a_ticket(desk: Gateway, sink: Relay) -> None:
    for number, file in enumerate(KINDS, 1001):
        raw = (EML / file).read_bytes()
        sender = parsed(raw)["From"].addresses[0].addr_spec
        deliver(desk, raw, sender)
        letter = parsed(eventually(lambda sender=sender: sink.to(sender), what="the letter")[0])  # type: ignore[misc]
        whole = desk.json("ticket", str(number))[0]
        assert any("а" <= c <= "я" for c in whole["messages"][0]["text"])
        assert letter["X-Otklik-Ticket"] == whole["key"]


def test_threads_hold_both_ways(desk: Gateway, sink: Relay, tmp_path: Path) -> None:
    """Client, desk, client again: one ticket; the desk's answer lands in the client's thread."""
    raw = (EML / "01_new_gmail_utf8_base64.eml").read_bytes()
    sender = parsed(raw)["From"].addresses[0].addr_spec
    deliver(desk, raw, sender)
    eventually(lambda: sink.to(sender), what="the acknowledgement")
    answer = tmp_path / "answer.txt"
    answer.write_text("Добрый день! Проверьте, пожалуйста.", encoding="utf-8")
    desk.cli("reply", "1001", "--text-file", str(answer), "--as", "anna")
    eventually(lambda: len(sink.to(sender)) == 2, what="the reply")
    acknowledgement, reply = map(parsed, sink.to(sender))
    assert reply["In-Reply-To"] == parsed(raw)["Message-ID"]
    assert acknowledgement["Message-ID"] in reply["References"]
    back = EmailMessage()
    back["From"], back["To"], back["Subject"] = sender, reply["Reply-To"], f"Re: {reply['Subject']}"
    back["Message-ID"], back["In-Reply-To"] = "<back@client.example>", reply["Message-ID"]
    back.set_content("Всё работает, спасибо!")
    deliver(desk, back.as_bytes(), sender, to=reply["Reply-To"].addresses[0].addr_spec)
    eventually(lambda: len(desk.json("ticket", "1001")[0]["messages"]) == 4, what="the client's answer")
    assert len(desk.json("tickets")) == 1
    assert len(sink.to(sender)) == 2


def test_a_relay_that_is_away_loses_nothing(desk: Gateway, sink: Relay) -> None:
    sink.stop()
    for n in range(5):
        raw = b"From: c%d@x.example\r\nMessage-ID: <%d@x.example>\r\nSubject: help\r\n\r\nHow do I set up %d?\r\n" % (
            n,
            n,
            n,
        )
        deliver(desk, raw, f"c{n}@x.example")
    eventually(
        lambda: len([t for t in desk.json("outbox", "list") if t["state"] == "queued"]) == 5, what="five letters"
    )
    sink.start()
    eventually(lambda: len(sink.letters) >= 5, seconds=90, what="the letters after the relay came back")
    eventually(lambda: {row["state"] for row in desk.json("outbox", "list")} == {"sent"}, what="all sent")
    assert sorted(rcpt for _, (rcpt,), _ in sink.letters) == [f"c{n}@x.example" for n in range(5)]


def test_without_a_relay_letters_are_files(tmp_path: Path) -> None:
    with gateway(tmp_path) as desk:
        deliver(desk, b"From: c@x.example\r\nSubject: help\r\n\r\nHow do I set this up?\r\n", "c@x.example")
        (file,) = eventually(lambda: list((tmp_path / "outbox").glob("*.eml")), what="the file")
        assert parsed(file.read_bytes())["To"] == "c@x.example"
        assert file.stat().st_mode & 0o077 == 0


def test_sigterm_drains_and_ends_in_time(desk: Gateway) -> None:
    assert desk.stop() == 0


def test_a_second_gateway_on_the_same_file_is_refused(tmp_path: Path, sink: Relay) -> None:
    with gateway(tmp_path, sink.port) as desk:
        done = desk.cli("serve", check=False)
    assert done.returncode == 2
    assert b"another gateway" in done.stderr
