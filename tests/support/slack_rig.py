"""A desk with a Slack: posts leave through the real sender and the real SDK, and threads are heard."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from gateway.relays import RelayByKind
from gateway.sender import Sender
from gateway.settings import SlackSettings
from gateway.slack_client import web_client
from gateway.slack_ears import SlackEars
from gateway.slack_relay import SlackRelay
from intake.escalations import Escalation
from intake.letters.outcomes import Sent
from intake.model import Delivery, Direction, OutboxRow, TicketMessage
from intake.settings import DeskSettings
from tests.support import databases
from tests.support.departments import ASKING
from tests.support.desks import MovedClock, TestDesk, a_desk, mail
from tests.support.slack_server import SlackServer, slack_server


class PostBox:
    """Takes every letter at once."""

    async def send(self, letter: OutboxRow, about_to_send: Any) -> Sent:
        return Sent(dict.fromkeys(letter.open_recipients(), (Delivery.SENT, None)))

    async def check(self) -> str | None:
        return None

    async def close(self) -> None:
        """Nothing."""


@dataclass
class Rig:
    """A desk with a Slack."""

    desk: TestDesk
    slack: SlackServer
    url: str
    relay: SlackRelay | None = None
    """One that lives on; otherwise each delivery has its own, as after a restart."""
    off: bool = False
    """Whether the gateway was started again without [slack]."""

    def settings(self) -> SlackSettings:
        return SlackSettings(bot_token="xoxb-1", app_token="xapp-1", base_url=self.slack.base_url)

    def deliver(self, timeout: float = 2) -> None:
        """Send what is due, as the gateway does; ``timeout`` is how many seconds Slack has for an answer."""

        async def once() -> None:
            client = web_client(self.settings(), timeout=cast(int, timeout))
            slack = self.relay or SlackRelay(client, self.desk.store)
            relay = RelayByKind(PostBox(), None if self.off else slack)
            sender = Sender(
                self.desk.store,
                relay,
                clock=self.desk.clock,
                limits=self.desk.settings.limits,
                settled=self.desk.desk.letter_settled,
            )
            await sender.deliver_due()

        asyncio.run(once())

    def ears(self, look_every: float = 3600) -> SlackEars:
        """What hears Slack, not started yet."""
        parts = cast(Any, SimpleNamespace(store=self.desk.store, desk=self.desk.desk, clock=self.desk.clock))
        return SlackEars(parts, web_client(self.settings()), "xapp-1", look_every=look_every, ping_every=0.2)

    def ask(self, text: str = "Можно ли?", topic: str = "legal") -> None:
        self.desk.desk.escalate(1001, topic, "anna", text)
        self.deliver()

    def row(self) -> OutboxRow:
        return next(row for row in self.desk.letters() if row.kind == "slack")

    def escalation(self) -> Escalation:
        with self.desk.store.read() as tx:
            return tx.escalations.of(1001)[0]

    def heard(self) -> list[TicketMessage]:
        with self.desk.store.read() as tx:
            return [m for m in tx.messages.of(1001) if m.direction is Direction.DEPT_IN]


@contextmanager
def a_rig(place: Path | str, clock: MovedClock | None = None, settings: DeskSettings = ASKING) -> Iterator[Rig]:
    """With one ticket, about which nobody was asked yet."""
    url = place if isinstance(place, str) else databases.sqlite(place / "desk.db")
    with slack_server() as slack, a_desk(url, replace(settings, slack=True), clock) as desk:
        desk.receive(mail())
        yield Rig(desk, slack, url)
