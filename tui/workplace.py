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
    from intake.forms import FilledForm
    from intake.mailroom import Mailroom
    from intake.ports import Store
    from intake.regulations import Regulations
    from intake.snippets import Snippet, SnippetWords


@dataclass(frozen=True, slots=True)
class Canned:
    """Canned answers: those that are shipped, and how one is filled in (raises Refused)."""

    shipped: Callable[[], list[Snippet]]
    render: Callable[[str, SnippetWords], str]


NOTHING_CANNED = Canned(list, lambda text, _: text)


@dataclass(frozen=True, slots=True)
class Workplace:
    """``greeting`` is said once at the start; ``title`` stands at the top left; ``mailroom`` is what «Почта» shows.
    ``open_for`` opens a ticket on a licensee's behalf for an agent's login, and says its number; None where this screen
    cannot."""

    store: Store
    desk: Desk
    regulations: Regulations
    settings: DeskSettings
    clock: Callable[[], datetime]
    agent: Agent
    greeting: str = ""
    title: str = "Отклик"
    mailroom: Mailroom | None = None
    canned: Canned = NOTHING_CANNED
    open_for: Callable[[FilledForm, str], int] | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The desk's zone."""
        return ZoneInfo(self.settings.timezone)
