"""The database server crashes in a loop under load: nothing is lost, nothing doubled, and the gateway heals."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.support import databases
from tests.support.gateways import Gateway, relay
from tests.support.postgres import cluster
from tests.support.storms import Clients, assert_each_mail_became_one_ticket_with_one_letter, settled

pytestmark = pytest.mark.postgres
CLIENTS, PAUSE, RESTARTS = 8, 0.1, 8


def test_crashes_of_the_server_lose_and_double_nothing(tmp_path: Path) -> None:
    with cluster() as server, databases.postgresql(server) as url, relay() as sink:
        desk = Gateway(tmp_path, sink.port, '[limits]\nuncertain_pause = "1s"\n', url)
        desk.start()
        with Clients(None, CLIENTS, [desk.smtp_port], PAUSE) as clients:
            for _ in range(RESTARTS):
                time.sleep(1.0)
                server.restart("immediate")
        try:
            settled(desk)
            assert_each_mail_became_one_ticket_with_one_letter(desk, sink, len(clients.delivered))
            assert len(clients.delivered) > RESTARTS * CLIENTS, "it was no storm"
            assert desk.process is not None
            assert desk.process.poll() is None
        finally:
            desk.stop()
