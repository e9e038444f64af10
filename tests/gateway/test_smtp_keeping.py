"""250 means kept; everything of our own making is "try again"."""

from __future__ import annotations

import smtplib
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.smtp_guests import DoorLimits
from intake.errors import StoreUnavailable
from intake.ports import Store, Transaction
from tests.support.door import House, locked, open_door
from tests.support.gateways import eventually

T = TypeVar("T")
HASTY = DoorLimits(commit=0.3)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_door(tmp_path_factory.mktemp("keeping")) as opened:
        yield opened


class Dressed:
    """The real store with one method of its own."""

    def __init__(self, real: Store, submit: Callable[[Store, Callable[[Transaction], Any]], Future[Any]]) -> None:
        self._real = real
        self._submit = submit

    def submit(self, work: Callable[[Transaction], T]) -> Future[T]:
        return self._submit(self._real, work)


def dressed(submit: Callable[[Store, Callable[[Transaction], Any]], Future[Any]]) -> Callable[[Store], Store]:
    return lambda real: cast("Store", Dressed(real, submit))


def mail(number: int | str, body: bytes = b"text") -> bytes:
    return f"Message-ID: <{number}@client.example>\r\n\r\n".encode() + body + b"\r\n"


RAWS = {
    "windows-1251 without MIME": "Subject: Не работает вход\r\n\r\nЗдравствуйте\r\n".encode("cp1251"),
    "koi8-r": "Subject: Вопрос\r\n\r\nДобрый день\r\n".encode("koi8-r"),
    "utf-8": "Subject: Вопрос 😀\r\n\r\nДобрый день\r\n".encode(),
    "every octet": b"Subject: x\r\n\r\n" + bytes(b for b in range(256) if b not in b"\r\n") * 5 + b"\r\n",
    "NUL": b"Subject: \x00\r\n\r\n\x00\x00\r\n",
    "a line of 64 KB": b"Subject: long\r\n\r\n<html>" + b"<b>x</b>" * 8192 + b"</html>\r\n",
    "a line of 3 MB": b"Subject: longer\r\n\r\n" + b"y" * 3_000_000 + b"\r\n",
    "a header of 200 KB": b"Subject: " + b"z" * 200_000 + b"\r\n\r\n",
    "dots": b"Subject: dots\r\n\r\n.\r\n..\r\n...\r\n.x\r\n. \r\nx.\r\n",
    "bare line feeds": b"Subject: lf\n\nline\nline\n.\nline\r\n",
    "bare carriage returns": b"Subject: cr\r\rline\rline\r.\rline\r\n",
    "no header at all": b"\r\nonly text\r\n",
    "no line": b"",
    "5 MB in lines": b"Subject: big\r\n\r\n" + (b"0123456789abcdef" * 4 + b"\r\n") * 80_000,
}


def dotted(raw: bytes) -> bytes:
    return (b"\r\n" + raw).replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n"


@pytest.mark.parametrize("name", RAWS)
def test_a_mail_is_kept_octet_by_octet(house: House, name: str) -> None:
    with house.data() as wire:
        wire.send(dotted(RAWS[name]))
        assert wire.reply().startswith("250 2.0.0 kept as ")
    assert house.rows()[-1].raw == RAWS[name]


def test_the_journal_tells_door_envelope_time_and_peer(tmp_path: Path) -> None:
    at = datetime(2026, 5, 8, 15, 30, tzinfo=UTC)
    with open_door(tmp_path, clock=lambda: at) as house:
        with house.data(sender="") as wire:
            assert wire.say(mail(1) + b".") == "250 2.0.0 kept as 1"
        (row,) = house.rows()
    assert (row.door, row.received_at, row.envelope.mail_from) == ("smtp", at, "")
    assert row.envelope.rcpt_to == ("support@desk.example",)
    assert house.woken == [1]


def test_smtplib_delivers_utf8_addresses_and_8bit(house: House) -> None:
    with smtplib.SMTP("127.0.0.1", house.port) as client:
        client.sendmail(
            "пётр@пример.рф", "support@desk.example", RAWS["koi8-r"] + b"utf8\r\n", ["SMTPUTF8", "BODY=8BITMIME"]
        )
    row = house.rows()[-1]
    assert row.envelope.mail_from == "пётр@пример.рф"
    assert row.raw == RAWS["koi8-r"] + b"utf8\r\n"


def test_a_repetition_is_250_again_and_one_row(house: House) -> None:
    before, woken = len(house.rows()), len(house.woken)
    answers = set()
    for _ in range(3):
        with house.data() as wire:
            answers.add(wire.say(mail("again") + b"."))
    assert len(answers) == 1
    assert len(house.rows()) - before == 1
    assert len(house.woken) - woken == 1


