"""``otklik intake``: pipes, files, mailboxes; 75 when nothing was kept."""

from __future__ import annotations

import mailbox
import sqlite3
from pathlib import Path

import pytest

from tests.support.desks import mail
from tests.support.gateways import Gateway


@pytest.fixture
def desk(tmp_path: Path) -> Gateway:
    return Gateway(tmp_path, None)


def test_a_mail_on_stdin_is_a_ticket_at_once(desk: Gateway) -> None:
    desk.cli("intake", "-", stdin=mail())
    (ticket,) = desk.json("tickets")
    assert ticket["subject"] == "Не открывается витрина"
    assert [row["state"] for row in desk.json("outbox", "list")] == ["queued"]


def test_the_same_mail_again_is_kept_once(desk: Gateway) -> None:
    desk.cli("intake", "-", stdin=mail())
    desk.cli("intake", "-", stdin=mail())
    assert len(desk.json("journal", "list")) == 1


def test_files_mbox_and_maildir(desk: Gateway, tmp_path: Path) -> None:
    one = tmp_path / "one.eml"
    one.write_bytes(mail("Один", message_id="<1@x.example>"))
    box = mailbox.mbox(tmp_path / "two.mbox")
    for n in (2, 3):
        box.add(mail(f"Письмо {n}", body=f"From here it breaks {n}.\nFrom there too.", message_id=f"<{n}@x.example>"))
    box.close()
    folder = mailbox.Maildir(tmp_path / "maildir")
    folder.add(mail("Четыре", message_id="<4@x.example>"))
    desk.cli("intake", str(one), str(tmp_path / "two.mbox"), str(tmp_path / "maildir"))
    assert {t["subject"] for t in desk.json("tickets")} == {"Один", "Письмо 2", "Письмо 3", "Четыре"}
    whole = desk.json("ticket", "1002")[0]
    assert whole["messages"][0]["text"].startswith("From here it breaks 2.\nFrom there too.")


def test_time_of_arrival_can_be_given(desk: Gateway) -> None:
    desk.cli("intake", "-", "--received-at", "2026-05-08T18:30:00+03:00", stdin=mail())
    (ticket,) = desk.json("tickets")
    assert ticket["reaction_due"] == "2026-05-12T10:30:00+03:00"


def test_the_null_return_path_is_understood(desk: Gateway) -> None:
    desk.cli("intake", "-", "--from", "<>", stdin=mail("Undelivered Mail Returned to Sender", "user unknown"))
    assert desk.json("outbox", "list") == []


def test_what_cannot_be_kept_is_exit_75(desk: Gateway, tmp_path: Path) -> None:
    desk.cli("intake", "-", stdin=mail())
    locked = sqlite3.connect(tmp_path / "desk.db", isolation_level=None)
    locked.execute("BEGIN IMMEDIATE")
    try:
        done = desk.cli("intake", "-", stdin=mail("Второе", message_id="<2@x.example>"), check=False)
    finally:
        locked.rollback()
        locked.close()
    assert done.returncode == 75
    desk.cli("intake", "-", stdin=mail("Второе", message_id="<2@x.example>"))
    assert len(desk.json("tickets")) == 2


def test_a_broken_configuration_is_exit_75_too(desk: Gateway) -> None:
    desk.config.write_text("[desk]\naddress = 7\n", encoding="utf-8")
    assert desk.cli("intake", "-", stdin=mail(), check=False).returncode == 75


def test_no_such_file_is_said(desk: Gateway) -> None:
    done = desk.cli("intake", "nowhere.eml", check=False)
    assert done.returncode == 1
    assert b"nowhere.eml" in done.stderr
