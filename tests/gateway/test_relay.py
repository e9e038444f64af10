"""Handing a letter to an SMTP relay: what was said to whom, and how far it got."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.relay import SmtpRelay, on_the_wire
from gateway.relay_lines import Waits
from gateway.settings import RelaySettings
from intake.letters.outcomes import Sent, Trouble
from intake.model import Delivery, OutboxRow
from tests.support.ports import free_port
from tests.support.post import START
from tests.support.sinks import HANG_UP, WAIT, Script, scripted_relay, smtp_sink

SENT, QUEUED, FAILED, UNCERTAIN = Delivery.SENT, Delivery.QUEUED, Delivery.FAILED, Delivery.UNCERTAIN
RAW = b"Subject: x\r\n\r\n.\r\n..dots\r\ntext\r\n"
ROW = OutboxRow(
    id=1,
    ticket=None,
    kind="reply",
    message_id="<a@b>",
    state=QUEUED,
    attempts=0,
    created_at=START,
    next_try_at=START,
    error=None,
    envelope_from="support@desk.example",
    raw=RAW,
)


def letter(*recipients: str, raw: bytes = RAW, sender: str = "support@desk.example") -> OutboxRow:
    return replace(ROW, recipients=tuple((a, QUEUED, None) for a in recipients), raw=raw, envelope_from=sender)


def plain(port: int, **options: Any) -> SmtpRelay:
    waits = Waits(connect=20, command=20, transfer=20, answer=options.pop("answer", 20))
    return SmtpRelay(RelaySettings(host="127.0.0.1", port=port, security="none", **options), waits=waits)


async def yes() -> bool:
    return True


async def no() -> bool:
    return False


def send(script: Script, row: OutboxRow, about: Callable[[], Awaitable[bool]] = yes, **options: Any) -> Sent:
    async def go() -> Sent:
        async with scripted_relay(script):
            relay = plain(script.port, **options)
            try:
                return await relay.send(row, about)
            finally:
                await relay.close()

    return asyncio.run(go())


def states(sent: Sent) -> dict[str, Delivery]:
    return {address: state for address, (state, _) in sent.outcomes.items()}


def test_the_letter_arrives_as_it_is_with_its_envelope() -> None:
    script = Script()
    sent = send(script, letter("a@x.org", "ivan@домен.рф"))
    assert states(sent) == {"a@x.org": SENT, "ivan@домен.рф": SENT}
    assert script.taken[0].data == RAW
    assert script.taken[0].mail_from == "support@desk.example"
    assert script.taken[0].rcpt_to == ("a@x.org", "ivan@xn--d1acufc.xn--p1ai")


def test_each_recipient_has_an_outcome_of_his_own() -> None:
    answers = {"later@x.org": "450 4.2.0 greylisted", "never@x.org": "550 5.1.1 unknown"}
    script = Script(rcpt=lambda address: answers.get(address, "250 ok"))
    sent = send(script, letter("a@x.org", "later@x.org", "never@x.org", "b@x.org"))
    assert states(sent) == {"a@x.org": SENT, "later@x.org": QUEUED, "never@x.org": FAILED, "b@x.org": SENT}
    assert sent.outcomes["never@x.org"][1] == "550 5.1.1 unknown"
    assert script.taken[0].rcpt_to == ("a@x.org", "b@x.org")


@pytest.mark.parametrize("answer", ["450 later", "550 never"])
def test_where_nobody_is_accepted_no_letter_leaves(answer: str) -> None:
    asked: list[bool] = []

    async def about() -> bool:
        asked.append(True)
        return True

    script = Script(rcpt=lambda _: answer)
    sent = send(script, letter("a@x.org", "b@x.org"), about)
    assert set(states(sent).values()) == {QUEUED if answer.startswith("4") else FAILED}
    assert not sent.in_flight
    assert (script.taken, asked) == ([], [])


@pytest.mark.parametrize(
    ("answer", "state", "trouble"),
    [
        ("250 ok", SENT, None),
        ("451 4.3.0 later", QUEUED, None),
        ("421 4.3.0 closing", QUEUED, None),
        ("554 5.7.1 spam", FAILED, None),
        (HANG_UP, UNCERTAIN, None),
    ],
)
def test_the_answer_to_the_final_dot_decides(answer: str, state: Delivery, trouble: Trouble | None) -> None:
    sent = send(Script(data=lambda _: answer), letter("a@x.org"))
    assert (states(sent), sent.trouble, sent.in_flight) == ({"a@x.org": state}, trouble, True)


def test_no_answer_to_the_final_dot_in_time_is_uncertain() -> None:
    sent = send(Script(data=lambda _: WAIT), letter("a@x.org"), answer=0.2)
    assert states(sent) == {"a@x.org": UNCERTAIN}


def test_a_connection_lost_before_data_is_not_uncertain() -> None:
    sent = send(
        Script(rcpt=lambda address: HANG_UP if address == "b@x.org" else "250 ok"), letter("a@x.org", "b@x.org")
    )
    assert states(sent) == {"a@x.org": QUEUED, "b@x.org": QUEUED}
    assert (sent.trouble, sent.in_flight) == (Trouble.BROKEN, False)


def test_a_letter_withdrawn_before_data_does_not_leave() -> None:
    script = Script()
    sent = send(script, letter("a@x.org"), no)
    assert (sent.trouble, dict(sent.outcomes), script.taken) == (Trouble.WITHDRAWN, {}, [])


@pytest.mark.parametrize("address", ["a@b>\r\nRCPT TO:<c@d.org", "a b@c.org", "<>", "", "a@b@c"])
def test_what_is_no_address_never_reaches_the_relay(address: str) -> None:
    named: list[str] = []

    def rcpt(value: str) -> str:
        named.append(value)
        return "250 ok"

    sent = send(Script(rcpt=rcpt), letter(address, "good@x.org"))
    assert states(sent) == {address: FAILED, "good@x.org": SENT}
    assert named == ["good@x.org"]


def test_a_relay_that_wants_a_login_says_nothing_about_the_letter() -> None:
    sent = send(Script(mail=lambda _: "530 5.7.0 authentication required"), letter("a@x.org"))
    assert (states(sent), sent.trouble) == ({"a@x.org": QUEUED}, Trouble.AWAY)


@pytest.mark.parametrize(("answer", "state"), [("451 later", QUEUED), ("550 5.7.1 not you", FAILED)])
def test_a_refused_sender_is_the_letters_fate(answer: str, state: Delivery) -> None:
    sent = send(Script(mail=lambda _: answer), letter("a@x.org"))
    assert (states(sent), sent.trouble) == ({"a@x.org": state}, None)


def test_connections_are_reused_and_a_dead_one_replaced() -> None:
    script = Script()

    async def go() -> int:
        async with scripted_relay(script):
            relay = plain(script.port)
            for _ in range(5):
                assert states(await relay.send(letter("a@x.org"), yes)) == {"a@x.org": SENT}
            reused = script.connections
            for answer in ("421 too many letters", HANG_UP):
                answers = iter([answer])
                script.mail = lambda _, answers=answers: next(answers, "250 ok")  # type: ignore[misc]
                assert states(await relay.send(letter("a@x.org"), yes)) == {"a@x.org": SENT}
            await relay.close()
            return reused

    assert asyncio.run(go()) == 1
    assert script.connections == 3
    assert len(script.taken) == 7


def test_not_more_connections_than_allowed() -> None:
    script = Script()

    async def go() -> None:
        async with scripted_relay(script):
            relay = SmtpRelay(
                RelaySettings(host="127.0.0.1", port=script.port, security="none"), waits=Waits(), connections=2
            )
            await asyncio.gather(*(relay.send(letter("a@x.org"), yes) for _ in range(12)))
            await relay.close()

    asyncio.run(go())
    assert (script.connections, len(script.taken)) == (2, 12)


def test_a_large_letter_arrives_whole() -> None:
    script = Script()
    raw = b"Subject: x\r\n\r\n" + b"." * 70 + b"\r\n" + (b"x" * 74 + b"\r\n") * 40_000
    assert states(send(script, letter("a@x.org", raw=raw))) == {"a@x.org": SENT}
    assert script.taken[0].data == raw


def test_a_large_letter_cut_off_half_way_did_not_leave() -> None:
    async def go() -> Sent:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"220 hi\r\n")
            while (line := await reader.readline()) and not line.startswith(b"DATA"):
                writer.write(b"250 ok\r\n")
            writer.write(b"354 go\r\n")
            await reader.readexactly(100_000)
            writer.transport.abort()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            relay = plain(server.sockets[0].getsockname()[1])
            return await relay.send(letter("a@x.org", raw=RAW + (b"x" * 74 + b"\r\n") * 400_000), yes)

    sent = asyncio.run(go())
    assert (states(sent), sent.trouble) == ({"a@x.org": QUEUED}, Trouble.BROKEN)


@pytest.mark.parametrize("greeting", [b"", b"554 no\r\n", b"421 busy\r\n", b"\xff\xfe\r\n", b"x" * 70_000])
def test_a_relay_that_does_not_greet_is_away(greeting: bytes) -> None:
    async def go() -> tuple[Sent, str | None]:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(greeting)
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            relay = plain(server.sockets[0].getsockname()[1])
            return await relay.send(letter("a@x.org"), yes), await relay.check()

    sent, why = asyncio.run(go())
    assert (states(sent), sent.trouble) == ({"a@x.org": QUEUED}, Trouble.AWAY)
    assert why


def test_nobody_listening_is_away() -> None:
    port = free_port()
    sent = asyncio.run(plain(port).send(letter("a@x.org"), yes))
    assert (states(sent), sent.trouble) == ({"a@x.org": QUEUED}, Trouble.AWAY)
    assert str(port) in str(sent.error)


@pytest.mark.postfix
@pytest.mark.parametrize(
    ("options", "state", "trouble"),
    [
        (("-r", "MAIL"), QUEUED, None),
        (("-r", "RCPT"), QUEUED, None),
        (("-r", "DATA"), QUEUED, None),
        (("-r", "."), QUEUED, None),
        (("-f", "MAIL"), FAILED, None),
        (("-f", "RCPT"), FAILED, None),
        (("-f", "DATA"), FAILED, None),
        (("-f", "."), FAILED, None),
        (("-Q", "CONNECT"), QUEUED, Trouble.AWAY),
        (("-Q", "EHLO"), QUEUED, Trouble.AWAY),
        (("-Q", "MAIL"), QUEUED, None),
        (("-Q", "RCPT"), QUEUED, None),
        (("-Q", "DATA"), QUEUED, None),
        (("-Q", "."), QUEUED, None),
        (("-q", "CONNECT"), QUEUED, Trouble.AWAY),
        (("-q", "MAIL"), QUEUED, Trouble.BROKEN),
        (("-q", "RCPT"), QUEUED, Trouble.BROKEN),
        (("-q", "DATA"), QUEUED, Trouble.BROKEN),
        (("-q", "."), UNCERTAIN, None),
        (("-f", "EHLO"), SENT, None),
        (("-W", ".:1"), SENT, None),
        (("-8", "-e"), SENT, None),
    ],
    ids=str,
)
def test_what_smtp_sink_does_is_understood(options: tuple[str, str], state: Delivery, trouble: Trouble | None) -> None:
    async def go(port: int) -> Sent:
        relay = plain(port)
        sent = await relay.send(letter("a@x.org"), yes)
        await relay.close()
        return sent

    with smtp_sink(*options) as port:
        sent = asyncio.run(go(port))
    assert (states(sent), sent.trouble) == ({"a@x.org": state}, trouble)


@given(st.lists(st.sampled_from([b".", b"\r", b"\n", b"\r\n", b"x", b".."]), max_size=12))
def test_the_wire_has_one_end_only(pieces: list[bytes]) -> None:
    raw = b"".join(pieces)
    wire = on_the_wire(raw)
    assert wire.endswith(b"\r\n")
    assert wire.count(b"\r") == wire.count(b"\n") == wire.count(b"\r\n")
    lines = wire.split(b"\r\n")[:-1]
    assert b"." not in lines
    unstuffed = b"\r\n".join(line.removeprefix(b".") for line in lines)
    meant = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    assert unstuffed == meant.removesuffix(b"\r\n")


def test_an_answer_is_shown_as_one_printable_line() -> None:
    sent = send(Script(data=lambda _: "554 5.7.1 no\x1b[2J thanks"), letter("a@x.org"))
    assert sent.error is not None
    assert sent.error.isprintable()