def test_a_mail_without_id_and_date_is_wanted_again_the_next_day(tmp_path: Path) -> None:
    days = iter([0, 0, 1])
    start = datetime(2026, 5, 8, 12, tzinfo=UTC)
    with open_door(tmp_path, clock=lambda: start + timedelta(days=next(days))) as house:
        for _ in range(3):
            with house.data() as wire:
                assert wire.say(b"Subject: disk full\r\n\r\n.")[:3] == "250"
        assert [row.received_at - start for row in house.rows()] == [timedelta(0), timedelta(days=1)]


def test_a_mail_to_two_of_our_addresses_is_one_row(house: House) -> None:
    before = len(house.rows())
    with house.recipient() as wire:
        wire.say("RCPT TO:<help@desk.example>")
        wire.say("DATA")
        wire.say(mail("two") + b".")
    (row,) = house.rows()[before:]
    assert row.envelope.rcpt_to == ("support@desk.example", "help@desk.example")


def test_an_oversize_mail_is_refused_for_good_and_the_next_one_taken(tmp_path: Path) -> None:
    with open_door(tmp_path, max_size=5000) as house, house.data() as wire:
        assert wire.say(mail(1, b"x" * 5000) + b".").startswith("552 5.3.4")
        for line in ("MAIL FROM:<a@b> SIZE=5000", "RCPT TO:<support@desk.example>", "DATA"):
            assert wire.say(line)[:1] in "23"
        assert wire.say(mail(2, b"x" * 4900) + b".")[:3] == "250"
        assert [len(row.raw) for row in house.rows()] == [len(mail(2)) + 4896]


def test_a_client_that_never_ends_an_oversize_mail_is_cut_off(tmp_path: Path) -> None:
    with open_door(tmp_path, max_size=5000) as house, house.data() as wire:
        with pytest.raises(ConnectionError):
            wire.send(b"x" * 65_000_000)
        assert house.rows() == []


def test_a_client_gone_after_the_dot_loses_nothing_and_its_retry_is_the_same_row(tmp_path: Path) -> None:
    waiting, go_on = threading.Event(), threading.Event()

    def late(real: Store, work: Callable[[Transaction], Any]) -> Future[Any]:
        def slowly(transaction: Transaction) -> Any:
            waiting.set()
            assert go_on.wait(10)
            return work(transaction)

        return real.submit(slowly)

    with open_door(tmp_path, store=dressed(late)) as house:
        wire = house.data()
        wire.send(mail("gone") + b".\r\n")
        assert waiting.wait(10)
        wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        wire.close()
        go_on.set()
        with house.data() as again:
            assert again.say(mail("gone") + b".") == "250 2.0.0 kept as 1"
        assert len(house.rows()) == 1


def test_a_client_gone_before_the_dot_leaves_nothing(house: House) -> None:
    before = len(house.rows())
    wire = house.data()
    wire.send(mail("half"))
    wire.close()
    with house.data() as other:
        assert other.say(mail("other") + b".")[:3] == "250"
    assert len(house.rows()) - before == 1


def kept_at_last(house: House) -> bool:
    """A client's next try; on a busy machine it may have to come again once more."""
    with house.data() as wire:
        answer = wire.say(mail(1) + b".")
    assert answer in ("250 2.0.0 kept as 1", "451 4.3.0 Not kept, please try again later")
    return answer.startswith("250")


def test_a_locked_database_is_try_again_and_the_retry_is_kept_once(tmp_path: Path) -> None:
    with open_door(tmp_path, limits=HASTY) as house:
        with locked(house.database):
            for _ in range(3):
                with house.data() as wire:
                    assert wire.say(mail(1) + b".") == "451 4.3.0 Not kept, please try again later"
        eventually(lambda: kept_at_last(house))
        assert len(house.rows()) == 1
        assert house.door.guests.memory == 0


def test_what_was_told_to_come_again_is_not_kept_behind_the_clients_back(tmp_path: Path) -> None:
    with open_door(tmp_path, limits=HASTY) as house:
        with locked(house.database), house.data() as wire:
            assert wire.say(mail(1) + b".")[:3] == "451"
        house.store.write(lambda transaction: transaction.notes.set_value("mark", "1"))
        assert house.rows() == []


