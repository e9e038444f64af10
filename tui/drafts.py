"""What an agent has typed and not sent, kept in the database as it is typed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.workplace import Workplace


class Draft:
    """One text of one agent for one ticket. Called on worker threads; a slow older writing never beats a newer one."""

    def __init__(self, at: Workplace, number: int, kind: str) -> None:
        self._at, self._number, self._kind = at, number, kind
        self._lock = threading.Lock()
        self._newest = 0

    def read(self) -> str:
        """What was kept; "" for nothing."""
        with self._at.store.read() as tx:
            return tx.people.draft(self._at.agent.login, self._number, self._kind) or ""

    def keep(self, text: str, turn: int) -> None:
        """Keep a text, an empty one by removing the draft; ``turn`` grows with every call that was asked for."""
        with self._lock:
            if turn < self._newest:
                return
            login, now = self._at.agent.login, self._at.clock()
            kept = text if text.strip() else ""
            self._at.store.write(lambda tx: tx.people.keep_draft(login, self._number, self._kind, kept, now))
            self._newest = turn


def files_kind(kind: str) -> str:
    """Under which name the paths of the files are kept that go with a letter of a kind."""
    return f"{kind}_files"
