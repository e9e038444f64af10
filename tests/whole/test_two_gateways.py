"""Two gateways on one PostgreSQL database: each mail once, though both work on it and are killed."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import databases
from tests.support.gateways import Gateway, relay
from tests.support.postgres import Cluster
from tests.support.storms import Clients, assert_each_mail_became_one_ticket_with_one_letter, settled

pytestmark = pytest.mark.postgres
MAILS, CLIENTS, KILLS = 240, 8, 4


@pytest.fixture
def url(postgres: Cluster) -> Iterator[str]:
    with databases.postgresql(postgres) as made:
        yield made


def test_two_gateways_process_every_mail_once(tmp_path: Path, url: str) -> None:
    seed = 20261123
    chance = random.Random(seed)
    with relay() as sink:
        desks = [Gateway(folder(tmp_path, n), sink.port, '[limits]\nuncertain_pause = "1s"\n', url) for n in (1, 2)]
        for desk in desks:
            desk.start()
        with Clients(MAILS, CLIENTS, [desk.smtp_port for desk in desks]):
            for _ in range(KILLS):
                time.sleep(chance.uniform(0.2, 0.8))
                desks[1].kill()
                desks[1].start()
        for desk in desks:
            desk.kill()
        desks[0].start()
        try:
            settled(desks[0])
            assert_each_mail_became_one_ticket_with_one_letter(desks[0], sink, MAILS)
        finally:
            desks[0].stop()


def folder(place: Path, number: int) -> Path:
    """Where a gateway has its own files."""
    made = place / str(number)
    made.mkdir()
    return made
