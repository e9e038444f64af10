"""What the screen is handed: a desk and who sits at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from intake.model import Agent
from intake.settings import DeskSettings

if TYPE_CHECKING:
    from intake.desk import Desk
    from intake.mailroom import Mailroom
    from intake.ports import Store
    from intake.regulations import Regulations


@dataclass(frozen=True, slots=True)
class Workplace:
    """``greeting`` is said once at the start; ``title`` stands at the top left; ``mailroom`` is what «Почта» shows."""

    store: Store
    desk: Desk
    regulations: Regulations
    settings: DeskSettings
    clock: Callable[[], datetime]
    agent: Agent
    greeting: str = ""
    title: str = "Отклик"
    mailroom: Mailroom | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The desk's zone."""
        return ZoneInfo(self.settings.timezone)
