"""The letter that was sent last from this screen, as long as it can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING

from tui.keys import shown_key

if TYPE_CHECKING:
    from intake.model import Status


@dataclass(frozen=True, slots=True)
class Sent:
    """``status`` is what the letter told of, None for a reply; ``files`` are the paths that went with it."""

    number: int
    key: str
    status: Status | None
    files: tuple[str, ...]
    until: datetime

    def waits(self, now: datetime) -> bool:
        """Whether it has not left yet."""
        return now < self.until

    def words(self, now: datetime, russian: bool) -> str:
        """ "u — вернуть письмо VD-1001, 12 с"; "" once it is too late."""
        if not self.waits(now):
            return ""
        left = ceil((self.until - now) / timedelta(seconds=1))
        return f"{shown_key('u', russian)} — вернуть письмо {self.key}, {left} с"
