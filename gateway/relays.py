"""Letters by mail, posts by Slack: one outbox, each row to the relay of its kind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from intake.letters.outcomes import Relay, Sent
from intake.letters.posting import KINDS
from intake.model import Delivery, OutboxRow

NO_SLACK = "Slack is not configured any more"


class RelayByKind:
    """See `intake.letters.outcomes.Relay`. Slack never keeps mail waiting: only the mail relay can be away."""

    def __init__(self, mail: Relay, slack: Relay | None) -> None:
        self.mail = mail
        self._slack = slack

    async def send(self, letter: OutboxRow, about_to_send: Callable[[], Awaitable[bool]]) -> Sent:
        """See `Relay.send`."""
        if letter.kind not in KINDS:
            return await self.mail.send(letter, about_to_send)
        if self._slack is None:
            return Sent(dict.fromkeys(letter.open_recipients(), (Delivery.FAILED, NO_SLACK)), NO_SLACK)
        return await self._slack.send(letter, about_to_send)

    async def check(self) -> str | None:
        """See `Relay.check`."""
        return await self.mail.check()

    async def close(self) -> None:
        """Let go of both."""
        await self.mail.close()
        if self._slack is not None:
            await self._slack.close()
