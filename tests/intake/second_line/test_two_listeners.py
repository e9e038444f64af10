"""Two gateways on one PostgreSQL hear the same reply in Slack, one by its socket and one by looking."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from intake.desk import Desk
from intake.desk.listening import SlackReply
from intake.escalations import Post
from intake.letters.writing import LetterWriter
from intake.model import Direction
from intake.regulations import Regulations
from storage import open_store
from templates import render_letter
from tests.support import databases
from tests.support.departments import ASKING
from tests.support.desks import TestDesk, a_desk, mail
from tests.support.postgres import Cluster

pytestmark = pytest.mark.postgres
REPLIES = 15
ROOT = ("C0LEGAL01", "1.000001")


@pytest.fixture
def url(postgres: Cluster) -> Iterator[str]:
    with databases.postgresql(postgres) as made:
        yield made


def test_a_reply_heard_by_both_at_once_is_one_message_and_one_answer(url: str) -> None:
    with a_desk(url, replace(ASKING, slack=True)) as desk:
        desk.receive(mail())
        desk.desk.escalate(1001, "legal", "anna", "Можно?")
        desk.store.write(lambda tx: tx.escalations.posted(Post(1, "<p>", *ROOT, ROOT[1])))
        other = open_store(url)
        try:
            hear_at_once(desk, another_gateway(desk, other))
        finally:
            other.close()
        with desk.store.read() as tx:
            heard = [m.text for m in tx.messages.of(1001) if m.direction is Direction.DEPT_IN]
            kinds = [e.kind for e in tx.tickets.events(1001)]
        assert sorted(heard) == sorted(f"Ответ {n}" for n in range(REPLIES))
        assert (kinds.count("dept_answered"), kinds.count("dept_wrote")) == (1, REPLIES - 1)


def another_gateway(desk: TestDesk, store: object) -> Desk:
    """The same desk in another process: a connection of its own."""
    regulations = Regulations(store, desk.settings.timezone)  # type: ignore[arg-type]
    writer = LetterWriter(desk.settings, desk.signer, render_letter)
    return Desk(store, regulations, writer, desk.settings, desk.clock)  # type: ignore[arg-type]


def hear_at_once(desk: TestDesk, second: Desk) -> None:
    together = Barrier(2)

    def hear(gateway: Desk) -> list[bool]:
        found = []
        for n in range(REPLIES):
            at = desk.clock() + timedelta(seconds=n)
            said = SlackReply(*ROOT, f"2.{n:06}", "Юлия Правова", f"Ответ {n}", at)
            together.wait(20)
            found.append(gateway.slack_said(said))
        return found

    with ThreadPoolExecutor(2) as pool:
        heard = list(pool.map(hear, (desk.desk, second)))
    assert [sorted(pair) for pair in zip(*heard, strict=True)] == [[False, True]] * REPLIES