@pytest.mark.parametrize(
    "error",
    [
        StoreUnavailable("database is locked: /var/lib/otklik/secret.db"),
        OSError(28, "No space left on /var/lib/otklik/secret.db"),
        ValueError("/var/lib/otklik/secret.db"),
        RecursionError("secret.db"),
        MemoryError(),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_any_failure_is_try_again_and_shows_nothing(tmp_path: Path, error: Exception, at_once: bool) -> None:
    def fail(real: Store, work: Callable[[Transaction], Any]) -> Future[Any]:
        if at_once:
            raise error
        failed: Future[Any] = Future()
        failed.set_exception(error)
        return failed

    with open_door(tmp_path, store=dressed(fail)) as house, house.data() as wire:
        assert wire.say(mail(1) + b".") == "451 4.3.0 Not kept, please try again later"
        assert wire.say("NOOP")[:3] == "250"
        assert house.door.guests.memory == 0


def test_one_bad_mail_does_not_spoil_its_neighbours(tmp_path: Path) -> None:
    def choosy(real: Store, work: Callable[[Transaction], Any]) -> Future[Any]:
        def keep(transaction: Transaction) -> Any:
            result = work(transaction)
            if b"poison" in transaction.journal.get(result[0]).raw:
                raise ValueError("poison")
            return result

        return real.submit(keep)

    with open_door(tmp_path, store=dressed(choosy)) as opened:
        wires = [opened.data() for _ in range(100)]
        for number, wire in enumerate(wires):
            wire.send(mail(number, b"poison" if number % 10 == 3 else b"good") + b".\r\n")
        assert [wire.reply()[:3] == "451" for wire in wires] == [number % 10 == 3 for number in range(100)]
        assert len(opened.rows()) == 90


def test_concurrent_mails_share_commits(tmp_path: Path) -> None:
    with open_door(tmp_path) as house:
        before = house.store.commits  # type: ignore[attr-defined]
        wires = [house.data() for _ in range(100)]
        for number, wire in enumerate(wires):
            wire.send(mail(number) + b".\r\n")
        assert {wire.reply()[:3] for wire in wires} == {"250"}
        made = house.store.commits - before  # type: ignore[attr-defined]
        assert len(house.rows()) == 100
        assert made < 100


def test_stop_lets_the_mail_under_way_end_and_sends_the_rest_away(tmp_path: Path) -> None:
    with open_door(tmp_path) as house:
        idle, under_way, begun = house.wire(), house.data(), house.recipient()
        under_way.send(mail("under way"))
        with ThreadPoolExecutor(1) as side:
            stopping = side.submit(house.run, house.door.stop(10))
            assert idle.replies() == ["421 4.3.2 Closing for now, please try again later"]
            assert begun.say("DATA")[:3] == "354"
            assert begun.say(mail("begun") + b".")[:3] == "250"
            assert begun.replies() == ["421 4.3.2 Closing for now, please try again later"]
            under_way.send(b"the end\r\n.\r\n")
            assert [reply[:3] for reply in under_way.replies()] == ["250", "421"]
            stopping.result(10)
        with pytest.raises(ConnectionError):
            house.wire()
        assert len(house.rows()) == 2


def test_stop_does_not_wait_longer_than_its_grace(tmp_path: Path) -> None:
    with open_door(tmp_path) as house, house.data() as wire:
        wire.send(mail("never ends"))
        house.run(house.door.stop(0.2))
        assert wire.reply() == ""
        assert house.rows() == []


def test_the_log_holds_no_text_no_people_and_no_terminal_codes(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    def fail(real: Store, work: Callable[[Transaction], Any]) -> Future[Any]:
        raise OSError("canary-path")

    with open_door(tmp_path, store=dressed(fail)) as house:
        wire = house.data("support+canary-tag@desk.example", "canary-from@client.example")
        wire.say(b"Subject: canary-subject\r\n\r\ncanary-body\r\n.")
        for line in ("\x1b]0;canary-command\x07", "AUTH PLAIN canary", "RCPT TO:<canary@evil.example>"):
            wire.say(line)
    logged = "".join(capfd.readouterr()) + caplog.text
    assert "smtp mail not kept" in logged
    assert "canary" not in logged
    assert "]0;" not in logged


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=60),
            st.sampled_from(
                [b"EHLO x", b"MAIL FROM:<a@b>", b"DATA", b"RSET", b"STARTTLS", b".", b"\r\n.\r\n", b"QUIT"]
            ),
            st.sampled_from(
                [b"RCPT TO:<x@evil.example>", b"RCPT TO:<@desk.example:x@evil.example>", b"HELP", b"VRFY x"]
            ),
        ),
        max_size=30,
    )
)
def test_noise_keeps_nothing_and_hurts_nobody(house: House, lines: list[bytes]) -> None:
    before = len(house.rows())
    with house.wire() as wire:
        wire.send(b"\r\n".join(lines) + b"\r\nQUIT\r\n")
        assert not any(reply[:3] == "451" for reply in wire.replies())
    assert len(house.rows()) == before
    with house.wire() as other:
        assert other.say("EHLO x")[:3] == "250"
