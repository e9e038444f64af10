"""SIGKILL in a loop under retrying clients: nothing is lost, nothing doubled, every ticket has its letter."""

from __future__ import annotations

import random
import time
from pathlib import Path

from tests.support.gateways import Gateway, relay
from tests.support.storms import Clients, assert_each_mail_became_one_ticket_with_one_letter, settled

MAILS, CLIENTS, KILLS = 240, 8, 12


def test_kills_under_load_lose_and_double_nothing(tmp_path: Path, store_url: str) -> None:
    seed = 20261122
    chance = random.Random(seed)
    with relay() as sink:
        desk = Gateway(tmp_path, sink.port, '[limits]\nuncertain_pause = "1s"\n', store_url)
        desk.start()
        with Clients(MAILS, CLIENTS, [desk.smtp_port]):
            for _ in range(KILLS):
                time.sleep(chance.uniform(0.2, 1.0))
                desk.kill()
                desk.start()
        try:
            settled(desk)
            assert_each_mail_became_one_ticket_with_one_letter(desk, sink, MAILS)
        finally:
            desk.stop()
