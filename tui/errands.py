"""Work that is done to its end, whatever becomes of the place where it was begun."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


class Errands:
    """One thread that changes the desk for the screen, in the order in which it was asked to.

    Textual drops a place's waiting workers when the place is left; a letter just sent, a draft just typed must not go
    with them.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="errands")

    def run(self, work: Callable[[], None]) -> None:
        """Have ``work`` done; it says itself what becomes of it. RuntimeError after `finish`."""
        self._thread.submit(work)

    def finish(self) -> None:
        """Wait until all of it is done; blocks."""
        self._thread.shutdown()
