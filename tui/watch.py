"""Learning of changes that anybody made: a thread that asks the store for its mark."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intake.ports import Store

EVERY = 0.5


class Watch:
    """Calls ``changed`` on its own thread whenever the store's mark has moved, ``trouble`` once the store cannot be
    asked. Calls are at least ``EVERY`` seconds apart, however much happens."""

    def __init__(self, store: Store, changed: Callable[[], object], trouble: Callable[[bool], object]) -> None:
        self._store, self._changed, self._trouble = store, changed, trouble
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="otklik-watch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; returns when the thread has."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def _run(self) -> None:
        known: int | None = None
        broken = False
        while not self._ended.is_set():
            try:
                mark = self._store.change_mark()
            except Exception:
                if not broken:
                    broken = True
                    self._trouble(True)
            else:
                if broken:
                    broken = False
                    self._trouble(False)
                if known is not None and mark != known:
                    self._changed()
                known = mark
            self._ended.wait(EVERY)
