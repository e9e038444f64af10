"""A question to a department and a bad relay: it arrives, and twice only where the relay's word was lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.relay import SmtpRelay
from gateway.sender import Sender
from gateway.settings import RelaySettings
from intake.model import Delivery
from tests.support.departments import ASKING, IT, asked, parsed
from tests.support.desks import TestDesk, a_desk, mail
from tests.support.sinks import HANG_UP, Script, scripted_relay


async def delivered(desk: TestDesk, script: Script) -> Script:
    """One look of the gateway at its outbox."""
    async with scripted_relay(script):
        relay = SmtpRelay(RelaySettings(host="127.0.0.1", port=script.port, security="none"))
        limits, settled = desk.settings.limits, desk.desk.letter_settled
        await Sender(desk.store, relay, clock=desk.clock, limits=limits, settled=settled).deliver_due()
        await relay.close()
    return script


def to_it(script: Script) -> list[bytes]:
    return [taken.data for taken in script.taken if IT in taken.rcpt_to and taken.accepted]


@pytest.mark.parametrize(
    ("trouble", "copies", "flagged"),
    [
        (Script(data=lambda _: HANG_UP), 2, True),
        (Script(data=lambda _: "451 4.3.0 not now"), 1, False),
        (Script(rcpt=lambda _: "450 4.2.0 greylisted"), 1, False),
        (Script(rcpt=lambda _: HANG_UP), 1, False),
        (Script(mail=lambda _: "421 4.3.2 going down"), 1, False),
    ],
    ids=["reply lost after the dot", "4xx after the dot", "greylisted", "hung up before DATA", "going down"],
)
def test_a_question_is_never_lost_and_repeated_only_where_it_may_have_arrived(
    tmp_path: Path, trouble: Script, copies: int, flagged: bool
) -> None:
    with a_desk(tmp_path, ASKING) as desk:
        desk.receive(mail())
        asyncio.run(delivered(desk, Script()))
        desk.desk.escalate(1001, "data_edit", "anna", "Исправьте адрес.")
        trouble.taken.clear()
        taken = to_it(asyncio.run(delivered(desk, trouble)))
        for _ in range(4):
            desk.clock.now += timedelta(minutes=16)
            taken += to_it(asyncio.run(delivered(desk, Script())))
        (row,) = asked(desk)
        assert (len(taken), row.state, row.repeated) == (copies, Delivery.SENT, flagged)
        assert len({data.replace(b"\r\n", b"\n").strip() for data in taken}) == 1
        assert str(parsed(row)["Message-ID"]).encode() in taken[-1]
        with desk.store.read() as tx:
            told = [e.kind for e in tx.tickets.events(1001)]
        assert ("letter_uncertain" in told) == flagged


def test_a_department_that_can_not_be_reached_fails_where_the_agent_sees_it(tmp_path: Path) -> None:
    with a_desk(tmp_path, ASKING) as desk:
        desk.receive(mail())
        desk.desk.escalate(1001, "data_edit", "anna", "Исправьте адрес.")
        asyncio.run(delivered(desk, Script(rcpt=lambda address: "550 5.1.1 nobody" if address == IT else "250 ok")))
        assert asked(desk)[0].state is Delivery.FAILED
        assert desk.ticket(1001).unread
        with desk.store.read() as tx:
            assert [e.before for e in tx.tickets.events(1001) if e.kind == "letter_failed"] == ["escalation"]
