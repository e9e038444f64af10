"""A relay on a bad day: nothing is lost, and only who was uncertain may get a letter twice."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

import pytest
from aiosmtpd.smtp import Envelope

from gateway.relay import SmtpRelay
from gateway.settings import RelaySettings
from intake.model import Delivery
from tests.support.post import Post
from tests.support.sinks import HANG_UP, Script, scripted_relay

LETTERS = 300


class BadDay:
    """30 % temporary and 5 % permanent refusals, 5 % of the answers to the final dot lost; some addresses refuse."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self.uncertain: set[str] = set()
        self.refused: set[str] = set()

    def rcpt(self, address: str) -> str:
        throw = self._dice.random()
        if throw < 0.15:
            return "450 4.2.0 later"
        if throw < 0.17:
            self.refused.add(address)
            return "550 5.1.1 never"
        return HANG_UP if throw < 0.19 else "250 ok"

    def data(self, envelope: Envelope) -> str:
        throw = self._dice.random()
        if throw < 0.15:
            return "451 4.3.0 later"
        if throw < 0.18:
            self.refused.update(envelope.rcpt_tos)
            return "554 5.7.1 never"
        if throw < 0.23:
            self.uncertain.update(envelope.rcpt_tos)
            return HANG_UP
        return "250 ok"


@pytest.mark.parametrize("seed", [1, 2])
def test_in_a_storm_every_recipient_has_his_letter_or_a_reason(store_url: str, seed: int) -> None:
    post, day = Post(store_url), BadDay(seed)
    everybody = {f"{who}{n}@x.org" for n in range(LETTERS) for who in ("a", "b")}
    post.queue_many(LETTERS, lambda n: (f"a{n}@x.org", f"b{n}@x.org"))
    script = Script(rcpt=day.rcpt, data=day.data)

    async def go() -> None:
        async with scripted_relay(script):
            relay = SmtpRelay(RelaySettings(host="127.0.0.1", port=script.port, security="none"))
            sender = post.sender(relay)
            for _ in range(200):
                await sender.deliver_due()
                if not any(row.next_try_at for row in post.letters()):
                    break
                post.clock.move(minutes=67)
            await relay.close()

    asyncio.run(asyncio.wait_for(go(), 240))
    rows = post.letters()
    post.close()
    assert not any(row.next_try_at for row in rows), "a letter still waits"
    states = {address: state for row in rows for address, state, _ in row.recipients}
    copies = Counter(address for taken in script.taken if taken.accepted for address in taken.rcpt_to)
    assert set(states) == everybody
    assert set(states.values()) <= {Delivery.SENT, Delivery.FAILED, Delivery.UNCERTAIN}
    assert {a for a, state in states.items() if state is Delivery.SENT} <= set(copies)
    assert {a for a, state in states.items() if state is Delivery.FAILED} <= day.refused
    assert everybody - set(copies) <= day.refused, "lost"
    assert {address for address, count in copies.items() if count > 1} <= day.uncertain
    assert max(copies.values()) <= 2
    assert day.uncertain, "the storm was none"
    assert day.refused
