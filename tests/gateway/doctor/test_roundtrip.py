"""`otklik doctor` as a command, and its two mails through a relay and back, as relays and providers treat them."""

from __future__ import annotations

import json
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from gateway.doctor.roundtrip import roundtrip
from tests.conftest import Otklik
from tests.gateway.doctor.patients import patient
from tests.support.dovecot import PASSWORD, dovecot
from tests.support.gateways import DESK, Gateway, Relay

Deliver = Callable[[str, bytes], None]


class Forwarder(Relay):
    """A relay whose mail for the desk really gets there."""

    deliver: Deliver

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "+" in address and getattr(self, "refuses_plus", False):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        for address in envelope.rcpt_tos:
            self.deliver(address, envelope.content)
        return "250 taken"


@contextmanager
def forwarder(deliver: Deliver, refuses_plus: bool = False) -> Iterator[Forwarder]:
    made = Forwarder()
    made.deliver = deliver
    made.refuses_plus = refuses_plus  # type: ignore[attr-defined]
    made.start()
    try:
        yield made
    finally:
        made.stop()


def to_door(desk: list[Gateway], change: Callable[[bytes], bytes] = lambda raw: raw, plus: bool = True) -> Deliver:
    """Delivers at the desk's SMTP door; without ``plus`` mail to such addresses vanishes."""

    def deliver(address: str, raw: bytes) -> None:
        if plus or "+" not in address:
            with smtplib.SMTP("127.0.0.1", desk[0].smtp_port, timeout=20) as client:
                client.sendmail(DESK, [address], change(raw))

    return deliver


def examined(desk: Gateway, wait: int) -> list[tuple[str, str]]:
    """What the command says about the way there and back."""
    done = desk.cli("doctor", "--roundtrip", "--wait", str(wait), "--json", check=False)
    findings = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == int(any(one["level"] == "fail" for one in findings))
    return [(one["level"], f"{one['what']}; {one['todo']}") for one in findings if one["name"] == "roundtrip"]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Callable[[int], Gateway]]:
    made: list[Gateway] = []

    def start(relay_port: int) -> Gateway:
        made.append(Gateway(tmp_path, relay_port))
        made[-1].start()
        return made[-1]

    yield start
    for gateway in made:
        gateway.stop()


def test_addresses_and_ids_that_survive_are_said_and_nobody_is_written_to(desk: Callable[[int], Gateway]) -> None:
    there: list[Gateway] = []
    with forwarder(to_door(there)) as relay:
        there.append(desk(relay.port))
        said = examined(there[0], 30)
        assert [level for level, _ in said] == ["ok", "ok"], said
        assert there[0].json("tickets") == []
        assert there[0].json("outbox", "list") == []
        assert {row["disposition"] for row in there[0].json("journal", "list")} <= {"ignored", "new"}


def test_plus_addresses_that_vanish_ask_for_plain_ones(desk: Callable[[int], Gateway]) -> None:
    there: list[Gateway] = []
    with forwarder(to_door(there, plus=False)) as relay:
        there.append(desk(relay.port))
        said = examined(there[0], 5)
    assert [level for level, _ in said] == ["fail", "ok"]
    assert 'reply_address = "plain"' in said[0][1]


def test_plus_addresses_that_are_refused_ask_for_plain_ones(desk: Callable[[int], Gateway]) -> None:
    there: list[Gateway] = []
    with forwarder(to_door(there), refuses_plus=True) as relay:
        there.append(desk(relay.port))
        said = examined(there[0], 30)
    assert [level for level, _ in said] == ["fail", "ok"]
    assert "no such user" in said[0][1]
    assert 'reply_address = "plain"' in said[0][1]


def test_a_relay_that_changes_message_ids_is_told(desk: Callable[[int], Gateway]) -> None:
    there: list[Gateway] = []
    with forwarder(to_door(there, lambda raw: raw.replace(b"<doctor.", b"<changed."))) as relay:
        there.append(desk(relay.port))
        said = examined(there[0], 30)
    assert [level for level, _ in said] == ["ok", "warn"]
    assert "<changed." in said[1][1]


def test_mail_that_does_not_come_back_is_a_failure(desk: Callable[[int], Gateway]) -> None:
    with forwarder(lambda _address, _raw: None) as relay:
        assert [level for level, _ in examined(desk(relay.port), 2)] == ["fail"]


@pytest.mark.dovecot
def test_mail_that_comes_back_to_a_mailbox_is_found_there(tmp_path: Path) -> None:
    with dovecot("support") as server, forwarder(lambda _address, raw: server.deliver("support", [raw])) as relay:
        box = {"host": "127.0.0.1", "port": server.tls_port, "username": "support", "password": PASSWORD}
        relays = {"host": "127.0.0.1", "port": relay.port, "security": "none"}
        settings: dict[str, Any] = {"relay": relays, "imap": [{**box, "ca_file": server.ca_file}]}
        findings = list(roundtrip(patient(tmp_path, **settings), 30, lambda _: None))
        assert [one.level for one in findings] == ["ok", "ok"]
        assert server.count("support", criteria="UNSEEN") == 2


def test_without_a_relay_there_is_no_way(otklik: Otklik) -> None:
    done = otklik("doctor", "--roundtrip")
    assert done.code == 1
    assert "fail  roundtrip:" in done.out


def test_a_fresh_machine_has_nothing_that_fails(otklik: Otklik) -> None:
    done = otklik("doctor", env={"OTKLIK_SMTP__PORT": "0", "OTKLIK_WEB__PORT": "0"})
    assert (done.code, done.err) == (0, "")
    assert list(otklik.folder.iterdir()) == []


def test_a_wrong_configuration_is_a_line_too_and_exit_2(otklik: Otklik) -> None:
    (otklik.folder / "otklik.toml").write_text("[desk]\naddress = 7\n", encoding="utf-8")
    done = otklik("doctor", "--json")
    assert done.code == 2
    assert json.loads(done.out)["level"] == "fail"


def test_a_failure_is_exit_1(otklik: Otklik) -> None:
    done = otklik("doctor", env={"OTKLIK_STORAGE__URL": "postgresql://otklik@127.0.0.1:1/otklik"})
    assert done.code == 1
    assert "fail  database: postgresql://otklik@127.0.0.1:1/otklik" in done.out
